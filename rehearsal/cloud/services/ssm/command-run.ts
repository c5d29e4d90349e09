import { type Agent } from "../../../host/agent.js";
import { executionTimeout } from "../../../host/plugins/run-shell-script.js";
import { type Cloud } from "../../cloud.js";
import { AwsError, messageOf } from "../../errors.js";
import { LATENCY } from "../../latency.js";
import {
  type Command,
  hasEnded,
  type Invocation,
  type InvocationDetails,
  type PluginRun,
} from "./command.js";
import {
  hasTooManyErrors,
  limitOf,
  outcomeOf,
  setCommand,
  setInvocation,
} from "./command-status.js";
import { type CommandStep } from "./command-content.js";
import { resolveInputs } from "./command-parameters.js";

/** Seconds that a command may take beside its delivery: what its steps are given. Source: user guide, "Total timeout". */
export function executionSeconds(
  steps: readonly CommandStep[],
  resolve: (step: CommandStep) => Readonly<Record<string, unknown>>,
): number {
  return (
    steps.reduce((sum, step) => sum + executionTimeout(resolve(step)["timeoutSeconds"]), 0) ||
    executionTimeout(undefined)
  );
}

/** Sends one command to its instances and follows it to the end. */
export class CommandRun {
  constructor(
    private readonly cloud: Cloud,
    private readonly command: Command,
  ) {}

  /** To be spawned: ends with the command. */
  async run(): Promise<void> {
    const { command } = this;
    const waiting = [...command.invocations.values()];
    const width = Math.max(1, limitOf(command.maxConcurrency, waiting.length));
    const lanes = Array.from({ length: Math.min(width, waiting.length) }, () =>
      this.cloud.clock.spawn(() => this.lane(waiting)),
    );
    for (const lane of lanes) await lane.wait();
    if (!command.cancelled) setCommand(this.cloud, command, outcomeOf(command));
  }

