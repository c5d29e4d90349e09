import type { CommandsCloud } from "../run-command/commands.js";
import type { Agent } from "../../../../host/agent.js";
import type { ScheduledRun } from "../../../../kernel/scheduled-run.js";
import { AwsError, messageOf, NotRehearsed } from "../../../../kernel/errors.js";
import { LATENCY } from "../../../../kernel/latency.js";
import type { Instance } from "../../../../kernel/instance.js";
import type { Association } from "./association.js";
import { outputOf } from "./association.js";
import { readCommand } from "../run-command/command-content.js";
import { keepOutput } from "../run-command/command-output-kept.js";
import { checkParameters } from "../run-command/command-parameters.js";
import { worstOf } from "../run-command/command-run.js";
import { limitOf } from "../run-command/command-status.js";
import { versionOf } from "../documents/document.js";
import { parseContent } from "../documents/document-content.js";
import { DocumentSteps } from "../run-command/document-steps.js";

/**
 * One execution of an association: agents fetch it and execute it. What an agent that is away misses, it
 * gets when it is back.
 */
export class AssociationRun {
  private readonly id: string;
  private readonly waiting: Instance[];
  private failed = 0;

  constructor(
    private readonly cloud: CommandsCloud,
    private readonly association: Association,
    private readonly instances: readonly Instance[],
  ) {
    this.id = cloud.ids.uuid(`execution of association ${association.id}`);
    this.waiting = [...instances].reverse();
  }

  /** To be spawned: ends with the execution. */
  async run(): Promise<void> {
    const { cloud, association, instances } = this;
    if (instances.length === 0) return this.noteEnd({ status: "Success" });
    const { maxConcurrency = "50", maxErrors = "50" } = association.inputs;
    let steps: DocumentSteps;
    try {
      steps = new DocumentSteps(cloud, this.document());
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const reason = `could not run: ${messageOf(error)}`;
      if (error instanceof NotRehearsed) {
        this.report("warning", reason);
        return this.noteEnd({ status: "NotRehearsed" });
      }
      this.report("failure", reason);
      return this.ended(reason);
    }
    const width = Math.max(1, limitOf(maxConcurrency, instances.length));
    const lanes = Array.from({ length: Math.min(width, instances.length) }, () =>
      cloud.clock.spawn(async () => {
        for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) {
          if (this.failed > limitOf(maxErrors, instances.length)) this.set(next, "Skipped");
          else await this.apply(next, steps);
        }
      }, LATENCY.commandDelivery),
    );
    for (const lane of lanes) await lane.wait();
    this.ended(this.failed === 0 ? undefined : `failed on ${this.failed} of ${instances.length}`);
  }

  private noteEnd(end: Pick<ScheduledRun, "status" | "reason">): void {
    const { account, region, inputs, id } = this.association;
    const name = inputs.associationName ?? id;
    this.cloud.reportScheduledRun({
      ...{ account, region, name },
      hosts: this.instances.length,
      ...end,
    });
  }

  /** Its end, for State Manager as a whole. Source: Systems Manager user guide, "EventBridge event examples". */
  private ended(reason: string | undefined): void {
    const { account, region, inputs, id } = this.association;
    this.noteEnd(reason === undefined ? { status: "Success" } : { status: "Failed", reason });
    this.cloud.events.emit({
      account,
      region,
      source: "aws.ssm",
      detailType: "EC2 State Manager Association State Change",
      resources: [this.cloud.arn("ssm", region, account, `association/${id}`)],
      detail: {
        "association-id": id,
        "document-name": inputs.name,
        status: reason === undefined ? "Success" : "Failed",
      },
    });
  }

  /** As it is now: a new version of a document is what runs from then on. @throws AwsError */
  private document() {
    const { account, region, inputs } = this.association;
    const { name, documentVersion, parameters = {} } = inputs;
    const version = versionOf(this.cloud.ssm.documents.find(account, region, name), {
      DocumentVersion: documentVersion,
    });
    const content = readCommand(parseContent(version.content, version.format));
    // The provider takes one text a parameter.
    const given = Object.fromEntries(
      Object.entries(parameters).map(([key, value]) => [key, [value]]),
    );
    checkParameters(content.parameters, given);
    return { documentName: name, content, parameters: given };
  }

  private async apply(instance: Instance, steps: DocumentSteps): Promise<void> {
    const { account, region, id } = instance;
    const agent = this.cloud.ssm.agents.onlineAgent(account, region, id);
    if (agent === undefined) return this.set(instance, "Pending");
    const status = await this.obey(agent, steps);
    if (status !== "Success") this.failed += 1;
    this.set(instance, status);
  }

  /** The agent asks for its associations, fetches the document and reports the result, all as the host's role. */
  private async obey(agent: Agent, steps: DocumentSteps): Promise<string> {
    const { id: AssociationId, inputs } = this.association;
    const InstanceId = agent.host.instance.id;
    try {
      await agent.call("ssm", "ListInstanceAssociations", { InstanceId });
      await agent.call("ssm", "GetDocument", { Name: inputs.name });
      const status = await this.carryOut(agent, steps);
      const result = { ExecutionDate: this.cloud.clock.iso, Status: status };
      await agent.call("ssm", "UpdateInstanceAssociationStatus", {
        AssociationId,
        InstanceId,
        ExecutionResult: result,
      });
      return status;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      agent.report("failure", `the agent cannot carry out an association: ${messageOf(error)}`);
      return "Failed";
    }
  }

  /** Its output is kept under the instance, the association and its execution. Source: agent's association/executecommand. */
  private async carryOut(agent: Agent, steps: DocumentSteps): Promise<string> {
    const { association, cloud, id } = this;
    const output = outputOf(association.inputs);
    const instance = agent.host.instance;
    const { agents } = cloud.ssm;
    const starts = agents.startsOf(instance.account, instance.region, instance.id);
    const done = [];
    for (const step of this.document().content.steps) {
      const plugin = await steps.run(step, agent);
      if (agents.startsOf(instance.account, instance.region, instance.id) !== starts)
        return "Failed";
      done.push(plugin);
      if (output !== undefined)
        await keepOutput(plugin, agent, [instance.id, association.id, id], output);
    }
    return worstOf(done) === "Success" ? "Success" : "Failed";
  }

  private set({ id, account, region }: Instance, status: string): void {
    this.association.statuses.set(id, status);
    const kind = status === "Success" ? "success" : status === "Failed" ? "failure" : "warning";
    this.report(kind, status, id);
    this.cloud.events.emit({
      account,
      region,
      source: "aws.ssm",
      detailType: "EC2 State Manager Instance Association State Change",
      resources: [this.cloud.arn("ec2", region, account, `instance/${id}`)],
      detail: {
        "association-id": this.association.id,
        "document-name": this.association.inputs.name,
        "instance-id": id,
        status,
      },
    });
  }

  private report(kind: "success" | "failure" | "warning", text: string, instanceId?: string): void {
    const { account, region, inputs, id } = this.association;
    const name = inputs.associationName ?? id;
    this.cloud.report({
      account,
      region,
      ...(instanceId !== undefined && { instanceId }),
      source: "State Manager",
      kind,
      text: `association ${name}: ${text}`,
    });
  }
}
