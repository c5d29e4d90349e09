import { expect } from "chai";
import type { Account } from "../../../components/account.js";
import { permissions } from "../../../components/policy.js";
import {
  mayDeliverLogs,
  mayEncryptMessages,
  mayQueryForRoute,
  mayStartRoutes,
  mayNotify,
  routeMachine,
  routeRules,
} from "../../../components/results/route-grants.js";
import { Authorization } from "../../../rehearsal/cloud/iam/authorization.js";
import type { PolicyDocument } from "../../../rehearsal/kernel/access.js";
import type { Principal } from "../../../rehearsal/kernel/principal.js";

const LOG = "111111111111";
const REGION = "eu-central-1";
const account: Account = { id: LOG, partition: "aws" };
const here = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${LOG}:${rest}`;
const keyArn = here("kms", "key/1");

const role: Principal = {
  kind: "session",
  account: LOG,
  roleName: "route",
  roleArn: `arn:aws:iam::${LOG}:role/route`,
  sessionName: "s",
  arn: `arn:aws:sts::${LOG}:assumed-role/route/s`,
};

/** A key whose policy leaves it to the account's IAM. */
const keyPolicy: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${LOG}:root` },
      Action: "kms:*",
      Resource: "*",
    },
  ],
};

/** Whether a role with these statements may do it. */
async function may(
  policy: object,
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const identity = [{ place: "role", document: policy as PolicyDocument }];
  const ofKey = { resourcePolicy: { place: "key", document: keyPolicy } };
  const access = { action, resource, resourceAccount: LOG, ...(resource === keyArn && ofKey) };
  const all = { "aws:PrincipalAccount": LOG, ...context };
  return (await new Authorization().decide(role, identity, access, all)) === undefined;
}

describe("The key of the topics", () => {
  it("is used through SNS of the Region alone, which China names by a suffix of its own", () => {
    const services = (partition: Account["partition"], region: string) =>
      mayEncryptMessages({ id: LOG, partition }, region, keyArn).Condition;
    const through = (service: string) => ({ StringEquals: { "kms:ViaService": service } });
    expect(services("aws", REGION)).to.deep.equal(through("sns.eu-central-1.amazonaws.com"));
    expect(services("aws-us-gov", "us-gov-west-1")).to.deep.equal(
      through("sns.us-gov-west-1.amazonaws.com"),
    );
    expect(services("aws-cn", "cn-north-1")).to.deep.equal(
      through("sns.cn-north-1.amazonaws.com.cn"),
    );
  });
});

describe("The role of a route", () => {
  const policy = permissions(
    mayQueryForRoute(account, REGION, "cf"),
    mayNotify([here("sns", "cf-route-disks")]),
    mayEncryptMessages(account, REGION, keyArn),
    mayDeliverLogs(),
  );
  const sns = { "kms:ViaService": `sns.${REGION}.amazonaws.com` };
  const cases: [
    what: string,
    allowed: boolean,
    action: string,
    resource: string,
    context?: object,
  ][] = [
    ["asks", true, "athena:StartQueryExecution", here("athena", "workgroup/cf-runs")],
    ["asks elsewhere", false, "athena:StartQueryExecution", here("athena", "workgroup/primary")],
    ["changes the bound", false, "athena:UpdateWorkGroup", here("athena", "workgroup/cf-runs")],
    ["tells", true, "sns:Publish", here("sns", "cf-route-disks")],
    ["tells others", false, "sns:Publish", here("sns", "cf-route-ops")],
    ["has messages encrypted", true, "kms:GenerateDataKey", keyArn, sns],
    ["encrypts by itself", false, "kms:GenerateDataKey", keyArn],
    ["reads a log", false, "logs:GetLogEvents", here("logs", "log-group:cf:log-stream:x")],
    ["starts a route", false, "states:StartExecution", here("states", "stateMachine:cf-route-x")],
  ];
  for (const [what, allowed, action, resource, context] of cases) {
    it(`${allowed ? "lets" : "does not let"} it: it ${what}`, async () => {
      expect(await may(policy, action, resource, { ...context })).to.equal(allowed);
    });
  }

  it("is Step Functions' for this state machine alone", () => {
    for (const partition of ["aws", "aws-cn"] as const) {
      const { Principal, Condition } = routeMachine({ id: LOG, partition }, REGION, "cf", "disks");
      expect(Principal).to.deep.equal({ Service: "states.amazonaws.com" });
      expect(Condition).to.deep.equal({
        StringEquals: { "aws:SourceAccount": LOG },
        ArnEquals: {
          "aws:SourceArn": `arn:${partition}:states:${REGION}:${LOG}:stateMachine:cf-route-disks`,
        },
      });
    }
  });
});

describe("The role of routes' schedules", () => {
  it("starts the state machines of routes and no other", async () => {
    const machine = here("states", "stateMachine:cf-route-disks");
    const policy = permissions(mayStartRoutes([machine]));
    expect(await may(policy, "states:StartExecution", machine)).to.equal(true);
    expect(await may(policy, "states:StartExecution", `${machine}2`)).to.equal(false);
    expect(await may(policy, "states:DeleteStateMachine", machine)).to.equal(false);
  });

  it("is EventBridge's for the rules of routes alone", () => {
    expect(routeRules(account, REGION, "cf").Condition).to.deep.equal({
      StringEquals: { "aws:SourceAccount": LOG },
      ArnLike: { "aws:SourceArn": here("events", "rule/cf-route-*") },
    });
  });
});
