import type { Documents } from "../documents/document-named.js";
import type { AutomationExecution } from "../../../../runbook/execution.js";
import type { EventBus, RoleSessions } from "../../../../kernel/ports.js";
import type { Kernel } from "../../../../kernel/kernel.js";
import { AwsError } from "../../../../kernel/errors.js";
import { Regional } from "../../../../kernel/regional.js";
import type { Deployment } from "../../../../kernel/resource.js";
import { resourceType } from "../../../../kernel/resource.js";
import type { CommandDetails, Invocation, Target } from "../run-command/command.js";
import { documentNamed } from "../documents/document-named.js";
import type { MaintenanceWindow, TaskInputs, WindowInputs } from "./maintenance-window.js";
import { checkTask, checkWindow } from "./maintenance-window.js";
import { WindowRun } from "./maintenance-window-run.js";
import { parseSsmSchedule } from "./ssm-schedule.js";

interface TargetInputs {
  readonly windowId: string;
  readonly resourceType: string;
  readonly targets: readonly { readonly key: string; readonly values: readonly string[] }[];
  readonly name?: string;
  readonly description?: string;
}

/** What maintenance windows use of the rest of the cloud. */
export interface WindowsCloud extends Kernel {
  readonly events: EventBus;
  readonly sts: RoleSessions;
  readonly ssm: {
    readonly documents: Documents;
    readonly automations: { readonly executions: Regional<AutomationExecution> };
    readonly commands: {
      detailsOf(account: string, region: string, commandId: string): CommandDetails;
      /** @throws AwsError InvalidCommandId */
      invocations(account: string, region: string, commandId: string): readonly Invocation[];
    };
  };
}

/** Maintenance windows: their tasks begin with them, the smaller number of priority first. */
export class SsmMaintenanceWindows {
  readonly windows = new Regional<MaintenanceWindow>();

  constructor(private readonly cloud: WindowsCloud) {}

  readonly windowType = resourceType<WindowInputs>({
    type: "aws:ssm/maintenanceWindow:MaintenanceWindow",
    models: [
      "name",
      "description",
      "schedule",
      "scheduleTimezone",
      "duration",
      "cutoff",
      "enabled",
      "allowUnassociatedTargets",
      "tags",
    ],
    replaceOnChanges: [],
    autoname: "name",
    create: (inputs, at) => {
      checkWindow(inputs);
      const { account, region } = at;
      const id = this.cloud.ids.stable("mw", `${account} ${region} ${at.name}`);
      const window = {
        id,
        account,
        region,
        inputs,
        schedule: this.scheduleOf(inputs),
        targets: new Map(),
        tasks: new Map(),
      };
      this.windows.in(account, region).set(id, window);
      this.arm(window);
      return { id, outputs: {} };
    },
    update: (id, inputs, at) => {
      checkWindow(inputs);
      const window = this.windowAt(id, at);
      Object.assign(window, { inputs, schedule: this.scheduleOf(inputs) });
      this.arm(window);
      return {};
    },
    delete: (id, { account, region }) => void this.windows.in(account, region).delete(id),
  });

  readonly targetType = resourceType<TargetInputs>({
    type: "aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget",
    models: ["windowId", "resourceType", "targets", "name", "description"],
    replaceOnChanges: ["windowId", "resourceType"],
    create: (inputs, at) => {
      const id = this.cloud.ids.uuid(`window target ${at.account} ${at.region} ${at.name}`);
      this.windowAt(inputs.windowId, at).targets.set(id, this.targetsOf(inputs));
      return { id, outputs: {} };
    },
    update: (id, inputs, at) => {
      this.windowAt(inputs.windowId, at).targets.set(id, this.targetsOf(inputs));
      return {};
    },
    delete: (id, at) => {
      for (const { targets } of this.windows.in(at.account, at.region).values()) targets.delete(id);
    },
  });

  readonly taskType = resourceType<TaskInputs>({
    type: "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask",
    models: [
      "windowId",
      "taskType",
      "taskArn",
      "name",
      "description",
      "priority",
      "serviceRoleArn",
      "targets",
      "maxConcurrency",
      "maxErrors",
      "cutoffBehavior",
      "taskInvocationParameters",
    ],
    replaceOnChanges: ["windowId", "taskType"],
    create: (inputs, at) => {
      const window = this.windowAt(inputs.windowId, at);
      this.checkTask(inputs, window);
      const id = this.cloud.ids.uuid(`window task ${at.account} ${at.region} ${at.name}`);
      window.tasks.set(id, inputs);
      return { id, outputs: this.outputsOf(id, window) };
    },
    update: (id, inputs, at) => {
      const window = this.windowAt(inputs.windowId, at);
      this.checkTask(inputs, window);
      window.tasks.set(id, inputs);
      return this.outputsOf(id, window);
    },
    delete: (id, at) => {
      for (const { tasks } of this.windows.in(at.account, at.region).values()) tasks.delete(id);
    },
  });

  readonly resourceTypes = [this.windowType, this.targetType, this.taskType];

  private scheduleOf({ schedule, scheduleTimezone }: WindowInputs) {
    return parseSsmSchedule(schedule, this.cloud.clock.now, scheduleTimezone);
  }

  private windowAt(id: string, { account, region }: Deployment): MaintenanceWindow {
    const window = this.windows.in(account, region).get(id);
    if (window !== undefined) return window;
    throw new AwsError("DoesNotExistException", `Maintenance window ${id} does not exist`);
  }

  private targetsOf({ resourceType, targets }: TargetInputs): readonly Target[] {
    if (resourceType !== "INSTANCE" && resourceType !== "RESOURCE_GROUP")
      throw new AwsError(
        "ValidationException",
        `Value '${resourceType}' at 'resourceType' is not one of INSTANCE, RESOURCE_GROUP`,
      );
    if (targets.length === 0 || targets.length > 5)
      throw new AwsError(
        "ValidationException",
        `Value at 'targets': 1 to 5, got ${targets.length}`,
      );
    return targets.map(({ key, values }) => ({ Key: key, Values: values }));
  }

  private checkTask(task: TaskInputs, window: MaintenanceWindow): void {
    checkTask(task, window);
    if (task.taskType !== "RUN_COMMAND" && task.taskType !== "AUTOMATION")
      this.cloud.reportNotRehearsed(`task of type ${task.taskType} in a maintenance window`);
    // SSM looks whether the document is there, and whether it is shared, when the task is registered.
    else documentNamed(this.cloud, window.account, window.region, task.taskArn);
  }

  private outputsOf(id: string, { account, region }: MaintenanceWindow) {
    return { windowTaskId: id, arn: this.cloud.arn("ssm", region, account, `windowtask/${id}`) };
  }

  /** Has a window open at the times of its schedule, as long as it keeps that schedule. */
  private arm(window: MaintenanceWindow): void {
    const { schedule, account, region, id } = window;
    const { clock } = this.cloud;
    clock.repeatIdly(schedule.next, () => {
      const isThere = this.windows.in(account, region).get(id) === window;
      if (!isThere || window.schedule !== schedule) return Promise.resolve(false);
      if (window.inputs.enabled !== false)
        clock.spawn(() => new WindowRun(this.cloud, window).run());
      return Promise.resolve(true);
    });
  }
}
