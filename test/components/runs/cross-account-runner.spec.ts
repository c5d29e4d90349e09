import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { CrossAccountRunnerArgs } from "../../../components/runs/cross-account-runner.js";
import { CrossAccountRunner } from "../../../components/runs/cross-account-runner.js";
import { inMember, logAccount, partitions } from "../../support/account.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

const runbook = "schemaVersion: '0.3'";
const scripts = { ports: '{"schemaVersion":"2.2"}' };
const encryptionType =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const kmsKeyArn = "arn:aws:kms:eu-central-1:111111111111:key/1";

const args = (more: Partial<CrossAccountRunnerArgs> = {}): CrossAccountRunnerArgs => ({
  account: logAccount(),
  prefix: "cf",
  regions: ["eu-central-1", "eu-west-1"],
  accounts: { ids: ["333333333333", "222222222222"] },
  runbook,
  scripts,
  bucket: "central",
  kmsKeyArn,
  outputDays: 30,
  ...more,
});

async function declare(more: Partial<CrossAccountRunnerArgs> = {}) {
  const program = await mockProgram();
  const runner = new CrossAccountRunner("runs", args(more), inMember());
  await program.settled();
  return { program, runner };
}

const statements = (program: MockedProgram, nameEnd: string) =>
  (
    program.only("aws:iam/rolePolicy:RolePolicy", nameEnd).inputs["policy"] as {
      Statement: Record<string, unknown>[];
    }
  ).Statement;