  /** Serves one instance after the other, until there is none left or too many failed. */
  private async lane(waiting: Invocation[]): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (hasEnded(next.details)) continue;
      if (hasTooManyErrors(this.command))
        setInvocation(this.cloud, this.command, next, "Terminated");
      else await this.invoke(next);
    }
  }

  private async invoke(invocation: Invocation): Promise<void> {
    await this.cloud.clock.sleep(LATENCY.commandDelivery);
    const agent = await this.reach(invocation);
    if (agent === undefined || this.command.cancelled) return;
    const { account, region } = this.command;
    const { agents } = this.cloud.ssm;
    const starts = agents.startsOf(account, region, invocation.instanceId);
    setCommand(this.cloud, this.command, "InProgress");
    setInvocation(this.cloud, this.command, invocation, "InProgress");
    for (const step of this.command.content.steps) {
      const plugin = await this.runStep(step, agent);
      const gone = agents.onlineAgent(account, region, invocation.instanceId) === undefined;
      if (gone || agents.startsOf(account, region, invocation.instanceId) !== starts)
        return this.lose(invocation);
      if (this.command.cancelled) return;
      invocation.plugins.push(plugin);
      await this.upload(plugin, agent);
    }
    setInvocation(this.cloud, this.command, invocation, detailsOf(invocation.plugins));
  }

  /** The agent, once it can be reached; undefined: never, and the invocation has ended. */
  private async reach(invocation: Invocation): Promise<Agent | undefined> {
    const { account, region, expires } = this.command;
    for (;;) {
      if (hasEnded(invocation.details)) return undefined;
      const agent = this.cloud.ssm.agents.onlineAgent(account, region, invocation.instanceId);
      if (agent !== undefined) return agent;
      if (this.isGone(invocation)) {
        setInvocation(this.cloud, this.command, invocation, "Undeliverable");
        return undefined;
      }
      const left = expires - this.cloud.clock.now;
      if (left <= 0) {
        setInvocation(this.cloud, this.command, invocation, "DeliveryTimedOut");
        return undefined;
      }
      await this.cloud.clock.sleep(Math.min(LATENCY.deliveryRetry, left));
    }
  }

  /**
   * The instance went away in the middle: SSM waits for the agent's word until the command expires and then says
   * that it was not delivered. Source: user guide, "How Systems Manager reports timeouts".
   */
  private async lose(invocation: Invocation): Promise<void> {
    const { account, region, expires } = this.command;
    this.cloud.tell({
      account,
      region,
      instanceId: invocation.instanceId,
      source: "Run Command",
      kind: "warning",
      text: `the instance stopped while command ${this.command.id} ran on it; its end is unknown until the command expires`,
    });
    await this.cloud.clock.sleep(Math.max(0, expires - this.cloud.clock.now));
    if (!hasEnded(invocation.details))
      setInvocation(this.cloud, this.command, invocation, "DeliveryTimedOut");
  }

  private isGone({ instanceId }: Invocation): boolean {
    const state = this.cloud.ec2.instances
      .in(this.command.account, this.command.region)
      .get(instanceId)?.state;
    return state === undefined || state === "terminated" || state === "shutting-down";
  }

  private async runStep(step: CommandStep, agent: Agent): Promise<PluginRun> {
    const { content, parameters } = this.command;
    const started = this.cloud.clock.now;
    const { platformType } = agent.host.instance.os;
    const skipped = step.platform !== undefined && step.platform !== platformType;
    const { inputs, unresolved } = resolveInputs(step, content.parameters, parameters);
    for (const what of [...step.unmodelled, ...unresolved.map((name) => `{{ ${name} }}`)]) {
      this.cloud.meetsUnmodelled(`Command document: ${what}`);
    }
    const result = skipped
      ? {
          status: "Success" as const,
          exitCode: 0,
          stderr: "",
          stdout: skippedText(step, platformType),
        }
      : await agent.run(step.action, inputs, this.placeOf(step));
    return {
      name: step.name,
      action: step.action,
      started,
      ended: this.cloud.clock.now,
      result,
      skipped,
    };
  }

  /** The document and its step, for people; documents of the oldest schema give steps no names of their own. */
  private placeOf({ name, action }: CommandStep): string {
    const document = this.command.documentName.replace(/^.*:document\//, "");
    return name === action ? document : `${document}, step ${name}`;
  }

  /** The agent keeps the whole output in the bucket. Source: agent's messageutil.go, runpluginutil.go for the keys. */
  private async upload({ name, action, result, skipped }: PluginRun, agent: Agent): Promise<void> {
    const { output, id } = this.command;
    if (output === undefined || skipped) return;
    const plugin = action.replaceAll(":", "");
    const step = name === action ? `0.${plugin}` : name;
    const folder = [output.prefix, id, agent.host.instance.id, plugin, step]
      .filter((part) => part !== "")
      .join("/");
    for (const stream of ["stdout", "stderr"] as const) {
      if (result[stream] === "") continue;
      try {
        await agent.call("s3", "PutObject", {
          Bucket: output.bucket,
          Key: `${folder}/${stream}`,
          Body: Buffer.from(result[stream]),
        });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        agent.tell(
          "warning",
          `the output cannot be kept in s3://${output.bucket}/${folder}/${stream}: ${messageOf(error)}`,
        );
        return;
      }
    }
  }
}

function skippedText(step: CommandStep, platform: string): string {
  return `Step execution skipped due to unsatisfied preconditions: '"StringEquals": [platformType, ${step.platform ?? ""}]'. Step name: ${step.name} (platform ${platform})`;
}

/** The steps of a command all run, whatever became of those before; the worst result is the invocation's. */
function detailsOf(plugins: readonly PluginRun[]): InvocationDetails {
  const statuses = new Set(plugins.map(({ result }) => result.status));
  if (statuses.has("Failed")) return "Failed";
  if (statuses.has("TimedOut")) return "ExecutionTimedOut";
  return statuses.has("Cancelled") ? "Cancelled" : "Success";
}
