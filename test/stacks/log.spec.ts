import * as fs from "node:fs";
import { expect } from "chai";
import { deployLog } from "../../stacks/log.js";
import { entry, inChina, logConfig } from "../support/configs.js";
import { inEmptyFolder } from "../support/folder.js";
import type { MockedProgram, MockedProgramOptions } from "../support/mocked-program.js";
import { mockProgram } from "../support/mocked-program.js";

const zip = {
  "archive:index/getFile:getFile": () => ({ outputSha256: "ab", outputPath: "x.zip" }),
};
const logProgram = (invokes: MockedProgramOptions["invokes"] = {}) =>
  mockProgram({ stack: "log", invokes: { ...zip, ...invokes } });

const account = (id: string, state = "ACTIVE") => ({ id, state });
const organisation = (...accounts: object[]) => ({
  "aws:organizations/getOrganization:getOrganization": () => ({ accounts }),
});
const everyone = { packages: [entry({ share: "*" })] };

describe("The log stack", () => {
  inEmptyFolder();

  it("is bound to its account and home Region", async () => {
    const program = await logProgram();
    const assumeRole = "arn:aws:iam::111111111111:role/deploy";
    await deployLog(logConfig({ assumeRole, regions: ["eu-west-1", "eu-central-1"] }));
    await program.settled();
    // The provider's own inputs, so not those of the resources, travel as JSON.
    const { inputs } = program.only("pulumi:providers:aws");
    expect(inputs).to.include({
      region: "eu-west-1",
      allowedAccountIds: '["111111111111"]',
      assumeRoles: JSON.stringify([{ roleArn: assumeRole, sessionName: "fleet" }]),
      defaultTags: '{"tags":{"fleet:stack":"fleet/log"}}',
      ignoreTags: '{"keyPrefixes":["cf.ec2.bootstrap-status"]}',
    });
  });

  it("stages the files that the factory zips", async () => {
    const program = await logProgram();
    await deployLog(logConfig());
    await program.settled();
    const [zipped] = program.called("archive:index/getFile:getFile");
    expect(zipped?.["sourceDir"]).to.equal(".build/packages/tool/1.0.0/linux-_any");
    expect(fs.readdirSync(".build/packages/tool/1.0.0/linux-_any")).to.deep.equal([
      "install.sh",
      "tool",
      "uninstall.sh",
      "validate.sh",
    ]);
  });

  it("publishes a document in every Region of the members", async () => {
    const program = await logProgram();
    await deployLog(logConfig({ regions: ["eu-central-1", "eu-west-1"] }));
    await program.settled();
    const regions = program.all("aws:ssm/document:Document").map(({ inputs }) => inputs["region"]);
    expect(regions).to.deep.equal(["eu-central-1", "eu-west-1"]);
    expect(program.all("aws:s3/bucket:Bucket")).to.have.length(1);
  });

  it("works in China", async () => {
    const program = await logProgram();
    await deployLog(logConfig(inChina));
    await program.settled();
    expect(JSON.stringify(program.resources)).not.to.include("arn:aws:");
  });

  it("asks for the organisation only when a package is for all of it", async () => {
    const program = await logProgram();
    await deployLog(logConfig());
    await program.settled();
    const calls = program.called("aws:organizations/getOrganization:getOrganization");
    expect(calls).to.deep.equal([]);
  });

  it("shares * with the other active accounts of the organisation, sorted", async () => {
    const accounts = ["333333333333", "111111111111", "222222222222"].map((id) => account(id));
    const suspended = account("444444444444", "SUSPENDED");
    const program = await logProgram(organisation(...accounts, suspended));
    await deployLog(logConfig(everyone));
    await program.settled();
    expect(program.only("aws:ssm/document:Document").inputs["permissions"]).to.deep.equal({
      type: "Share",
      account_ids: "222222222222,333333333333",
    });
  });

  /** What a program ends in, and that it declared nothing but its provider before. */
  async function refusal(invokes: MockedProgramOptions["invokes"]): Promise<string> {
    const program = await logProgram(invokes);
    const failure = await deployLog(logConfig(everyone)).then(
      () => undefined,
      (error: Error) => error,
    );
    await program.settled();
    expect(program.resources.map(({ type }) => type)).to.deep.equal(["pulumi:providers:aws"]);
    return failure?.message ?? "";
  }

  const remedy =
    "let the log account list the organisation (delegated administrator), or list account ids";

  it("refuses * where the organisation cannot be listed", async () => {
    const denied = () => {
      // As gRPC hands an error over.
      throw Object.assign(new Error(), { details: "1 error occurred:\n\t* AccessDeniedException" });
    };
    const message = await refusal({ "aws:organizations/getOrganization:getOrganization": denied });
    expect(message).to.equal(
      `1 problem in the configuration\n  fleet:packages[].share: expected an organisation to list for "*": Error: 1 error occurred: * AccessDeniedException; ${remedy}`,
    );
  });

  const accounts = (count: number) =>
    Array.from({ length: count }, (_, index) => account(String(400_000_000_000 + index)));

  it("shares * with 1,000 accounts in every Region, and refuses one more before anything is declared", async () => {
    const program = await logProgram(organisation(account("111111111111"), ...accounts(1000)));
    await deployLog(logConfig({ ...everyone, regions: ["eu-central-1", "eu-west-1"] }));
    await program.settled();
    const shared = program
      .all("aws:ssm/document:Document")
      .map(({ inputs }) =>
        (inputs["permissions"] as { account_ids: string }).account_ids.split(","),
      );
    expect(shared).to.deep.equal([1, 2].map(() => accounts(1000).map(({ id }) => id)));
    const message = await refusal(organisation(account("111111111111"), ...accounts(1001)));
    expect(message).to.equal(
      `1 problem in the configuration\n  fleet:packages[].share: expected at most 1000 other active accounts for "*", got 1001, and AWS shares a document with no more; list those that have hosts, or publish it a second time from another account`,
    );
  });

  it("shows accounts that joined since in the next preview, and nothing where only their order differs", async () => {
    const shares = async (...ids: readonly string[]) => {
      const program = await logProgram(organisation(...ids.map((id) => account(id))));
      await deployLog(logConfig(everyone));
      await program.settled();
      return program.only("aws:ssm/document:Document").inputs["permissions"];
    };
    const before = await shares("111111111111", "222222222222", "444444444444");
    expect(await shares("444444444444", "222222222222", "111111111111")).to.deep.equal(before);
    const after = await shares("444444444444", "333333333333", "222222222222", "111111111111");
    expect(after).to.deep.equal({
      type: "Share",
      account_ids: "222222222222,333333333333,444444444444",
    });
  });

  it("refuses * where there is no other account", async () => {
    const message = await refusal(organisation(account("111111111111")));
    expect(message).to.equal(
      `1 problem in the configuration\n  fleet:packages[].share: expected an organisation to list for "*": the organisation has no other active account; ${remedy}`,
    );
  });

  describe("where scripts run in other accounts", () => {
    const executions = (program: MockedProgram) =>
      program.only("aws:iam/rolePolicy:RolePolicy", "administration").inputs["policy"] as {
        Statement: { Condition?: object }[];
      };

    it("asks which accounts the organisation has, for *", async () => {
      const accounts = ["333333333333", "111111111111"].map((id) => account(id));
      const program = await logProgram({
        "aws:organizations/getOrganization:getOrganization": () => ({ id: "o-1", accounts }),
      });
      await deployLog(logConfig({ packages: [], runAccounts: ["*"] }));
      await program.settled();
      const shared = program.all("aws:ssm/document:Document").map(({ inputs }) => inputs);
      expect(shared.map(({ permissions }) => permissions)[0]).to.deep.equal({
        type: "Share",
        account_ids: "333333333333",
      });
      expect(executions(program).Statement[0]?.Condition).to.deep.equal({
        StringEquals: { "aws:ResourceOrgID": "o-1" },
      });
    });

    const listing = { packages: [], runAccounts: ["222222222222", "333333333333"] };

    it("refuses an account that is not of the organisation, before anything is declared", async () => {
      const program = await logProgram(
        organisation(account("222222222222"), account("111111111111")),
      );
      const failure = await deployLog(logConfig(listing)).then(
        () => undefined,
        (error: Error) => error,
      );
      await program.settled();
      expect(program.resources.map(({ type }) => type)).to.deep.equal(["pulumi:providers:aws"]);
      expect(failure?.message).to.equal(
        `1 problem in the configuration\n  fleet:runAccounts: expected an active account of the organisation, got "333333333333"; correct it, or remove it`,
      );
    });

    it("takes listed accounts as they are where it cannot list the organisation", async () => {
      const program = await logProgram({
        "aws:organizations/getOrganization:getOrganization": () => ({ accounts: [] }),
      });
      await deployLog(logConfig(listing));
      await program.settled();
      expect(executions(program).Statement[0]?.Condition).to.deep.equal({
        StringEquals: { "aws:ResourceAccount": listing.runAccounts },
      });
    });

    it("lets members write into the central bucket, each below its own account, and use its key", async () => {
      const program = await logProgram(organisation(account("222222222222")));
      await deployLog(logConfig({ packages: [], runAccounts: ["222222222222"] }));
      await program.settled();
      const { Statement } = program.only("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"] as {
        Statement: { Sid: string }[];
      };
      const bucket = "arn:of:packages-storage-bucket";
      const Principal = { AWS: ["arn:aws:iam::222222222222:root"] };
      const ArnLike = {
        "aws:PrincipalArn": "arn:aws:iam::*:role/AWS-SystemsManager-AutomationExecutionRole",
      };
      expect(Statement.slice(4)).to.deep.equal([
        {
          Sid: "HostsWriteOutput",
          Effect: "Allow",
          Principal,
          Action: ["s3:PutObject", "s3:PutObjectAcl"],
          Resource: `${bucket}/output/\${aws:PrincipalAccount}/*`,
        },
        {
          Sid: "RunsRecordAnswers",
          Effect: "Allow",
          Principal,
          Action: "s3:PutObject",
          Resource: `${bucket}/invocations/\${aws:PrincipalAccount}/*`,
          Condition: { ArnLike },
        },
        {
          Sid: "RunsLookUpOutput",
          Effect: "Allow",
          Principal,
          Action: "s3:ListBucket",
          Resource: bucket,
          Condition: {
            ArnLike,
            StringLike: { "s3:prefix": "output/${aws:PrincipalAccount}/*" },
          },
        },
      ]);
      const key = JSON.parse(String(program.only("aws:kms/key:Key").inputs["policy"])) as {
        Statement: object[];
      };
      expect(key.Statement[1]).to.deep.equal({
        Sid: "MembersEncryptOutput",
        Effect: "Allow",
        Principal,
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: "*",
        Condition: { StringLike: { "kms:ViaService": ["s3.*.amazonaws.com"] } },
      });
    });
  });
});
