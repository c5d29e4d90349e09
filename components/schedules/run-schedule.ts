import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { documentArn } from "../arns.js";
import { runDocumentName, scheduledRunId, scheduleName, scriptDocumentName } from "../names.js";
import { outputPrefix } from "../storage/output-access.js";
import type { LogAccount } from "../log-account.js";
import { executionRoleArn } from "./schedule-grants.js";

/** What a schedule starts, with its parameters. */
export type ScheduleWork =
  | {
      /** `script`: of the log account's library, by its name there; `document`: a Command document. */
      readonly what: "script" | "document";
      readonly name: string;
      readonly parameters: Readonly<Record<string, string>>;
    }
  | {
      readonly what: "runbook";
      readonly name: string;
      /** A text, or a list of them. */
      readonly parameters: Readonly<Record<string, string | readonly string[]>>;
      /** The role that it assumes. */
      readonly roleArn: string;
    };

/** Which hosts, as Systems Manager takes it: `tag:<key>` or `resource-groups:Name`. */
export interface ScheduleTarget {
  readonly key: string;
  readonly values: readonly string[];
}

export interface RunScheduleArgs {
  /** The member account. */
  readonly account: Account;
  /** Begins the fixed name: 1-20 characters. */
  readonly prefix: string;
  readonly region: string;
  /** Its name: 2-40 letters a-z, digits or -. */
  readonly schedule: string;
  readonly work: ScheduleWork;
  readonly target: ScheduleTarget;
  /** `rate(…)` or `cron(…)`. */
  readonly expression: string;
  /** How many hosts at once: a number or a share of them. */
  readonly maxConcurrency: string;
  /** With how many failed hosts it goes on: a number or a share of them. */
  readonly maxErrors: string;
  /** A window of hours; without it the schedule is an association of State Manager, in UTC. */
  readonly window?: {
    readonly roleArn: pulumi.Input<string>;
    readonly durationHours: number;
    readonly cutoffHours: number;
    readonly timeZone?: string;
  };
  /** The log account, and the bucket that takes output in this Region; absent where scripts do not run. */
  readonly source: LogAccount;
  readonly bucket?: string;
}

/**
 * One schedule in one Region: a maintenance window with its task, or an association. A script in a window is run by the
 * log account's runbook, as `fleet run` does, so its answers are recorded and queried like those.
 *
 * @example
 * new RunSchedule(`${name}-facts`, { ...args, schedule: "facts", work: { what: "script", name: "facts", parameters: {} }, expression: "rate(1 day)" }, { parent: this });
 */
export class RunSchedule extends pulumi.ComponentResource {
  /** Id of the window or the association. */
  readonly scheduleId: pulumi.Output<string>;

  constructor(name: string, args: RunScheduleArgs, opts: InAccount) {
    super("fleet:index:RunSchedule", name, { region: args.region }, opts);
    this.scheduleId = args.window
      ? this.windowOf(name, args, args.window)
      : this.heldBy(name, args);
    this.registerOutputs({ scheduleId: this.scheduleId });
  }

