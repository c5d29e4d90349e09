import type { Organization } from "../../../../../kernel/organization.js";
import type { AutomationExecution } from "../../../../../runbook/execution.js";
import { allow, policy, trust } from "../../../../support/policies.js";
import { LOG, REGION } from "../../../../support/test-cloud.js";
import { AutomationCloud, REST } from "./automation-cloud.js";

export const MEMBERS = ["222222222222", "333333333333", "444444444444"] as const;
export const MANAGEMENT = "999999999999";
export const REGIONS = [REGION, "us-east-1"] as const;
export const UNITS = { outer: "ou-root-0000aaaa", inner: "ou-root-0000bbbb" } as const;

const ADMINISTRATION = "AWS-SystemsManager-AutomationAdministrationRole";
export const EXECUTION = "AWS-SystemsManager-AutomationExecutionRole";
export const ADMINISTRATOR = `arn:aws:iam::${LOG}:role/${ADMINISTRATION}`;
export const executionRole = (account: string) => `arn:aws:iam::${account}:role/${EXECUTION}`;
export const DOCUMENT = `arn:aws:ssm:${REGION}:${LOG}:document/rest`;

const ORGANIZATION: Organization = {
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
};
const LOOKS = ["ec2:DescribeInstances", "tag:GetResources"];
const ADMINISTERS = [
  "sts:AssumeRole",
  "organizations:ListAccountsForParent",
  "organizations:ListOrganizationalUnitsForParent",
];
const EXECUTES = ["ssm:StartAutomationExecution", "iam:PassRole"];
// Each test says which instance it is for; one that it does not name would be one too many.
const RUNBOOK = REST.replace("i-0123456789abcdef0", '""');

/** A log account with the administration role, and members with the execution role; the runbook `rest` is shared. */
export class MultiTargetCloud extends AutomationCloud {
  protected override caller = this.operator(LOG);

  static async make(shared: readonly string[] = MEMBERS): Promise<MultiTargetCloud> {
    const testCloud = new MultiTargetCloud({ organization: ORGANIZATION });
    const allows = policy(allow([...ADMINISTERS, ...LOOKS]));
    await testCloud.role(ADMINISTRATION, { account: LOG, allows });
    for (const account of MEMBERS) {
      await testCloud.role(EXECUTION, {
        account,
        trusts: policy(trust({ Service: "ssm.amazonaws.com" }), trust({ AWS: ADMINISTRATOR })),
        allows: policy(allow([...EXECUTES, ...LOOKS])),
      });
    }
    for (const region of REGIONS) await testCloud.logRunbook("rest", RUNBOOK, region, shared);
    return testCloud;
  }

  /** A runbook of the log account. */
  async logRunbook(
    name: string,
    content: string,
    region: string = REGION,
    shared: readonly string[] = [],
  ): Promise<void> {
    const permissions = { type: "Share", account_ids: shared.join(",") };
    const more = { targetType: "/AWS::EC2::Instance", ...(shared.length > 0 && { permissions }) };
    await this.runbook(name, content, { account: LOG, region }, more);
  }

  /** Starts `rest` in the log account and lets everything run to its end. */
  async run(input: object): Promise<AutomationExecution> {
    const execution = await this.start(input);
    await this.cloud.clock.run();
    return execution;
  }

  async start(input: object): Promise<AutomationExecution> {
    return this.execution(await this.startAutomation(input));
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
