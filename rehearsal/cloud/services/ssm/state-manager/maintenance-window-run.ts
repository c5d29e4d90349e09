import { AwsError, messageOf, NotRehearsed } from "../../../../kernel/errors.js";
import type { ScheduledRun } from "../../../../kernel/scheduled-run.js";
import type { MaintenanceWindow, TaskInputs } from "./maintenance-window.js";
import { runTask } from "./maintenance-window-task.js";
import type { WindowsCloud } from "./maintenance-windows.js";

const HOUR = 3_600_000;

/** A task that has ended. */
interface Performed extends Pick<ScheduledRun, "status" | "hosts"> {
  /** Why it failed. */
  readonly reason?: string;
}

/** One opening of a maintenance window. */
export class WindowRun {
  private readonly begun: number;
  /** From when nothing begins. */
  private readonly last: number;

  constructor(
    private readonly cloud: WindowsCloud,
    private readonly window: MaintenanceWindow,
  ) {
    const { duration, cutoff } = window.inputs;
    this.begun = cloud.clock.now;
    this.last = this.begun + (duration - cutoff) * HOUR;
  }

  /**
   * To be spawned: ends with the window. Tasks of the same priority begin together; the others when those before have
   * ended, and none after the cutoff.
   */
  async run(): Promise<void> {
    const { inputs, tasks } = this.window;
    const { clock } = this.cloud;
    this.report(
      "info",
      `window ${inputs.name} is open for ${inputs.duration} h; nothing begins in the last ${inputs.cutoff} h`,
    );
    const priorities = [...new Set([...tasks.values()].map(({ priority = 1 }) => priority))];
    const ends: Performed[] = [];
    for (const priority of priorities.sort((a, b) => a - b)) {
      const together = [...tasks.values()].filter((task) => (task.priority ?? 1) === priority);
      const running = together.map((task) => clock.spawn(() => this.perform(task)));
      for (const task of running) ends.push(await task.wait());
    }
    this.ended(ends);
  }

  /** Source of the event: Systems Manager user guide, "EventBridge event examples". */
  private ended(ends: readonly Performed[]): void {
    const { account, region, id, inputs } = this.window;
    const { clock } = this.cloud;
    const failed = ends.find(({ status }) => status === "Failed");
    const unknown = ends.some(({ status }) => status === "NotRehearsed");
    const known = ends.flatMap(({ hosts }) => hosts ?? []);
    this.cloud.reportScheduledRun({
      ...{ account, region, name: inputs.name },
      status: failed?.status ?? (unknown ? "NotRehearsed" : "Success"),
      ...(failed?.reason !== undefined && { reason: failed.reason }),
      ...(known.length > 0 && { hosts: known.reduce((sum, count) => sum + count, 0) }),
    });
    if (failed === undefined && unknown) return;
    this.cloud.events.emit({
      account,
      region,
      source: "aws.ssm",
      detailType: "Maintenance Window Execution State-change Notification",
      resources: [this.arn],
      detail: {
        "start-time": new Date(this.begun).toISOString(),
        "end-time": new Date(clock.now).toISOString(),
        "window-id": id,
        status: failed === undefined ? "SUCCESS" : "FAILED",
      },
    });
  }

  private async perform(task: TaskInputs): Promise<Performed> {
    const { cloud, last, window } = this;
    const name = `task ${task.name ?? task.taskArn} of window ${window.inputs.name}`;
    if (cloud.clock.now >= last)
      return this.failed(`${name} does not begin: the window's cutoff has come`);
    try {
      const end = await runTask(cloud, window, task, { last, windowArn: this.arn });
      const { hosts, id, isUnknown, status } = end;
      const count = hosts === undefined ? {} : { hosts };
      const text = `${name} ended: ${status} (${id})`;
      if (isUnknown) {
        this.report("warning", `${text}: not rehearsed`);
        return { status: "NotRehearsed", ...count };
      }
      if (status !== "Success") return { ...this.failed(text), ...count };
      this.report("success", text);
      return { status: "Success", ...count };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const text = `${name} could not begin: ${messageOf(error)}`;
      if (!(error instanceof NotRehearsed)) return this.failed(text);
      this.report("warning", text);
      return { status: "NotRehearsed" };
    }
  }

  private failed(reason: string): Performed {
    this.report("failure", reason);
    return { status: "Failed", reason };
  }

  private get arn() {
    const { account, region, id } = this.window;
    return this.cloud.arn("ssm", region, account, `maintenancewindow/${id}`);
  }

  private report(kind: "info" | "success" | "warning" | "failure", text: string): void {
    const { account, region } = this.window;
    this.cloud.report({ account, region, source: "Maintenance Windows", kind, text });
  }
}
