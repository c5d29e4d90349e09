import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../account.js";
import { ArgumentError } from "../arguments.js";
import { retries } from "../bootstrap/bootstrap-trigger.js";
import { bootstrapRuleName } from "../names.js";

export interface ScheduleFailuresArgs {
  readonly prefix: string;
  readonly region: string;
  /** Ids of maintenance windows. */
  readonly windowIds: readonly pulumi.Input<string>[];
  /** Ids of associations of State Manager. Of both together one at least. */
  readonly associationIds: readonly pulumi.Input<string>[];
  /** ARN of the topic that notifies people. */
  readonly topicArn: pulumi.Input<string>;
  /** ARN of the queue of events that could not be delivered. */
  readonly deadLettersArn: pulumi.Input<string>;
}

/**
 * Notifies people of every schedule and collection of a Region that did not end well, and of no other window or
 * association of
 * the account.
 *
 * @example
 * new ScheduleFailures(`${name}-failures`, {
 *   prefix: "cf", region, windowIds: [], associationIds: [scheduleId],
 *   topicArn: `arn:aws:sns:${place}:cf-ec2-bootstrap-failures`, deadLettersArn: `arn:aws:sqs:${place}:dead-letters`,
 * }, { parent: this });
 */
export class ScheduleFailures extends pulumi.ComponentResource {
  readonly ruleArn: pulumi.Output<string>;

  constructor(name: string, args: ScheduleFailuresArgs, opts: InAccount) {
    check(name, args);
    super("fleet:index:ScheduleFailures", name, { region: args.region }, opts);
    const { prefix, region } = args;
    const rule = new aws.cloudwatch.EventRule(
      `${name}-rule`,
      {
        name: bootstrapRuleName(prefix, "schedules"),
        description: "Notifies people of schedules and collections that failed",
        eventPattern: pulumi
          .all([pulumi.all([...args.windowIds]), pulumi.all([...args.associationIds])])
          .apply(([windows, associations]) => JSON.stringify(ended(windows, associations))),
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-to-topic`,
      {
        rule: rule.name,
        arn: args.topicArn,
        retryPolicy: retries,
        deadLetterConfig: { arn: args.deadLettersArn },
        region,
      },
      { parent: this },
    );
    this.ruleArn = rule.arn;
    this.registerOutputs({ ruleArn: this.ruleArn });
  }
}

/**
 * Every final status other than success. Sources: Systems Manager user guide, "EventBridge event examples"; API reference,
 * GetMaintenanceWindowExecution, Status, and AssociationOverview, Status.
 */
function ended(windows: readonly string[], associations: readonly string[]): object {
  const window = "Maintenance Window Execution State-change Notification";
  const association = "EC2 State Manager Association State Change";
  const ends = [
    ...(windows.length > 0
      ? [
          {
            "window-id": windows,
            status: ["FAILED", "TIMED_OUT", "CANCELLED", "SKIPPED_OVERLAPPING"],
          },
        ]
      : []),
    ...(associations.length > 0
      ? [{ "association-id": associations, status: ["Failed", "TimedOut"] }]
      : []),
  ];
  return {
    source: ["aws.ssm"],
    "detail-type": [window, association],
    detail: ends.length === 1 ? ends[0] : { $or: ends },
  };
}

/** Characters of an id with its quotes and comma, and of the rest of a pattern. */
const lengths = { window: 23, association: 39, rest: 450 };
/** EventBridge's limit for a pattern. Source: API reference, PutRule. */
const maxPattern = 4096;

function check(name: string, { windowIds, associationIds }: ScheduleFailuresArgs): void {
  const { window, association, rest } = lengths;
  const length = windowIds.length * window + associationIds.length * association + rest;
  const count = windowIds.length + associationIds.length;
  if (count > 0 && length <= maxPattern) return;
  const reason =
    count === 0
      ? "expected a window or an association, got none"
      : `expected so many that a rule's pattern of ${maxPattern} characters names them, got ${windowIds.length} windows and ${associationIds.length} associations; make windows of some`;
  throw new ArgumentError(`ScheduleFailures "${name}"`, [{ propertyPath: "windowIds", reason }]);
}
