import { expect } from "chai";
import { HostRole } from "../../../components/hosts/host-role.js";
import { outputAccess } from "../../../components/storage/output-access.js";
import { resourcePolicy } from "../../../components/policy.js";
import { RunTarget } from "../../../components/runs/run-target.js";
import { Authorization } from "../../../rehearsal/cloud/iam/authorization.js";
import type { PolicyDocument } from "../../../rehearsal/kernel/access.js";
import type { Principal } from "../../../rehearsal/kernel/principal.js";
import { inMember, memberAccount, partitions } from "../../support/account.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

const LOG = "111111111111";
const MEMBER = "222222222222";
const OTHER = "333333333333";
const bucketArn = "arn:aws:s3:::central";
const keyArn = `arn:aws:kms:eu-central-1:${LOG}:key/1`;
const output = { buckets: ["central"], keyArns: [keyArn] };
const source = { accountId: LOG, prefix: "cf" };

async function target(hasOperator = true): Promise<MockedProgram> {
  const program = await mockProgram();
  new RunTarget("runs", { account: memberAccount(), source, output, hasOperator }, inMember());
  await program.settled();
  return program;
}

const roleOf = (name: string, account = MEMBER): Principal => ({
  kind: "session",
  account,
  roleName: name,
  roleArn: `arn:aws:iam::${account}:role/${name}`,
  sessionName: "s",
  arn: `arn:aws:sts::${account}:assumed-role/${name}/s`,
});

const execution = "AWS-SystemsManager-AutomationExecutionRole";
const document = (program: MockedProgram, type: string, nameEnd: string, component: string) =>
  program.only(type, nameEnd).inputs[component] as PolicyDocument;

/** Whether a role with this policy may do it. */
async function may(
  principal: Principal,
  policy: PolicyDocument,
  wanted: { action: string; resource: string; owner?: string; on?: PolicyDocument },
  context: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const { action, resource, owner = MEMBER, on } = wanted;
  const account = principal.kind === "session" ? principal.account : "";
  const access = {
    action,
    resource,
    resourceAccount: owner,
    ...(on && { resourcePolicy: { place: "the resource", document: on } }),
  };
  const all = {
    "aws:PrincipalAccount": account,
    "aws:PrincipalArn": principal.kind === "session" ? principal.roleArn : "",
    "aws:PrincipalOrgID": "o-1",
    "aws:SecureTransport": "true",
    ...context,
  };
  const identity = [{ place: "role", document: policy }];
  return (await new Authorization().decide(principal, identity, access, all)) === undefined;
}

