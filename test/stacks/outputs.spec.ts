import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { deployLog } from "../../stacks/log.js";
import { deployMember } from "../../stacks/member.js";
import { libraryDocuments, readLibrary } from "../../scripts/loader/library.js";
import { entry, logConfig, logExports, memberConfig } from "../support/configs.js";
import { inEmptyFolder } from "../support/folder.js";
import { mockProgram } from "../support/mocked-program.js";

// Other stacks, and people's scripts, read these names: a change here breaks them on their next run.
describe("The outputs of the log stack", () => {
  inEmptyFolder();

  it("are these", async () => {
    const zip = () => ({ outputSha256: "ab", outputPath: "x.zip" });
    const program = await mockProgram({ invokes: { "archive:index/getFile:getFile": zip } });
    const secrets = { TOKEN: "/tool/token", ALSO: "/tool/also" };
    const exported = await deployLog(logConfig({ packages: [entry({ secrets })] }));
    expect(await program.valueOf(pulumi.output(exported))).to.deep.equal({
      account: "111111111111",
      partition: "aws",
      regions: ["eu-central-1"],
      prefix: "cf",
      bucket: "packages-storage-bucket-physical",
      kmsKeyArn: "arn:of:packages-encryption-key",
      onRemove: "keep",
      ownKeyArn: "arn:of:packages-encryption-key",
      earlierKeyArns: [],
      publishedVersions: { tool: ["1.0.0"] },
      packages: {
        tool: {
          version: "1.0.0",
          arns: { "eu-central-1": "arn:of:packages-tool-document-eu-central-1" },
          secrets: ["/tool/also", "/tool/token"],
          sharedWith: ["222222222222"],
        },
      },
    });
  });
});

describe("The outputs of a log stack that runs scripts", () => {
  it("are these, beside", async () => {
    const program = await mockProgram({
      invokes: {
        "aws:organizations/getOrganization:getOrganization": () => ({
          id: "o-1",
          accounts: [{ id: "222222222222", state: "ACTIVE" }],
        }),
      },
    });
    const principals = ["arn:aws:iam::333333333333:root"];
    const config = { packages: [], runAccounts: ["222222222222"], runners: { principals } };
    const { runs } = await deployLog(logConfig(config));
    const { scripts, ...exported } = (await program.valueOf(pulumi.output(runs))) ?? {};
    expect(exported).to.deep.equal({
      accounts: ["222222222222"],
      runbook: "cf-run-script",
      runbookArns: { "eu-central-1": "arn:of:runs-eu-central-1-runbook" },
      buckets: { "eu-central-1": "packages-storage-bucket-physical" },
      keyArns: ["arn:of:packages-encryption-key"],
      database: "cf_runs",
      workgroup: "cf-runs",
      administrationRoleArn: "arn:of:runs-administration",
      executionRoleName: "AWS-SystemsManager-AutomationExecutionRole",
      readerRoleName: "cf-run-reader",
      operatorRoleArn: "arn:of:runs-operator-role",
    });
    // By script, by Region; which scripts there are is the library's.
    const names = Object.keys(libraryDocuments(readLibrary("scripts")));
    const arn = (name: string) => `arn:of:runs-eu-central-1-script-${name}`;
    expect(scripts).to.deep.equal(
      Object.fromEntries(names.map((name) => [name, { "eu-central-1": arn(name) }])),
    );
  });
});

describe("The outputs of a member stack", () => {
  it("are these", async () => {
    const program = await mockProgram({
      stacks: { "organization/fleet/log": logExports() },
      invokes: {
        "aws:ec2/getVpcs:getVpcs": () => ({ ids: ["vpc-1"] }),
        "aws:ec2/getSubnets:getSubnets": () => ({ ids: ["subnet-1"] }),
        "aws:ssm/getParameter:getParameter": () => ({ insecureValue: "ami-1" }),
      },
    });
    const exported = await deployMember(
      memberConfig({ sessionUsers: { principals: ["arn:aws:iam::333333333333:root"] } }),
    );
    expect(await program.valueOf(pulumi.output(exported))).to.deep.equal({
      account: "222222222222",
      regions: ["eu-central-1"],
      prefix: "cf",
      onRemove: "keep",
      deadLetterQueueUrls: { "eu-central-1": "https://bootstrap-eu-central-1-dead-letters-queue" },
      failureQueueUrls: { "eu-central-1": "https://bootstrap-eu-central-1-failures-queue" },
      failureTopicArns: { "eu-central-1": "arn:of:bootstrap-eu-central-1-notifications-topic" },
      instanceProfile: "hosts-profile-physical",
      hosts: { web: "web-instance-id" },
      images: { web: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
      sessionUserRoleArn: "arn:of:sessions-role",
    });
  });
});
