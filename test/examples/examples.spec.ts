import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { bootstrapAHost } from "../../examples/bootstrap-a-host.js";
import { publishAPackage } from "../../examples/publish-a-package.js";
import { mockProgram } from "../support/mocked-program.js";

describe("The examples", () => {
  it("publish a package", async () => {
    const zip = () => ({ outputSha256: "ab", outputPath: "x.zip" });
    const program = await mockProgram({ invokes: { "archive:index/getFile:getFile": zip } });
    const { packages } = publishAPackage();
    expect(await program.valueOf(packages)).to.have.all.keys("tool");
  });

  it("bootstrap a host", async () => {
    const program = await mockProgram({
      invokes: {
        "aws:ec2/getVpcs:getVpcs": () => ({ ids: ["vpc-1"] }),
        "aws:ec2/getSubnets:getSubnets": () => ({ ids: ["subnet-1"] }),
        "aws:ssm/getParameter:getParameter": () => ({ insecureValue: "ami-1" }),
      },
    });
    const { instanceId } = bootstrapAHost();
    expect(await program.valueOf(pulumi.output(instanceId))).to.equal("web-instance-id");
  });
});
