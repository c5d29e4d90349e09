import { Cloud } from "../../../../../cloud/cloud.js";
import { AwsError } from "../../../../../kernel/errors.js";
import type { Emitted } from "../../../../../kernel/ports.js";
import { partitionNamed } from "../../../../../kernel/partition.js";
import type { RoleSession } from "../../../../../kernel/principal.js";
import { Deployer } from "../../../../../program/deployer.js";
import { providerSettings } from "../../../../../program/provider-settings.js";

export const ACCOUNT = "111122223333";
export const REGION = "eu-central-1";

const RUNBOOK = `schemaVersion: "0.3"
assumeRole: "{{ AutomationAssumeRole }}"
parameters:
  AutomationAssumeRole: { type: String, default: "" }
  InstanceId: { type: String, default: i-0123456789abcdef0 }
  Seconds: { type: String, default: PT10S }
mainSteps:
  - { name: rest, action: aws:sleep, inputs: { Duration: "{{ Seconds }}" } }
  - { name: look, action: aws:executeAwsApi, inputs: { Service: ec2, Api: describe_instances } }
outputs: [look.OutputPayload]
`;

export const allow = (Action: string | string[], Resource: string | string[] = "*") => ({
  Version: "2012-10-17",
  Statement: [{ Sid: "It", Effect: "Allow", Action, Resource }],
});

export const trust = (more: object = {}) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "ssm.amazonaws.com" },
      Action: "sts:AssumeRole",
      ...more,
    },
  ],
});

/** An account with the runbook `rest` and the roles `starter` and `worker`. */
export class World {
  readonly events: Emitted[] = [];
  readonly roleArn = `arn:aws:iam::${ACCOUNT}:role/worker`;
  readonly starter: RoleSession = {
    kind: "session",
    account: ACCOUNT,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/starter`,
    roleName: "starter",
    sessionName: "me",
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/starter/me`,
  };

  private constructor(readonly cloud: Cloud) {}

  static async make(workerTrust = trust(), starterMay: object = allow("*")): Promise<World> {
    const cloud = new Cloud({
      partition: partitionNamed("aws"),
      organization: { id: "o-1", managementAccount: ACCOUNT, accounts: [] },
    });
    const deployer = new Deployer(cloud, providerSettings({}, ACCOUNT), __dirname);
    const create = (type: string, inputs: Record<string, unknown>) =>
      deployer.create({ type, name: String(inputs.name), region: REGION, inputs });
    await create("aws:iam/role:Role", {
      name: "worker",
      assumeRolePolicy: JSON.stringify(workerTrust),
    });
    await create("aws:iam/rolePolicy:RolePolicy", {
      name: "may",
      role: "worker",
      policy: JSON.stringify(allow("ec2:DescribeInstances")),
    });
    await create("aws:iam/role:Role", {
      name: "starter",
      assumeRolePolicy: JSON.stringify(trust()),
    });
    await create("aws:iam/rolePolicy:RolePolicy", {
      name: "may",
      role: "starter",
      policy: JSON.stringify(starterMay),
    });
    await create("aws:ssm/document:Document", {
      name: "rest",
      documentType: "Automation",
      documentFormat: "YAML",
      content: RUNBOOK,
    });
    const world = new World(cloud);
    const emit = cloud.events.emit.bind(cloud.events);
    cloud.events.emit = (event) => {
      world.events.push(event);
      return emit(event);
    };
    return world;
  }

  call<Output>(operation: string, input: object): Promise<Output> {
    const { cloud, starter: principal } = this;
    return cloud.call<Output>({
      principal,
      account: ACCOUNT,
      region: REGION,
      service: "ssm",
      operation,
      input,
    });
  }

  async start(more: object = {}): Promise<string> {
    const Parameters = { AutomationAssumeRole: [this.roleArn] };
    const output = await this.call<{ AutomationExecutionId: string }>("StartAutomationExecution", {
      DocumentName: "rest",
      Parameters,
      ...more,
    });
    return output.AutomationExecutionId;
  }

  execution(id: string) {
    const found = this.cloud.ssm.automations.executions.in(ACCOUNT, REGION).get(id);
    if (found === undefined) throw new Error(`no execution ${id}`);
    return found;
  }
}

/** The AWS error that a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<AwsError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error("the call was not refused");
}
