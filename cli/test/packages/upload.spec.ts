import { expect } from "chai";
import { S3Client } from "@aws-sdk/client-s3";
import { addressOf, s3Bucket } from "../../packages/upload.js";

describe("s3Bucket", () => {
  /** A client that answers instead of AWS, and what it was asked. */
  const client = (answer: (input: Record<string, unknown>) => unknown) => {
    const requests: Record<string, unknown>[] = [];
    const s3 = new S3Client({ region: "eu-central-1" });
    s3.middlewareStack.add(
      () => async (given) => {
        const input = given.input as unknown as Record<string, unknown>;
        requests.push(input);
        return Promise.resolve({ output: answer(input) as never, response: {} });
      },
      { step: "initialize", priority: "high" },
    );
    return { s3, requests };
  };

  it("lists all pages, of a bucket that must be the account's", async () => {
    const { s3, requests } = client(({ ContinuationToken }) =>
      ContinuationToken === undefined
        ? { Contents: [{ Key: "a" }], NextContinuationToken: "t" }
        : { Contents: [{ Key: "b" }] },
    );
    const bucket = s3Bucket("central", "eu-central-1", "111111111111", s3);
    expect(await bucket.list("tmp/")).to.deep.equal(["a", "b"]);
    expect(requests).to.deep.equal([
      {
        Bucket: "central",
        ExpectedBucketOwner: "111111111111",
        Prefix: "tmp/",
        ContinuationToken: undefined,
      },
      {
        Bucket: "central",
        ExpectedBucketOwner: "111111111111",
        Prefix: "tmp/",
        ContinuationToken: "t",
      },
    ]);
  });

  it("gives the bytes of an object, and nothing where there is none", async () => {
    const { s3 } = client(({ Key }) => {
      if (Key === "none") throw Object.assign(new Error("no"), { name: "NoSuchKey" });
      if (Key === "secret") throw Object.assign(new Error("no"), { name: "AccessDenied" });
      return { Body: { transformToByteArray: () => Promise.resolve(Buffer.from("x")) } };
    });
    const bucket = s3Bucket("central", "eu-central-1", "111111111111", s3);
    expect(Buffer.from((await bucket.get("a")) ?? []).toString()).to.equal("x");
    expect(await bucket.get("none")).to.equal(undefined);
    const error = await bucket.get("secret").catch((reason: unknown) => reason);
    expect(error).to.have.property("name", "AccessDenied");
  });
});

describe("addressOf", () => {
  it("reads addresses in S3, and leaves paths alone", () => {
    expect(addressOf("s3://b/tmp/x")).to.deep.equal({ bucket: "b", key: "tmp/x" });
    expect(addressOf("./s3/x")).to.equal(undefined);
    expect(() => addressOf("s3://b")).to.throw("FILE: expected s3://bucket/tmp/…, got s3://b");
  });
});
