import { Cloud } from "../../cloud/cloud.js";
import { partitionNamed } from "../../kernel/partition.js";
import type { RoleSession } from "../../kernel/principal.js";
import type { Properties } from "../../kernel/resource.js";
import type { Deployed } from "../../program/deployer.js";
import { Deployer } from "../../program/deployer.js";
import { providerSettings } from "../../program/provider-settings.js";

export const ACCOUNT = "222222222222";
export const OTHER = "333333333333";
export const REGION = "eu-central-1";

/** One account, for what a service takes and answers. */
export class AccountWorld {
  readonly cloud: Cloud;
  readonly deployer: Deployer;

  constructor(partition = "aws") {
    this.cloud = new Cloud({
      partition: partitionNamed(partition),
      organization: {
        id: "o-world12345",
        managementAccount: OTHER,
        accounts: [{ id: ACCOUNT, name: "one", status: "ACTIVE" }],
      },
    });
    this.deployer = new Deployer(this.cloud, providerSettings({}, ACCOUNT), ".");
  }

  /** Deploys a resource; without a name of its own in the inputs it gets one, where its type has names. */
  create(type: string, name: string, inputs: Properties = {}): Promise<Deployed> {
    return this.deployer.create({ type, name, region: REGION, inputs });
  }

  /** A key that these principals may use for everything. */
  async key(...principals: object[]): Promise<string> {
    const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
    const statements = [root, ...principals].map((Principal) => ({
      Effect: "Allow",
      Principal,
      Action: "kms:*",
      Resource: "*",
    }));
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
    const { state } = await this.create("aws:kms/key:Key", "key", { policy });
    return String(state["arn"]);
  }

  /** A role of the account that may do just this, as a session. */
  async role(Action: readonly string[], more: object = {}): Promise<RoleSession> {
    const trust = { Effect: "Allow", Principal: { Service: "ssm.amazonaws.com" } };
    await this.create("aws:iam/role:Role", "worker", {
      name: "worker",
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [{ ...trust, Action: "sts:AssumeRole" }],
      },
    });
    const statement = { Effect: "Allow", Action, Resource: "*", ...more };
    await this.create("aws:iam/rolePolicy:RolePolicy", "may", {
      name: "may",
      role: "worker",
      policy: { Version: "2012-10-17", Statement: [statement] },
    });
    return this.cloud.sts.assume({
      principal: { kind: "service", service: "ssm.amazonaws.com", sourceAccount: ACCOUNT },
      roleArn: `arn:aws:iam::${ACCOUNT}:role/worker`,
      sessionName: "me",
      region: REGION,
    });
  }

  call<Output>(
    service: string,
    operation: string,
    input: object,
    principal: RoleSession = this.cloud.sts.operator(ACCOUNT),
  ): Promise<Output> {
    const where = { account: ACCOUNT, region: REGION };
    return this.cloud.call<Output>({ principal, ...where, service, operation, input });
  }

  /** What the timeline tells of one source. */
  timelineOf(source: string): string[] {
    return this.cloud.timeline.filter((entry) => entry.source === source).map(({ text }) => text);
  }
}

/** A resource policy that lets a service do something. */
export function letsService(Service: string, Action: string, Condition?: object): object {
  const statement = { Effect: "Allow", Principal: { Service }, Action, Resource: "*" };
  return {
    Version: "2012-10-17",
    Statement: [Condition === undefined ? statement : { ...statement, Condition }],
  };
}