describe("CrossAccountRunner", () => {
  it("shares runbook and library in every Region with the accounts, sorted", async () => {
    const { program } = await declare();
    const documents = program.all("aws:ssm/document:Document").map(({ inputs }) => inputs);
    const permissions = { type: "Share", account_ids: "222222222222,333333333333" };
    const expected = ["eu-central-1", "eu-west-1"].flatMap((region) => [
      {
        name: "cf-run-script",
        documentType: "Automation",
        documentFormat: "YAML",
        content: runbook,
        permissions,
        region,
      },
      {
        name: "cf-script-ports",
        documentType: "Command",
        documentFormat: "JSON",
        content: scripts.ports,
        permissions,
        region,
      },
    ]);
    expect(documents).to.deep.equal(expected);
  });

  it("has the administration role that AWS knows by its name, for automations of the account alone", async () => {
    const { program } = await declare();
    const { inputs } = program.only("aws:iam/role:Role");
    expect(inputs["name"]).to.equal("AWS-SystemsManager-AutomationAdministrationRole");
    expect(inputs["assumeRolePolicy"]).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AutomationsOfThisAccount",
          Effect: "Allow",
          Principal: { Service: "ssm.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "111111111111" },
            ArnLike: { "aws:SourceArn": "arn:aws:ssm:*:111111111111:automation-execution/*" },
          },
        },
      ],
    });
  });

  const members: [what: string, accounts: CrossAccountRunnerArgs["accounts"], condition: object][] =
    [
      [
        "listed accounts",
        { ids: ["222222222222"] },
        { StringEquals: { "aws:ResourceAccount": ["222222222222"] } },
      ],
      [
        "the organisation",
        { ids: ["222222222222"], organization: "o-1" },
        { StringEquals: { "aws:ResourceOrgID": "o-1" } },
      ],
    ];
  for (const [what, accounts, Condition] of members) {
    it(`lets that role become the execution roles of ${what} and no other`, async () => {
      const { program } = await declare({ accounts });
      expect(statements(program, "administration")[0]).to.deep.equal({
        Sid: "WorkInMembers",
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Resource: "arn:aws:iam::*:role/AWS-SystemsManager-AutomationExecutionRole",
        Condition,
      });
    });
  }

  it("exports where output goes: into the central bucket, or the Region's own", async () => {
    const program = await mockProgram();
    const runner = new CrossAccountRunner(
      "runs",
      args({ outputRegions: ["eu-west-1"] }),
      inMember(),
    );
    expect(await program.valueOf(runner.buckets)).to.deep.equal({
      "eu-central-1": "central",
      "eu-west-1": "runs-output-eu-west-1-bucket-physical",
    });
    expect(await program.valueOf(pulumi.output(runner.stores))).to.deep.equal([
      { bucket: "central", kmsKeyArn },
      {
        bucket: "runs-output-eu-west-1-bucket-physical",
        kmsKeyArn: "arn:of:runs-output-eu-west-1-encryption-key",
      },
    ]);
    expect(await program.valueOf(runner.scripts)).to.deep.equal({
      ports: {
        "eu-central-1": "arn:of:runs-eu-central-1-script-ports",
        "eu-west-1": "arn:of:runs-eu-west-1-script-ports",
      },
    });
  });

  it("makes a Region's own bucket under its fixed name, closed, with a key and an end of what is in it", async () => {
    const { program } = await declare({ outputRegions: ["eu-west-1"] });
    expect(program.only("aws:s3/bucket:Bucket").inputs).to.deep.equal({
      bucket: "cf-output-111111111111-eu-west-1",
      region: "eu-west-1",
    });
    expect(
      program.only("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs["rule"],
    ).to.deep.equal({ objectOwnership: "BucketOwnerEnforced" });
    const { inputs: lifecycle } = program.only(
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    );
    interface Rule {
      id: string;
      expiration?: { days?: number };
      noncurrentVersionExpiration?: { noncurrentDays: number };
    }
    const days = (lifecycle["rules"] as Rule[]).map((rule) => [
      rule.id,
      rule.expiration?.days,
      rule.noncurrentVersionExpiration?.noncurrentDays,
    ]);
    // Output is gone for good a week after it expired; all else can be brought back for 90 days.
    expect(days).to.deep.equal([
      ["expire-output", 30, 7],
      ["expire-invocations", 30, 7],
      ["expire-queries", 30, 7],
      ["expire-replaced-versions", undefined, 90],
      ["remove-markers-of-what-is-gone", undefined, undefined],
      ["abort-unfinished-uploads", undefined, undefined],
    ]);
  });

  it("lets operators read what earlier keys of the central bucket encrypted", async () => {
    const earlier = "arn:aws:kms:eu-central-1:111111111111:key/0";
    const runners = { principals: ["arn:aws:iam::444444444444:root"], mfa: false };
    const { program } = await declare({ earlierKeyArns: [earlier], runners });
    const keys = statements(program, "operator-role").find(({ Sid }) => Sid === "UseOutputKeys");
    expect(keys?.["Resource"]).to.deep.equal([kmsKeyArn, earlier]);
  });

  it("pairs each Region's bucket with the key of the same Region", async () => {
    const outputRegions = ["eu-west-1", "eu-central-1"];
    const runners = { principals: ["arn:aws:iam::444444444444:root"], mfa: false };
    const { program, runner } = await declare({ outputRegions, runners });
    for (const region of outputRegions) {
      const name = `output-${region}`;
      const key = program.only("aws:kms/key:Key", `${name}-encryption-key`);
      expect(key.inputs["region"]).to.equal(region);
      const keyArn = `arn:of:${key.name}`;
      expect(program.only("aws:s3/bucket:Bucket", `${name}-bucket`).inputs["region"]).to.equal(
        region,
      );
      const encryption = program.only(encryptionType, `${name}-encryption`).inputs;
      expect(encryption).to.deep.equal({
        bucket: `runs-${name}-bucket-physical`,
        region,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
            bucketKeyEnabled: true,
          },
        ],
      });
      const { bucket, policy } = program.only(
        "aws:s3/bucketPolicy:BucketPolicy",
        name + "-policy",
      ).inputs;
      expect(bucket).to.equal(`runs-${name}-bucket-physical`);
      expect(JSON.stringify(policy)).to.include(keyArn);
    }
    const keys = statements(program, "operator-role").find(({ Sid }) => Sid === "UseOutputKeys");
    const keyArns = outputRegions.map((region) => `arn:of:runs-output-${region}-encryption-key`);
    expect(keys?.["Resource"]).to.deep.equal([kmsKeyArn, ...keyArns]);
    expect(await program.valueOf(pulumi.output(runner.stores))).to.deep.equal([
      { bucket: "central", kmsKeyArn },
      ...outputRegions.map((region) => ({
        bucket: `runs-output-${region}-bucket-physical`,
        kmsKeyArn: `arn:of:runs-output-${region}-encryption-key`,
      })),
    ]);
    expect(await program.valueOf(runner.buckets)).to.deep.equal(
      Object.fromEntries(
        outputRegions.map((region) => [region, `runs-output-${region}-bucket-physical`]),
      ),
    );
  });

  it("has an operator role only where principals are named, which may pass the administration role to SSM alone", async () => {
    const principals = ["arn:aws:iam::444444444444:role/Operators"];
    const { program, runner } = await declare({ runners: { principals, mfa: true } });
    const { inputs } = program.only("aws:iam/role:Role", "operator-role");
    expect(inputs["name"]).to.equal("cf-run-operator");
    expect(inputs["assumeRolePolicy"]).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "RunOperators",
          Effect: "Allow",
          Principal: { AWS: principals },
          Action: "sts:AssumeRole",
          Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
        },
      ],
    });
    const all = statements(program, "operator-role");
    expect(all.find(({ Sid }) => Sid === "PassAdministrationRole")).to.deep.equal({
      Sid: "PassAdministrationRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: "arn:of:runs-administration",
      Condition: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
    });
    expect(all.find(({ Sid }) => Sid === "ShareScripts")?.["Resource"]).to.equal(
      "arn:aws:ssm:*:111111111111:document/cf-run-????????????",
    );
    expect(runner.operatorRoleArn).to.not.equal(undefined);
    expect((await declare()).runner.operatorRoleArn).to.equal(undefined);
  });

  for (const { partition, region } of partitions) {
    it(`stays in its partition in ${partition}`, async () => {
      const { program } = await declare({
        account: logAccount(partition),
        regions: [region],
        outputRegions: [region],
        runners: { principals: [`arn:${partition}:iam::444444444444:root`], mfa: false },
        kmsKeyArn: `arn:${partition}:kms:${region}:111111111111:key/1`,
      });
      const found = JSON.stringify(program.resources).match(/arn:aws[\w-]*:/g) ?? [];
      expect([...new Set(found)]).to.deep.equal([`arn:${partition}:`]);
    });
  }

  it("reports all that is wrong with its arguments at once", () => {
    const wrong = args({
      regions: [],
      accounts: { ids: Array.from({ length: 101 }, (_, index) => String(4e11 + index)) },
      outputRegions: ["eu-west-2"],
    });
    expect(() => new CrossAccountRunner("runs", wrong, inMember())).to.throw(
      `CrossAccountRunner "runs": invalid arguments
  regions: expected at least one Region, got none
  accounts.ids: expected 1-100 accounts, got 101
  outputRegions[0]: expected one of , got "eu-west-2"`,
    );
  });
});