describe("RunTarget", () => {
  describe("has an execution role", () => {
    it("for the log account's administration role, and for automations of its own account", async () => {
      const program = await target();
      const { inputs } = program.only("aws:iam/role:Role", "execution");
      expect(inputs["name"]).to.equal(execution);
      expect(inputs["assumeRolePolicy"]).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "AdministratorOfRuns",
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::111111111111:root" },
            Action: "sts:AssumeRole",
            Condition: {
              ArnEquals: {
                "aws:PrincipalArn":
                  "arn:aws:iam::111111111111:role/AWS-SystemsManager-AutomationAdministrationRole",
              },
            },
          },
          {
            Sid: "AutomationsOfThisAccount",
            Effect: "Allow",
            Principal: { Service: "ssm.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": "222222222222" },
              ArnLike: { "aws:SourceArn": "arn:aws:ssm:*:222222222222:automation-execution/*" },
            },
          },
        ],
      });
    });

    const ssm = (account: string, name: string) =>
      `arn:aws:ssm:eu-central-1:${account}:document/${name}`;
    const send = "ssm:SendCommand";
    const start = "ssm:StartAutomationExecution";
    // Systems Manager itself looks whether a document is shared.
    const can: [what: string, action: string, resource: string, allowed: boolean][] = [
      ["a script of the library", send, ssm(LOG, "cf-script-ports"), true],
      ["a script of a file", send, ssm(LOG, "cf-run-0123456789ab"), true],
      ["a document of the member", send, ssm(MEMBER, "cf-script-ports"), false],
      ["any document of the log account", send, ssm(LOG, "own"), false],
      ["AWS-RunShellScript", send, ssm("", "AWS-RunShellScript"), false],
      ["the runbook of runs", start, ssm(LOG, "cf-run-script"), true],
      ["another runbook", start, ssm(LOG, "cf-ec2-bootstrap"), false],
      ["itself", "iam:PassRole", `arn:aws:iam::${MEMBER}:role/${execution}`, true],
      ["another role", "iam:PassRole", `arn:aws:iam::${MEMBER}:role/Admin`, false],
    ];
    for (const [what, action, resource, allowed] of can) {
      const verb = { [send]: "send", [start]: "start", "iam:PassRole": "pass" }[action] ?? "do";
      it(`that can${allowed ? "" : "not"} ${verb} ${what}`, async () => {
        const policy = document(
          await target(),
          "aws:iam/rolePolicy:RolePolicy",
          "execution",
          "policy",
        );
        const context = { "iam:PassedToService": "ssm.amazonaws.com" };
        expect(await may(roleOf(execution), policy, { action, resource }, context)).to.equal(
          allowed,
        );
      });
    }

    it("that hands itself to Systems Manager alone", async () => {
      const policy = document(
        await target(),
        "aws:iam/rolePolicy:RolePolicy",
        "execution",
        "policy",
      );
      const wanted = {
        action: "iam:PassRole",
        resource: `arn:aws:iam::${MEMBER}:role/${execution}`,
      };
      const context = { "iam:PassedToService": "ec2.amazonaws.com" };
      expect(await may(roleOf(execution), policy, wanted, context)).to.equal(false);
    });
  });

  describe("has a reader role", () => {
    it("for the operator role, or for the log account where that has none", async () => {
      const trusted = async (hasOperator: boolean) =>
        document(await target(hasOperator), "aws:iam/role:Role", "reader", "assumeRolePolicy")
          .Statement;
      const statement = {
        Sid: "ReadersOfRuns",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111111111111:root" },
        Action: "sts:AssumeRole",
      };
      const ArnEquals = { "aws:PrincipalArn": "arn:aws:iam::111111111111:role/cf-run-operator" };
      expect(await trusted(true)).to.deep.equal([{ ...statement, Condition: { ArnEquals } }]);
      expect(await trusted(false)).to.deep.equal([statement]);
    });

    it("that sees only hosts and groups", async () => {
      const { Statement } = document(
        await target(),
        "aws:iam/rolePolicy:RolePolicy",
        "reader",
        "policy",
      );
      const actions = [Statement].flat().flatMap(({ Action }) => Action as string | string[]);
      expect(actions).to.deep.equal([
        "resource-groups:ListGroupResources",
        "ssm:DescribeInstanceInformation",
        "tag:GetResources",
      ]);
    });
  });

  for (const { partition } of partitions) {
    it(`stays in its partition in ${partition}`, async () => {
      const program = await mockProgram();
      const keys = { buckets: ["central"], keyArns: [`arn:${partition}:kms:r:${LOG}:key/1`] };
      const account = memberAccount(partition);
      new RunTarget("runs", { account, source, output: keys, hasOperator: true }, inMember());
      await program.settled();
      const found = JSON.stringify(program.resources).match(/arn:aws[\w-]*:/g) ?? [];
      expect([...new Set(found)]).to.deep.equal([`arn:${partition}:`]);
    });
  }
});

