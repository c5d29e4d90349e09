import { expect } from "chai";
import type { Access, Denial, PlacedPolicy, PolicyStatement } from "../../../kernel/access.js";
import { Authorization, denialMessage } from "../../../cloud/iam/authorization.js";
import { managedPolicy } from "../../../cloud/iam/managed-policies.js";
import type { Principal } from "../../../kernel/principal.js";

const ACCOUNT = "222222222222";
const INSTANCE = `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-0123456789abcdef0`;

const session: Principal = {
  kind: "session",
  account: ACCOUNT,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/automation`,
  roleName: "automation",
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/automation/run`,
  sessionName: "run",
};
const events: Principal = {
  kind: "service",
  service: "events.amazonaws.com",
  sourceAccount: ACCOUNT,
  sourceArn: `arn:aws:events:eu-central-1:${ACCOUNT}:rule/running`,
};

const allow = (statement: Omit<PolicyStatement, "Effect">): PolicyStatement => ({
  Effect: "Allow",
  ...statement,
});
const deny = (statement: Omit<PolicyStatement, "Effect">): PolicyStatement => ({
  Effect: "Deny",
  ...statement,
});
const policy = (place: string, ...Statement: PolicyStatement[]): PlacedPolicy => ({
  place,
  document: { Version: "2012-10-17", Statement },
});
const access = (given: Partial<Access> & { action: string }): Access => ({
  resource: "*",
  resourceAccount: ACCOUNT,
  ...given,
});

