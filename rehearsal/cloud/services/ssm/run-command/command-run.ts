import type { CommandsCloud } from "./commands.js";
import type { Agent } from "../../../../host/agent.js";
import { executionTimeout } from "../../../../host/plugins/run-shell-script.js";
import type { Signal } from "../../../../kernel/clock.js";
import { LATENCY } from "../../../../kernel/latency.js";
import type { Command, Invocation, InvocationDetails, PluginRun } from "./command.js";
import { hasEnded } from "./command.js";
import {
  hasTooManyErrors,
  limitOf,
  outcomeOf,
  setCommand,
  setInvocation,
} from "./command-status.js";
import type { CommandStep } from "./command-content.js";
import { keepOutput } from "./command-output-kept.js";
import { DocumentSteps } from "./document-steps.js";

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
  private readonly waiting: Invocation[];
  /** Those whose agents could not be reached: each waits separately. */
  private readonly late: Signal<void>[] = [];
  private readonly over: Signal<void>;
  private readonly steps: DocumentSteps;
  private running = 0;
  /** How many may run at once now, and how many came to an end since that was decided. */
  private width = 1;
  private ended = 0;

  constructor(
    private readonly cloud: CommandsCloud,
    private readonly command: Command,
  ) {
    const all = [...command.invocations.values()];
    this.waiting = all.filter(({ details }) => !hasEnded(details)).reverse();
    this.over = cloud.clock.signal();
    this.steps = new DocumentSteps(cloud, command);
  }

  /** To be spawned: ends with the command. */
  async run(): Promise<void> {
    const { command, cloud } = this;
    if (hasEnded(command.details)) return;
    if (this.waiting.length > 0) {
      this.fill();
      await this.over.wait();
    }
    for (const invocation of this.late) await invocation.wait();
    if (!command.cancelled) setCommand(cloud, command, outcomeOf(command));
  }

  /** Sends the command to as many as may run now. */
  private fill(): void {
    while (this.running < this.width) {
      const next = this.waiting.pop();
      if (next === undefined) break;
      if (hasEnded(next.details)) continue;
      if (hasTooManyErrors(this.command)) this.end(next, "Terminated");
      // Source: API reference, Command, ExpiresAfter.
      else if (this.cloud.clock.now >= this.command.expires) this.end(next, "DeliveryTimedOut");
      else this.send(next);
    }
    if (this.running === 0) this.over.set();
  }

  private send(invocation: Invocation): void {
    this.running += 1;
    this.cloud.clock.spawn(async () => {
      await this.deliver(invocation);
      this.running -= 1;
      this.widen();
      this.fill();
    });
  }

  /**
   * One instance first, then two, then four, up to MaxConcurrency. Source: user guide, "Run commands at scale": "The
   * system exponentially sends commands to more instances until the value of max-concurrency is met."
   */
  private widen(): void {
    this.ended += 1;
    if (this.ended < this.width) return;
    const { maxConcurrency, invocations } = this.command;
    const maximum = Math.max(1, limitOf(maxConcurrency, invocations.size));
    this.width = Math.min(maximum, this.width * 2);
    this.ended = 0;
  }

  private async deliver(invocation: Invocation): Promise<void> {
    await this.cloud.clock.sleep(LATENCY.commandDelivery);
    if (hasEnded(invocation.details)) return;
    const agent = this.agentOf(invocation);
    if (agent !== undefined) return this.carryOut(invocation, agent);
    // MaxConcurrency counts those that run the command, and this one does not.
    this.command.tally.change(invocation, "Delayed");
    this.late.push(this.cloud.clock.spawn(() => this.deliverLate(invocation)));
  }

  private agentOf({ instanceId }: Invocation): Agent | undefined {
    const { account, region } = this.command;
    return this.cloud.ssm.agents.onlineAgent(account, region, instanceId);
  }

  private async deliverLate(invocation: Invocation): Promise<void> {
    for (;;) {
      if (hasEnded(invocation.details)) return;
      if (hasTooManyErrors(this.command)) return this.end(invocation, "Terminated");
      const agent = this.agentOf(invocation);
      if (agent !== undefined) return this.carryOut(invocation, agent);
      if (this.isGone(invocation)) return this.end(invocation, "Undeliverable");
      const left = this.command.expires - this.cloud.clock.now;
      if (left <= 0) return this.end(invocation, "DeliveryTimedOut");
      await this.cloud.clock.sleep(Math.min(LATENCY.deliveryRetry, left));
    }
  }

  private end(invocation: Invocation, details: InvocationDetails): void {
    setInvocation(this.cloud, this.command, invocation, details);
  }

  private async carryOut(invocation: Invocation, agent: Agent): Promise<void> {
    const { account, region, content } = this.command;
    const { agents } = this.cloud.ssm;
    const starts = agents.startsOf(account, region, invocation.instanceId);
    setCommand(this.cloud, this.command, "InProgress");
    this.end(invocation, "InProgress");
    const stop = new AbortController();
    invocation.stop = () => stop.abort();
    const running = agent.until(stop.signal);
    for (const step of content.steps) {
      const plugin = await this.steps.run(step, running);
      const isTerminated = this.agentOf(invocation) === undefined;
      if (isTerminated || agents.startsOf(account, region, invocation.instanceId) !== starts)
        return this.lose(invocation);
      if (hasEnded(invocation.details)) return;
      invocation.plugins.push(plugin);
      const { id, output } = this.command;
      if (output !== undefined)
        await keepOutput(plugin, agent, [id, invocation.instanceId], output);
    }
    delete invocation.stop;
    this.end(invocation, worstOf(invocation.plugins));
  }

  /**
   * The instance went away in the middle: SSM waits for the agent's word until the command expires and then says
   * that it was not delivered. Source: user guide, "How Systems Manager reports timeouts".
   */
  private async lose(invocation: Invocation): Promise<void> {
    const { account, region, expires } = this.command;
    this.cloud.report({
      account,
      region,
      instanceId: invocation.instanceId,
      source: "Run Command",
      kind: "warning",
      text: `the instance stopped while command ${this.command.id} ran on it; its end is unknown until the command expires`,
    });
    await this.cloud.clock.sleep(Math.max(0, expires - this.cloud.clock.now));
    if (!hasEnded(invocation.details)) this.end(invocation, "DeliveryTimedOut");
  }

  private isGone({ instanceId }: Invocation): boolean {
    const state = this.cloud.ec2.instances
      .in(this.command.account, this.command.region)
      .get(instanceId)?.state;
    return state === undefined || state === "terminated" || state === "shutting-down";
  }
}

/** The steps of a command all run, whatever became of those before; the worst result is the invocation's. */
export function worstOf(plugins: readonly PluginRun[]): InvocationDetails {
  const statuses = new Set(plugins.map(({ result }) => result.status));
  if (statuses.has("Failed")) return "Failed";
  if (statuses.has("TimedOut")) return "ExecutionTimedOut";
  return statuses.has("Cancelled") ? "Cancelled" : "Success";
}
