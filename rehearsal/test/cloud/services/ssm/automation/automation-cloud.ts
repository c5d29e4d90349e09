import type { RoleSession } from "../../../../../kernel/principal.js";
import type { AutomationExecution } from "../../../../../runbook/execution.js";
import { allow, policy, trust } from "../../../../support/policies.js";
import type { Place } from "../../../../support/test-cloud.js";
import { MEMBER, TestCloud } from "../../../../support/test-cloud.js";

/** Sleeps, then makes one call. */
export const REST = `schemaVersion: "0.3"
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

/** A cloud with runbooks. */
export class AutomationCloud extends TestCloud {
  async runbook(
    name: string,
    content: string,
    place: Partial<Place> = {},
    more: object = {},
  ): Promise<void> {
    const inputs = { name, documentType: "Automation", documentFormat: "YAML", content, ...more };
    await this.create("aws:ssm/document:Document", name, inputs, place);
  }

  /** Starts `rest`, unless the input names another; gives the execution's id. */
  async startAutomation(input: object): Promise<string> {
    const started = await this.call<{ AutomationExecutionId: string }>(
      "ssm",
      "StartAutomationExecution",
      { DocumentName: "rest", ...input },
    );
    return started.AutomationExecutionId;
  }

  execution(id: string): AutomationExecution {
    const all = [...this.cloud.ssm.automations.executions.all()];
    const found = all.find((execution) => execution.id === id);
    if (found === undefined) throw new Error(`no execution ${id}`);
    return found;
  }
}

/** An account with the runbook `rest` and the roles `starter`, who makes all calls, and `worker`. */
export class StarterCloud extends AutomationCloud {
  readonly roleArn = `arn:aws:iam::${MEMBER}:role/worker`;
  readonly starter: RoleSession = {
    kind: "session",
    account: MEMBER,
    roleArn: `arn:aws:iam::${MEMBER}:role/starter`,
    roleName: "starter",
    sessionName: "me",
    arn: `arn:aws:sts::${MEMBER}:assumed-role/starter/me`,
  };
  protected override caller = this.starter;

  static async make(
    workerTrusts = policy(trust({ Service: "ssm.amazonaws.com" })),
    starterMay: object = policy(allow("*")),
  ): Promise<StarterCloud> {
    const testCloud = new StarterCloud();
    const looks = policy(allow("ec2:DescribeInstances", { Sid: "Look" }));
    await testCloud.role("worker", { trusts: workerTrusts, allows: looks });
    await testCloud.role("starter", { allows: starterMay });
    await testCloud.runbook("rest", REST);
    return testCloud;
  }

  /** Starts `rest` as the worker, unless the input says more. */
  start(more: object = {}): Promise<string> {
    return this.startAutomation({ Parameters: { AutomationAssumeRole: [this.roleArn] }, ...more });
  }
}