describe("A bucket for output", () => {
  const members = {
    "an organisation": { ids: [MEMBER], organization: "o-1" },
    "listed accounts": { ids: [MEMBER] },
  };
  for (const [what, accounts] of Object.entries(members)) {
    describe(`of ${what}`, () => {
      const on = JSON.parse(
        JSON.stringify(
          resourcePolicy(
            ...outputAccess(bucketArn, { partition: "aws", accounts }).map((statement) => ({
              ...statement,
              // What the interpolations come to.
              Resource:
                statement.Sid === "RunsLookUpOutput"
                  ? bucketArn
                  : `${bucketArn}/${statement.Sid === "HostsWriteOutput" ? "output" : "invocations"}/\${aws:PrincipalAccount}/*`,
            })),
          ),
        ),
      ) as PolicyDocument;
      const everything = {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
      } as PolicyDocument;

      /** By somebody of a member whose own role allows everything. */
      const lets = (principal: Principal, action: string, path: string, prefix?: string) =>
        may(
          principal,
          everything,
          { action, resource: path === "" ? bucketArn : `${bucketArn}/${path}`, owner: LOG, on },
          prefix === undefined ? {} : { "s3:prefix": prefix },
        );

      it("lets members write output below their own account alone", async () => {
        const host = roleOf("host");
        expect(await lets(host, "s3:PutObject", `output/${MEMBER}/r/run/c/i/p/s/stdout`)).to.be
          .true;
        expect(await lets(host, "s3:PutObjectAcl", `output/${MEMBER}/x`)).to.be.true;
        expect(await lets(host, "s3:PutObject", `output/${OTHER}/x`)).to.be.false;
        expect(await lets(host, "s3:PutObject", "packages/x")).to.be.false;
        for (const action of ["s3:GetObject", "s3:DeleteObject"]) {
          expect(await lets(host, action, `output/${MEMBER}/x`), action).to.be.false;
        }
      });

      it("lets execution roles alone record answers and look up output, of their own account", async () => {
        const run = roleOf(execution);
        const record = `invocations/${MEMBER}/r/run/e.jsonl`;
        expect(await lets(run, "s3:PutObject", record)).to.be.true;
        expect(await lets(roleOf("host"), "s3:PutObject", record)).to.be.false;
        expect(await lets(run, "s3:PutObject", `invocations/${OTHER}/x`)).to.be.false;
        expect(await lets(run, "s3:ListBucket", "", `output/${MEMBER}/r/`)).to.be.true;
        expect(await lets(run, "s3:ListBucket", "", `output/${OTHER}/r/`)).to.be.false;
        expect(await lets(run, "s3:ListBucket", "")).to.be.false;
        expect(await lets(roleOf("host"), "s3:ListBucket", "", `output/${MEMBER}/`)).to.be.false;
      });
    });
  }
});

describe("HostRole with output", () => {
  it("may write only below its account into the buckets, and use their keys only for that", async () => {
    const program = await mockProgram();
    const packages = { accountId: LOG, prefix: "cf" };
    new HostRole("hosts", { account: memberAccount(), packages, features: { output } }, inMember());
    await program.settled();
    const policy = document(program, "aws:iam/rolePolicy:RolePolicy", "", "policy");
    const host = roleOf("hosts");
    const write = { action: "s3:PutObject", owner: MEMBER };
    const path = (account: string) => `${bucketArn}/output/${account}/x`;
    expect(await may(host, policy, { ...write, resource: path(MEMBER) })).to.be.true;
    expect(await may(host, policy, { ...write, resource: path(OTHER) })).to.be.false;
    const Principal = { AWS: `arn:aws:iam::${MEMBER}:root` };
    const open = { Effect: "Allow", Principal, Action: "kms:*", Resource: "*" } as const;
    const on = { Version: "2012-10-17", Statement: [open] } as PolicyDocument;
    const key = { action: "kms:GenerateDataKey", resource: keyArn, owner: LOG, on };
    const through = (service: string, bucket: string) => ({
      "kms:ViaService": service,
      "kms:EncryptionContext:aws:s3:arn": bucket,
    });
    const s3 = "s3.eu-central-1.amazonaws.com";
    expect(await may(host, policy, key, through(s3, bucketArn))).to.be.true;
    expect(await may(host, policy, key, through(s3, "arn:aws:s3:::another"))).to.be.false;
    expect(await may(host, policy, key, through("ec2.eu-central-1.amazonaws.com", bucketArn))).to.be
      .false;
  });
});
