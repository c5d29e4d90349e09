import { expect } from "chai";
import { RunOperator } from "../../../components/runs/run-operator.js";
import { Authorization } from "../../../rehearsal/cloud/iam/authorization.js";
import type { PolicyDocument } from "../../../rehearsal/kernel/access.js";
import type { Principal } from "../../../rehearsal/kernel/principal.js";
import { inMember, logAccount } from "../../support/account.js";
import { mockProgram } from "../../support/mocked-program.js";

const LOG = "111111111111";
const administrationRoleArn = `arn:aws:iam::${LOG}:role/Administration`;

async function policyOf(): Promise<PolicyDocument> {
  const program = await mockProgram();
  new RunOperator(
    "operator",
    {
      account: logAccount(),
      prefix: "cf",
      region: "eu-central-1",
      accounts: { ids: ["222222222222"] },
      principals: ["arn:aws:iam::444444444444:root"],
      administrationRoleArn,
      stores: [{ bucket: "central", kmsKeyArn: `arn:aws:kms:eu-central-1:${LOG}:key/1` }],
    },
    inMember(),
  );
  await program.settled();
  return program.only("aws:iam/rolePolicy:RolePolicy").inputs["policy"] as PolicyDocument;
}

const operator: Principal = {
  kind: "session",
  account: LOG,
  roleName: "cf-run-operator",
  roleArn: `arn:aws:iam::${LOG}:role/cf-run-operator`,
  sessionName: "ann",
  arn: `arn:aws:sts::${LOG}:assumed-role/cf-run-operator/ann`,
};

const ssm = (name: string) => `arn:aws:ssm:eu-central-1:${LOG}:document/${name}`;
const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
const passed = { "iam:PassedToService": "ssm.amazonaws.com" };

type Case = [
  what: string,
  allowed: boolean,
  action: string,
  resource: string,
  context?: Record<string, string>,
];
const cases: Case[] = [
  ["starts the runbook of runs", true, "ssm:StartAutomationExecution", ssm("cf-run-script")],
  ["starts no other runbook", false, "ssm:StartAutomationExecution", ssm("cf-ec2-bootstrap")],
  ["hands over the administration role", true, "iam:PassRole", administrationRoleArn, passed],
  ["hands over no other role", false, "iam:PassRole", role(LOG, "Admin"), passed],
  [
    "hands it to Systems Manager alone",
    false,
    "iam:PassRole",
    administrationRoleArn,
    { "iam:PassedToService": "lambda.amazonaws.com" },
  ],
  ["shares a script of its own", true, "ssm:ModifyDocumentPermission", ssm("cf-run-0123456789ab")],
  ["deletes a script of its own", true, "ssm:DeleteDocument", ssm("cf-run-0123456789ab")],
  ["does not delete the runbook", false, "ssm:DeleteDocument", ssm("cf-run-script")],
  ["does not share the library", false, "ssm:ModifyDocumentPermission", ssm("cf-script-ports")],
  ["reads the library", true, "ssm:GetDocument", ssm("cf-script-ports")],
  ["changes no document", false, "ssm:UpdateDocument", ssm("cf-run-0123456789ab")],
  ["sends no command by itself", false, "ssm:SendCommand", ssm("cf-script-ports")],
  ["reads output", true, "s3:GetObject", "arn:aws:s3:::central/output/222222222222/x"],
  ["reads no packages", false, "s3:GetObject", "arn:aws:s3:::central/packages/x"],
  ["keeps results of queries", true, "s3:PutObject", "arn:aws:s3:::central/queries/x"],
  ["writes no output", false, "s3:PutObject", "arn:aws:s3:::central/output/222222222222/x"],
];

describe("RunOperator", () => {
  for (const [what, allowed, action, resource, context = {}] of cases) {
    it(what, async () => {
      const identity = [{ place: "the operator role", document: await policyOf() }];
      const access = { action, resource, resourceAccount: LOG };
      const denial = await new Authorization().decide(operator, identity, access, context);
      expect(denial === undefined, JSON.stringify(denial)).to.equal(allowed);
    });
  }

  it("becomes the reader of the accounts of runs, and no other role there", async () => {
    const document = await policyOf();
    const becomes = async (account: string, name: string) => {
      const trusts = {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: "sts:AssumeRole",
      } as const;
      const access = {
        action: "sts:AssumeRole",
        resource: role(account, name),
        resourceAccount: account,
        resourcePolicy: {
          place: "trust",
          document: { Version: "2012-10-17", Statement: [trusts] } as PolicyDocument,
        },
      };
      const identity = [{ place: "the operator role", document }];
      return (await new Authorization().decide(operator, identity, access, {})) === undefined;
    };
    expect(await becomes("222222222222", "cf-run-reader")).to.equal(true);
    expect(await becomes("222222222222", "Admin")).to.equal(false);
    expect(await becomes("333333333333", "cf-run-reader")).to.equal(false);
  });
});
