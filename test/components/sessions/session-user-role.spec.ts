import { expect } from "chai";
import { SessionUserRole } from "../../../components/sessions/session-user-role.js";
import { Authorization } from "../../../rehearsal/cloud/iam/authorization.js";
import type { PolicyDocument } from "../../../rehearsal/kernel/access.js";
import type { Principal } from "../../../rehearsal/kernel/principal.js";
import { inMember, memberAccount } from "../../support/account.js";
import { mockProgram } from "../../support/mocked-program.js";

const operators = "arn:aws:iam::333333333333:role/Operators";
const at = "eu-central-1:222222222222";

async function declare(mfa?: boolean): Promise<{ trust: unknown; policy: PolicyDocument }> {
  const program = await mockProgram();
  const args = { account: memberAccount(), principals: [operators], mfa };
  new SessionUserRole("sessions", args, inMember());
  await program.settled();
  return {
    trust: program.only("aws:iam/role:Role").inputs["assumeRolePolicy"],
    policy: program.only("aws:iam/rolePolicy:RolePolicy").inputs["policy"] as PolicyDocument,
  };
}

const trustWith = (more: object = {}) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "SessionUsers",
      Effect: "Allow",
      Principal: { AWS: [operators] },
      Action: "sts:AssumeRole",
      ...more,
    },
  ],
});

describe("SessionUserRole", () => {
  it("is for the principals of the config", async () => {
    expect((await declare()).trust).to.deep.equal(trustWith());
  });

  it("asks for a second factor where the config does", async () => {
    const Condition = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
    expect((await declare(true)).trust).to.deep.equal(trustWith({ Condition }));
  });

  it("has these statements", async () => {
    expect((await declare()).policy.Statement).to.deep.equal([
      {
        Sid: "OpenSessions",
        Effect: "Allow",
        Action: "ssm:StartSession",
        Resource: "arn:aws:ec2:*:222222222222:instance/*",
        Condition: {
          StringEqualsIgnoreCase: { "ssm:resourceTag/cf.ec2.bootstrap.enabled": "true" },
          BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" },
        },
      },
      {
        Sid: "UseShellDocument",
        Effect: "Allow",
        Action: "ssm:StartSession",
        Resource: "arn:aws:ssm:*:222222222222:document/SSM-SessionManagerRunShell",
      },
      {
        Sid: "TalkToOwnSessions",
        Effect: "Allow",
        Action: "ssmmessages:OpenDataChannel",
        Resource: "arn:aws:ssm:*:222222222222:session/${aws:userid}-*",
      },
      {
        Sid: "EndOwnSessions",
        Effect: "Allow",
        Action: ["ssm:ResumeSession", "ssm:TerminateSession"],
        Resource: "arn:aws:ssm:*:222222222222:session/*",
        Condition: {
          StringLike: { "ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}" },
        },
      },
      {
        Sid: "FindHosts",
        Effect: "Allow",
        Action: [
          "ec2:DescribeInstances",
          "ssm:DescribeInstanceInformation",
          "ssm:DescribeSessions",
          "ssm:GetConnectionStatus",
        ],
        Resource: "*",
      },
    ]);
  });

  const tagged = { "ssm:resourceTag/cf.ec2.bootstrap.enabled": "true" };
  const ann = { "aws:userid": "AROA1:ann" };
  const session = "ssm:resourceTag/aws:ssmmessages:session-id";
  const decisions: readonly [
    what: string,
    allowed: boolean,
    action: string,
    resource: string,
    context: Record<string, string>,
  ][] = [
    [
      "opens a session on a host of the product",
      true,
      "StartSession",
      `ec2:${at}:instance/i-1`,
      tagged,
    ],
    ["opens none on another host", false, "StartSession", `ec2:${at}:instance/i-1`, {}],
    [
      "opens none where AWS did not check the document",
      false,
      "StartSession",
      `ec2:${at}:instance/i-1`,
      { ...tagged, "ssm:SessionDocumentAccessCheck": "false" },
    ],
    ["opens shells", true, "StartSession", `ssm:${at}:document/SSM-SessionManagerRunShell`, {}],
    [
      "forwards no ports",
      false,
      "StartSession",
      "ssm:eu-central-1::document/AWS-StartPortForwardingSession",
      {},
    ],
    [
      "ends a session of its own",
      true,
      "TerminateSession",
      `ssm:${at}:session/ann-1`,
      { ...ann, [session]: "AROA1:ann" },
    ],
    [
      "ends no session of others",
      false,
      "TerminateSession",
      `ssm:${at}:session/bob-1`,
      { ...ann, [session]: "AROA1:bob" },
    ],
    ["sends no commands", false, "SendCommand", `ec2:${at}:instance/i-1`, tagged],
  ];
  const caller: Principal = {
    kind: "session",
    account: "222222222222",
    roleArn: "arn:aws:iam::222222222222:role/sessions",
    roleName: "sessions",
    arn: "arn:aws:sts::222222222222:assumed-role/sessions/ann",
    sessionName: "ann",
  };
  for (const [what, allowed, action, resource, context] of decisions) {
    it(what, async () => {
      const { policy: document } = await declare();
      const access = {
        action: `ssm:${action}`,
        resource: `arn:aws:${resource}`,
        resourceAccount: "222222222222",
        context,
      };
      const place = "the session role";
      const denial = await new Authorization().decide(caller, [{ place, document }], access, ann);
      expect(denial === undefined, JSON.stringify(denial)).to.equal(allowed);
    });
  }
});