describe("Authorization", () => {
  const decide = (
    principal: Principal,
    identity: PlacedPolicy[],
    wanted: Access,
    context: Record<string, string> = {},
  ): Promise<Denial | undefined> =>
    new Authorization().decide(principal, identity, wanted, context);

  it("allows what an identity policy allows", async () => {
    const identity = [
      policy("p", allow({ Sid: "Look", Action: "ec2:DescribeInstances", Resource: "*" })),
    ];
    expect(await decide(session, identity, access({ action: "ec2:DescribeInstances" }))).to.equal(
      undefined,
    );
  });

  it("says which statement is missing, and where", async () => {
    const denial = await decide(
      session,
      [],
      access({ action: "ssm:SendCommand", resource: INSTANCE }),
    );
    expect(denial?.missing).to.deep.equal([
      {
        place: "a policy of role automation",
        statement: { Effect: "Allow", Action: "ssm:SendCommand", Resource: INSTANCE },
      },
    ]);
    expect(denial && denialMessage(denial)).to.equal(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/automation/run is not authorized to perform: ssm:SendCommand on ` +
        `resource: ${INSTANCE} because no identity-based policy allows the ssm:SendCommand action`,
    );
  });

  it("does not let a statement for one resource cover an action that knows no resources", async () => {
    const identity = [
      policy("p", allow({ Sid: "Narrow", Action: "ec2:DescribeInstances", Resource: INSTANCE })),
    ];
    const denial = await decide(session, identity, access({ action: "ec2:DescribeInstances" }));
    expect(denial?.nearly).to.deep.equal([`Narrow (p): it covers "${INSTANCE}"`]);
  });

  it("distinguishes a condition that does not hold from a missing statement", async () => {
    const Condition = { StringEquals: { "ssm:resourceTag/cf.ec2.bootstrap.enabled": "true" } };
    const identity = [
      policy(
        "p",
        allow({
          Sid: "Tagged",
          Action: "ssm:SendCommand",
          Resource: "arn:aws:ec2:*:*:instance/*",
          Condition,
        }),
      ),
    ];
    const wanted = (enabled: string) =>
      access({
        action: "ssm:SendCommand",
        resource: INSTANCE,
        context: { "ssm:resourceTag/cf.ec2.bootstrap.enabled": enabled },
      });
    expect(await decide(session, identity, wanted("true"))).to.equal(undefined);
    const denial = await decide(session, identity, wanted("false"));
    expect(denial?.nearly).to.deep.equal([
      `Tagged (p): its condition does not hold: ${JSON.stringify(Condition)}`,
    ]);
  });

  it("ignores condition keys that AWS does not send with the action", async () => {
    const Condition = { StringEquals: { "ec2:ResourceTag/team": "a" } };
    const identity = [
      policy("p", allow({ Sid: "Wrong", Action: "ssm:SendCommand", Resource: "*", Condition })),
    ];
    const context = { "ec2:ResourceTag/team": "a" };
    const denial = await decide(
      session,
      identity,
      access({ action: "ssm:SendCommand", resource: INSTANCE, context }),
    );
    expect(denial?.action).to.equal("ssm:SendCommand");
  });

  it("names the statement that denies, in whichever policy it stands", async () => {
    const identity = [policy("p", allow({ Action: "s3:*", Resource: "*" }))];
    const resourcePolicy = policy(
      "the bucket policy of logs",
      deny({
        Sid: "TlsOnly",
        Principal: "*",
        Action: "s3:*",
        Resource: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    );
    const wanted = access({
      action: "s3:GetObject",
      resource: "arn:aws:s3:::logs/a",
      resourcePolicy,
    });
    expect(await decide(session, identity, wanted, { "aws:SecureTransport": "true" })).to.equal(
      undefined,
    );
    const denial = await decide(session, identity, wanted, { "aws:SecureTransport": "false" });
    expect(denial?.denied).to.deep.equal({ place: "the bucket policy of logs", sid: "TlsOnly" });
    expect(denial?.missing).to.deep.equal([]);
  });

  it("lets a service in by a resource policy whose confused-deputy condition holds, and only then", async () => {
    const trust = (account: string) =>
      policy(
        "the trust policy of role rules",
        allow({
          Sid: "Rules",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        }),
      );
    const wanted = (account: string) =>
      access({
        action: "sts:AssumeRole",
        resource: `arn:aws:iam::${ACCOUNT}:role/rules`,
        resourcePolicy: trust(account),
      });
    const context = { "aws:SourceAccount": ACCOUNT };
    expect(await decide(events, [], wanted(ACCOUNT), context)).to.equal(undefined);
    const denial = await decide(events, [], wanted("111111111111"), context);
    expect(denial?.missing).to.deep.equal([
      {
        place: "the trust policy of role rules",
        statement: {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "events.amazonaws.com" },
        },
      },
    ]);
    expect(denial?.nearly).to.have.length(1);
  });

  it("needs both sides for a key: its policy must let the account's own policies count", async () => {
    const key = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
    const identity = [policy("p", allow({ Action: "kms:Decrypt", Resource: key }))];
    const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
    const open = policy(
      "the key policy",
      allow({ Principal: root, Action: "kms:*", Resource: "*" }),
    );
    const closed = policy(
      "the key policy",
      allow({ Principal: root, Action: "kms:DescribeKey", Resource: "*" }),
    );
    const wanted = { action: "kms:Decrypt", resource: key };
    expect(await decide(session, identity, access({ ...wanted, resourcePolicy: open }))).to.equal(
      undefined,
    );
    const noIdentity = await decide(session, [], access({ ...wanted, resourcePolicy: open }));
    expect(noIdentity?.missing.map(({ place }) => place)).to.deep.equal([
      "a policy of role automation",
    ]);
    const noKey = await decide(session, identity, access({ ...wanted, resourcePolicy: closed }));
    expect(noKey?.missing.map(({ place }) => place)).to.deep.equal(["the key policy"]);
  });

  it("serves other instances from one decision, but not where a policy names an instance", async () => {
    const authorization = new Authorization();
    const other = INSTANCE.replace("i-0123456789abcdef0", "i-0fedcba9876543210");
    const policies = [policy("p", allow({ Action: "ssm:SendCommand", Resource: INSTANCE }))];
    const ask = (identity: PlacedPolicy[], resource: string) =>
      authorization.decide(session, identity, access({ action: "ssm:SendCommand", resource }), {});
    expect(await ask(policies, INSTANCE)).to.equal(undefined);
    expect((await ask(policies, other))?.resource).to.equal(other);
    const all = [
      policy("p", allow({ Action: "ssm:SendCommand", Resource: "arn:aws:ec2:*:*:instance/*" })),
    ];
    expect(await ask(all, INSTANCE)).to.equal(undefined);
    expect(await ask(all, other)).to.equal(undefined);
  });

  it("distinguishes instances where a policy has a part of an id", async () => {
    const authorization = new Authorization();
    const other = INSTANCE.replace("i-0123456789abcdef0", "i-0fedcba9876543210");
    for (const pattern of ["instance/i-01*", "instance/i-*def0"]) {
      const Resource = `arn:aws:ec2:*:*:${pattern}`;
      const some = [policy("p", allow({ Action: "ssm:SendCommand", Resource }))];
      const ask = (resource: string) =>
        authorization.decide(session, some, access({ action: "ssm:SendCommand", resource }), {});
      expect(await ask(INSTANCE), pattern).to.equal(undefined);
      expect((await ask(other))?.resource, pattern).to.equal(other);
    }
  });

  it("knows who owns the resource, and which organisation they are in", async () => {
    const authorization = new Authorization((account) => (account === ACCOUNT ? "o-1" : undefined));
    const assume = (StringEquals: object, resourceAccount: string) => {
      const resource = `arn:aws:iam::${resourceAccount}:role/worker`;
      const open = policy(
        "trust",
        allow({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "sts:AssumeRole" }),
      );
      const wanted = access({ action: "sts:AssumeRole", resource, resourceAccount });
      const Statement = { Action: "sts:AssumeRole", Resource: "*", Condition: { StringEquals } };
      const identity = [policy("p", allow(Statement))];
      return authorization.decide(session, identity, { ...wanted, resourcePolicy: open }, {});
    };
    for (const own of [{ "aws:ResourceAccount": ACCOUNT }, { "aws:ResourceOrgID": "o-1" }]) {
      expect(await assume(own, ACCOUNT)).to.equal(undefined);
      expect((await assume(own, "333333333333"))?.action).to.equal("sts:AssumeRole");
    }
  });

  it("remembers what it allowed, for all that differ in what no policy mentions", async () => {
    const authorization = new Authorization();
    const Condition = { StringEquals: { "aws:ResourceTag/Team": "a" } };
    const team = [policy("p", allow({ Action: "ec2:CreateTags", Resource: "*", Condition }))];
    const wanted = (tags: Record<string, string>) =>
      access({ action: "ec2:CreateTags", resource: INSTANCE, context: tags });
    const first = wanted({ "aws:ResourceTag/Team": "a", "aws:RequestTag/time": "1" });
    expect(authorization.isKnownToAllow(session, team, first, {})).to.equal(false);
    expect(await authorization.decide(session, team, first, {})).to.equal(undefined);
    const second = wanted({ "aws:resourcetag/team": "a", "aws:RequestTag/time": "2" });
    expect(authorization.isKnownToAllow(session, team, second, {})).to.equal(true);
    const others: Access[] = [
      wanted({ "aws:ResourceTag/Team": "b" }),
      wanted({}),
      { ...first, action: "ec2:DeleteTags" },
      { ...first, resource: INSTANCE.replace("instance", "volume") },
      { ...first, resourceAccount: "333333333333" },
      { ...first, resourcePolicy: policy("r", allow({ Action: "ec2:*", Resource: "*" })) },
    ];
    for (const other of others) {
      expect(authorization.isKnownToAllow(session, team, other, {})).to.equal(false);
    }
    expect(authorization.isKnownToAllow(events, team, first, {})).to.equal(false);
    expect(authorization.isKnownToAllow(session, [...team], first, {})).to.equal(false);
  });

  it("keeps an instance that acts on itself apart from one that acts on another", async () => {
    const authorization = new Authorization();
    const other = INSTANCE.replace("i-0123456789abcdef0", "i-0fedcba9876543210");
    const Condition = { StringEquals: { "aws:ResourceTag/self": "${ec2:SourceInstanceARN}" } };
    const self = [
      policy("p", allow({ Sid: "Self", Action: "ec2:CreateTags", Resource: "*", Condition })),
    ];
    const ask = (source: string, target: string) => {
      const context = { "ec2:SourceInstanceARN": source, "aws:ResourceTag/self": target };
      const wanted = access({ action: "ec2:CreateTags", resource: target, context });
      return authorization.decide(session, self, wanted, {});
    };
    expect(await ask(INSTANCE, INSTANCE)).to.equal(undefined);
    expect((await ask(INSTANCE, other))?.resource).to.equal(other);
    expect(await ask(other, other)).to.equal(undefined);
  });

  it("evaluates AWS's managed policies by their text", async () => {
    const identity = [
      {
        place: "managed",
        document: managedPolicy("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
      },
    ];
    expect(
      await decide(session, identity, access({ action: "ssmmessages:OpenControlChannel" })),
    ).to.equal(undefined);
    const denial = await decide(
      session,
      identity,
      access({ action: "ssm:SendCommand", resource: INSTANCE }),
    );
    expect(denial?.action).to.equal("ssm:SendCommand");
  });
});