  private heldBy(name: string, args: RunScheduleArgs): pulumi.Output<string> {
    const { account, region, prefix, schedule, work, target, bucket } = args;
    const association = new aws.ssm.Association(
      `${name}-association`,
      {
        // Shared documents are found by ARN only.
        name: work.what === "script" ? scriptArn(args) : work.name,
        associationName: scheduleName(prefix, schedule),
        // The config has runbooks in windows only.
        ...(work.what !== "runbook" && { parameters: work.parameters }),
        targets: [{ key: target.key, values: [...target.values] }],
        scheduleExpression: args.expression,
        maxConcurrency: args.maxConcurrency,
        maxErrors: args.maxErrors,
        ...(bucket !== undefined && {
          outputLocation: {
            s3BucketName: bucket,
            s3KeyPrefix: outputFolder(account, region, schedule),
          },
        }),
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    return association.id;
  }

  private windowOf(
    name: string,
    args: RunScheduleArgs,
    { roleArn, durationHours, cutoffHours, timeZone }: NonNullable<RunScheduleArgs["window"]>,
  ): pulumi.Output<string> {
    const { prefix, region, schedule, work } = args;
    const window = new aws.ssm.MaintenanceWindow(
      `${name}-window`,
      {
        name: scheduleName(prefix, schedule),
        description: `Runs the ${work.what} ${work.name}`,
        schedule: args.expression,
        scheduleTimezone: timeZone ?? "UTC",
        duration: durationHours,
        cutoff: cutoffHours,
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const sent = work.what === "document" ? this.sent(name, args, window.id) : started(args);
    new aws.ssm.MaintenanceWindowTask(
      `${name}-task`,
      {
        windowId: window.id,
        name: schedule,
        serviceRoleArn: roleArn,
        priority: 1,
        region,
        ...sent,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    return window.id;
  }

  /** A document is sent to the hosts; what has not begun by the cutoff is cancelled. */
  private sent(name: string, args: RunScheduleArgs, windowId: pulumi.Input<string>) {
    const { account, region, schedule, work, target, bucket, maxConcurrency, maxErrors } = args;
    const targets = new aws.ssm.MaintenanceWindowTarget(
      `${name}-hosts`,
      {
        windowId,
        resourceType: target.key.startsWith("resource-groups:") ? "RESOURCE_GROUP" : "INSTANCE",
        targets: [{ key: target.key, values: [...target.values] }],
        region,
      },
      { parent: this },
    );
    return {
      taskType: "RUN_COMMAND",
      taskArn: work.name,
      targets: [{ key: "WindowTargetIds", values: [targets.id] }],
      maxConcurrency,
      maxErrors,
      cutoffBehavior: "CANCEL_TASK",
      taskInvocationParameters: {
        runCommandParameters: {
          comment: scheduledRunId(schedule),
          parameters: listed(work.parameters),
          ...(bucket !== undefined && {
            outputS3Bucket: bucket,
            outputS3KeyPrefix: outputFolder(account, region, schedule),
          }),
        },
      },
    };
  }
}

/** A script or a runbook is an automation, which finds its hosts itself. */
function started(args: RunScheduleArgs) {
  const { account, region, schedule, work, target, source, bucket } = args;
  const log = { ...account, id: source.accountId };
  const parameters =
    work.what === "runbook"
      ? listed({ AutomationAssumeRole: work.roleArn, ...work.parameters })
      : [
          ...listed({
            AutomationAssumeRole: executionRoleArn(account),
            Document: scriptDocumentName(source.prefix, work.name),
            DocumentOwner: source.accountId,
            Parameters: stringMap(work.parameters),
            TargetKey: target.key,
            RunId: scheduledRunId(schedule),
            OutputBucket: bucket ?? "",
            MaxConcurrency: args.maxConcurrency,
            MaxErrors: args.maxErrors,
          }),
          { name: "TargetValues", values: [...target.values] },
        ];
  return {
    taskType: "AUTOMATION",
    taskArn:
      work.what === "runbook"
        ? work.name
        : documentArn(log, region, runDocumentName(source.prefix)),
    taskInvocationParameters: { automationParameters: { documentVersion: "$DEFAULT", parameters } },
  };
}

const scriptArn = ({ account, region, source, work }: RunScheduleArgs): string =>
  documentArn(
    { ...account, id: source.accountId },
    region,
    scriptDocumentName(source.prefix, work.name),
  );

const listed = (parameters: Readonly<Record<string, string | readonly string[]>>) =>
  Object.entries(parameters).map(([name, value]) => ({ name, values: [value].flat() }));

/** As one text: AWS takes maps so, of at most 512 characters. */
export const stringMap = (parameters: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, [value]])),
  );

/** Where the output of a schedule goes: the account's own part of the bucket, as for every run. */
const outputFolder = ({ id }: Account, region: string, schedule: string): string =>
  `${outputPrefix}${id}/${region}/${scheduledRunId(schedule)}`;
