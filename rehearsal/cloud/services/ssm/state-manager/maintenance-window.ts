import { AwsError } from "../../../../kernel/errors.js";
import type { Schedule } from "../../events/schedule.js";
import type { Target } from "../run-command/command.js";

/** The Pulumi resource's inputs. */
export interface WindowInputs {
  readonly name: string;
  readonly description?: string;
  readonly schedule: string;
  readonly scheduleTimezone?: string;
  /** Hours. */
  readonly duration: number;
  /** Hours before the end from which nothing begins. */
  readonly cutoff: number;
  readonly enabled?: boolean;
  readonly allowUnassociatedTargets?: boolean;
}

interface Values {
  readonly name: string;
  readonly values: readonly string[];
}

export interface TaskInputs {
  readonly windowId: string;
  readonly taskType: string;
  readonly taskArn: string;
  readonly name?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly serviceRoleArn?: string;
  readonly targets?: readonly { readonly key: string; readonly values: readonly string[] }[];
  readonly maxConcurrency?: string;
  readonly maxErrors?: string;
  readonly cutoffBehavior?: string;
  readonly taskInvocationParameters?: {
    readonly automationParameters?: {
      readonly documentVersion?: string;
      readonly parameters?: readonly Values[];
    };
    readonly runCommandParameters?: {
      readonly comment?: string;
      readonly documentVersion?: string;
      readonly outputS3Bucket?: string;
      readonly outputS3KeyPrefix?: string;
      readonly parameters?: readonly Values[];
      readonly timeoutSeconds?: number;
    };
  };
}

export interface MaintenanceWindow {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  inputs: WindowInputs;
  schedule: Schedule;
  /** By id: which instances are meant. */
  readonly targets: Map<string, readonly Target[]>;
  /** By id. */
  readonly tasks: Map<string, TaskInputs>;
}

const refused = (text: string): AwsError => new AwsError("ValidationException", text);

/** Source: API reference, CreateMaintenanceWindow. @throws AwsError ValidationException */
export function checkWindow({ name, duration, cutoff }: WindowInputs): void {
  if (!/^[a-zA-Z0-9_\-.]{3,128}$/.test(name))
    throw refused(
      `Value '${name}' at 'name' failed to satisfy constraint: [a-zA-Z0-9_\\-.]{3,128}`,
    );
  if (!(Number.isInteger(duration) && duration >= 1 && duration <= 24))
    throw refused(`Value '${duration}' at 'duration' failed to satisfy constraint: 1 to 24`);
  if (!(Number.isInteger(cutoff) && cutoff >= 0 && cutoff <= 23))
    throw refused(`Value '${cutoff}' at 'cutoff' failed to satisfy constraint: 0 to 23`);
  if (cutoff >= duration)
    throw refused(`Cutoff must be less than duration: ${cutoff} is not less than ${duration}`);
}

/** Source: API reference, RegisterTaskWithMaintenanceWindow. @throws AwsError ValidationException */
export function checkTask(task: TaskInputs, { targets }: MaintenanceWindow): void {
  const { taskType, targets: given = [], maxConcurrency, maxErrors, cutoffBehavior } = task;
  if (!["RUN_COMMAND", "AUTOMATION", "LAMBDA", "STEP_FUNCTIONS"].includes(taskType))
    throw refused(`Value '${taskType}' at 'taskType' is not one of its values`);
  if (taskType === "RUN_COMMAND" && given.length === 0)
    throw refused("Targets are required for tasks of type RUN_COMMAND");
  if (given.length > 5) throw refused("Value at 'targets': at most 5");
  for (const { key, values } of given) {
    if (key !== "WindowTargetIds" && key !== "InstanceIds")
      throw refused(`Target key ${key} is not one of InstanceIds, WindowTargetIds`);
    const unknown = key === "WindowTargetIds" ? values.find((id) => !targets.has(id)) : undefined;
    if (unknown !== undefined)
      throw new AwsError(
        "DoesNotExistException",
        `Maintenance window target ${unknown} does not exist`,
      );
  }
  const number = /^([1-9][0-9]*|[1-9][0-9]?%|100%)$/;
  for (const [name, value] of Object.entries({ maxConcurrency, maxErrors })) {
    if (value === undefined) {
      if (given.length > 0) throw refused(`${name} is required for tasks with targets`);
    } else if (!number.test(value) && !(name === "maxErrors" && /^0%?$/.test(value)))
      throw refused(`Value '${value}' at '${name}' is not a number or a percentage`);
  }
  if (cutoffBehavior !== undefined && !/^(CONTINUE|CANCEL)_TASK$/.test(cutoffBehavior))
    throw refused(`Value '${cutoffBehavior}' at 'cutoffBehavior' is not one of its values`);
}
