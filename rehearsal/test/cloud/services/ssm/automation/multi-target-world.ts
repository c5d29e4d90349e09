import { Cloud } from "../../../../../cloud/cloud.js";
import { partitionNamed } from "../../../../../kernel/partition.js";
import type { Emitted } from "../../../../../kernel/ports.js";
import type { AutomationExecution } from "../../../../../runbook/execution.js";
import { Deployer } from "../../../../../program/deployer.js";
import { providerSettings } from "../../../../../program/provider-settings.js";

export const LOG = "111111111111";
export const MEMBERS = ["222222222222", "333333333333", "444444444444"] as const;
export const MANAGEMENT = "999999999999";
export const REGIONS = ["eu-central-1", "us-east-1"] as const;
export const HOME = REGIONS[0];
export const UNITS = { outer: "ou-root-0000aaaa", inner: "ou-root-0000bbbb" } as const;

const ADMINISTRATION = "AWS-SystemsManager-AutomationAdministrationRole";
export const EXECUTION = "AWS-SystemsManager-AutomationExecutionRole";
export const ADMINISTRATOR = `arn:aws:iam::${LOG}:role/${ADMINISTRATION}`;
export const executionRole = (account: string) => `arn:aws:iam::${account}:role/${EXECUTION}`;
export const DOCUMENT = `arn:aws:ssm:${HOME}:${LOG}:document/rest`;

const RUNBOOK = `schemaVersion: "0.3"
assumeRole: "{{ AutomationAssumeRole }}"
parameters:
  AutomationAssumeRole: { type: String, default: "" }
  InstanceId: { type: String, default: "" }
  Seconds: { type: String, default: PT10S }
mainSteps:
  - { name: rest, action: aws:sleep, inputs: { Duration: "{{ Seconds }}" } }
  - { name: look, action: aws:executeAwsApi, inputs: { Service: ec2, Api: describe_instances } }
outputs: [look.OutputPayload]
`;

interface Named {
  readonly name: string;
  readonly [input: string]: unknown;
}
interface Statement {
  readonly Effect: "Allow";
  readonly Action: string | string[];
  readonly Resource?: string;
  readonly Principal?: object;
}
const policy = (...Statement: Statement[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const may = (...Action: string[]): Statement => ({ Effect: "Allow", Action, Resource: "*" });
const trusts = (Principal: object): Statement => ({
  Effect: "Allow",
  Principal,
  Action: "sts:AssumeRole",
});
const SERVICE = { Service: "ssm.amazonaws.com" };

/** A log account with the administration role, and members with the execution role; the runbook `rest` is shared. */
export class MultiTargetWorld {
  readonly cloud = new Cloud({
    partition: partitionNamed("aws"),
    organization: {
      id: "o-spread1234",
      managementAccount: MANAGEMENT,
      accounts: [
        { id: LOG, name: "log", status: "ACTIVE" },
        { id: MANAGEMENT, name: "management", status: "ACTIVE" },
        { id: MEMBERS[0], name: "one", status: "ACTIVE", unit: UNITS.outer },
        { id: MEMBERS[1], name: "two", status: "ACTIVE", unit: UNITS.inner },
        { id: MEMBERS[2], name: "three", status: "SUSPENDED", unit: UNITS.outer },
      ],
      units: [
        { id: UNITS.outer, name: "outer" },
        { id: UNITS.inner, name: "inner", unit: UNITS.outer },
      ],
      delegated: { "ssm.amazonaws.com": [LOG] },
    },
  });
  readonly events: Emitted[] = [];

  static async make(shared: readonly string[] = MEMBERS): Promise<MultiTargetWorld> {
    const world = new MultiTargetWorld();
    const emit = world.cloud.events.emit.bind(world.cloud.events);
    world.cloud.events.emit = (event) => {
      world.events.push(event);
      return emit(event);
    };
    await world.role(LOG, ADMINISTRATION, policy(trusts(SERVICE)), [
      "sts:AssumeRole",
      "organizations:ListAccountsForParent",
      "organizations:ListOrganizationalUnitsForParent",
      "ec2:DescribeInstances",
      "tag:GetResources",
    ]);
    for (const account of MEMBERS) {
      const trust = policy(trusts(SERVICE), trusts({ AWS: ADMINISTRATOR }));
      await world.role(account, EXECUTION, trust, [
        "ssm:StartAutomationExecution",
        "iam:PassRole",
        "ec2:DescribeInstances",
        "tag:GetResources",
      ]);
    }
    for (const region of REGIONS) await world.document("rest", RUNBOOK, region, shared);
    return world;
  }

  async document(
    name: string,
    content: string,
    region: string = HOME,
    shared: readonly string[] = [],
  ): Promise<void> {
    await this.create(LOG, region, "aws:ssm/document:Document", {
      name,
      documentType: "Automation",
      documentFormat: "YAML",
      targetType: "/AWS::EC2::Instance",
      content,
      ...(shared.length > 0 && {
        permissions: { type: "Share", account_ids: shared.join(",") },
      }),
    });
  }

  async role(account: string, name: string, trust: string, actions: string[]): Promise<void> {
    const inputs = { name, assumeRolePolicy: trust };
    await this.create(account, HOME, "aws:iam/role:Role", inputs);
    const inline = { name: "may", role: name, policy: policy(may(...actions)) };
    await this.create(account, HOME, "aws:iam/rolePolicy:RolePolicy", inline);
  }

  create(account: string, region: string, type: string, inputs: Named) {
    const deployer = new Deployer(this.cloud, providerSettings({}, account), __dirname);
    return deployer.create({ type, name: inputs.name, region, inputs });
  }

  call<Output>(operation: string, input: object, account: string = LOG, region: string = HOME) {
    return this.cloud.call<Output>({
      principal: this.cloud.sts.operator(account),
      account,
      region,
      service: "ssm",
      operation,
      input,
    });
  }

  /** Starts `rest` in the log account and lets everything run to its end. */
  async run(input: object): Promise<AutomationExecution> {
    const execution = await this.start(input);
    await this.cloud.clock.run();
    return execution;
  }

  async start(input: object): Promise<AutomationExecution> {
    const { AutomationExecutionId: id } = await this.call<{ AutomationExecutionId: string }>(
      "StartAutomationExecution",
      { DocumentName: "rest", ...input },
    );
    return this.execution(id);
  }

  execution(id: string): AutomationExecution {
    const all = [...this.cloud.ssm.automations.executions.all()];
    const found = all.find((execution) => execution.id === id);
    if (found === undefined) throw new Error(`no execution ${id}`);
    return found;
  }

  /** `account region status` of an execution's children. */
  children(parent: AutomationExecution): string[] {
    return [...this.cloud.ssm.automations.executions.all()]
      .filter(({ parentId }) => parentId === parent.id)
      .map(({ account, region, status }) => `${account} ${region} ${status}`);
  }
}

/** `name status` of an execution's steps. */
export const stepsOf = ({ steps }: AutomationExecution) =>
  steps.map(({ name, status }) => `${name} ${status}`);
