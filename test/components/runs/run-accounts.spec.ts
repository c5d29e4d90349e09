import { expect } from "chai";
import { throughS3 } from "../../../components/runs/run-accounts.js";

describe("A key that is used through S3 alone", () => {
  it("has S3 by both suffixes in China, and by one elsewhere", () => {
    const services = (partition: "aws" | "aws-cn" | "aws-us-gov") =>
      throughS3(partition).StringLike["kms:ViaService"];
    expect(services("aws")).to.deep.equal(["s3.*.amazonaws.com"]);
    expect(services("aws-us-gov")).to.deep.equal(["s3.*.amazonaws.com"]);
    expect(services("aws-cn")).to.deep.equal(["s3.*.amazonaws.com", "s3.*.amazonaws.com.cn"]);
  });
});
