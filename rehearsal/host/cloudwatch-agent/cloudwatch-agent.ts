import type { Sender } from "./sender.js";
import type { AgentConfiguration } from "./configuration.js";
import { sendLogs } from "./logs.js";
import { sendMetrics } from "./metrics.js";

/** How long the agent gathers before it sends, in milliseconds. Source: CloudWatch user guide, force_flush_interval. */
const FLUSH = { logs: 5_000, metrics: 60_000 };

/**
 * The CloudWatch agent of a host: its configurations, and what it sends when it runs. It sends what there is once after
 * each start, enough to show whether its role may; it does not go on, as a rehearsal would never end.
 */
export class CloudWatchAgent {
  /** By the file that each came in, e.g. `ssm__cloudwatch_config_linux`. */
  readonly configurations = new Map<string, AgentConfiguration>();
  /** Milliseconds since the epoch; undefined: it is stopped. */
  runningSince: number | undefined;
  /** Counts starts and stops: what an earlier start has to send is not sent any more. */
  private turns = 0;

  start(agent: Sender): void {
    this.runningSince = agent.now;
    const turn = ++this.turns;
    const isOn = () => this.turns === turn && agent.host.instance.state === "running";
    agent.background(FLUSH.logs, async () => {
      for (const configuration of this.configurations.values())
        if (isOn()) await sendLogs(agent, configuration);
    });
    agent.background(FLUSH.metrics, async () => {
      for (const configuration of this.configurations.values())
        if (isOn()) await sendMetrics(agent, configuration);
    });
  }

  stop(): void {
    this.runningSince = undefined;
    this.turns += 1;
  }
}
