import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../account.js";
import { ArgumentError } from "../arguments.js";
import { retries } from "../bootstrap/bootstrap-trigger.js";
import { failedScheduleRuleName, scheduleName } from "../names.js";

/** A schedule or a collection. */
export interface WatchedSchedule {
  /** Where it is written: `fleet:schedules.night`. */
  readonly key: string;
  /** Its name without the prefix: `night`, and of a collection `collect-reboots`. */
  readonly schedule: string;
  readonly kind: "window" | "association";
  /** Id of the maintenance window or the association of State Manager. */
  readonly id: pulumi.Input<string>;
}

export interface ScheduleFailuresArgs {
  readonly prefix: string;
  readonly region: string;
  /** At least one, each with a name of its own. */
  readonly schedules: readonly WatchedSchedule[];
  /** ARN of the topic that notifies people. */
  readonly topicArn: pulumi.Input<string>;
  /** ARN of the queue of events that could not be delivered. */
  readonly deadLettersArn: pulumi.Input<string>;
}

/**
 * Notifies people of every schedule and collection of a Region that did not end well, by its name, and of no other window or
 * association of the account. AWS's events have ids only, so each schedule has a rule that adds its name.
 *
 * @example
 * new ScheduleFailures(`${name}-failures`, {
 *   prefix: "cf", region, schedules: [{ key: "fleet:schedules.agent", schedule: "agent", kind: "association", id: scheduleId }],
 *   topicArn: `arn:aws:sns:${place}:cf-ec2-bootstrap-failures`, deadLettersArn: `arn:aws:sqs:${place}:dead-letters`,
 * }, { parent: this });
 */
export class ScheduleFailures extends pulumi.ComponentResource {
  /** ARNs of the rules, by schedule. */
  readonly ruleArns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: ScheduleFailuresArgs, opts: InAccount) {
    check(name, args);
    super("fleet:index:ScheduleFailures", name, { region: args.region }, opts);
    const arns = args.schedules.map(
      (watched) => [watched.schedule, this.watch(name, watched, args)] as const,
    );
    this.ruleArns = Object.fromEntries(arns);
    this.registerOutputs({ ruleArns: this.ruleArns });
  }

  private watch(
    name: string,
    watched: WatchedSchedule,
    { prefix, region, topicArn, deadLettersArn }: ScheduleFailuresArgs,
  ): pulumi.Output<string> {
    const { schedule } = watched;
    const rule = new aws.cloudwatch.EventRule(
      `${name}-${schedule}-rule`,
      {
        name: failedScheduleRuleName(prefix, schedule),
        description: `Notifies people of failures of ${scheduleName(prefix, schedule)}`,
        eventPattern: pulumi.jsonStringify(failureOf(watched)),
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-${schedule}-to-topic`,
      {
        rule: rule.name,
        arn: topicArn,
        inputTransformer: messageOf(watched, prefix, region),
        retryPolicy: retries,
        deadLetterConfig: { arn: deadLettersArn },
        region,
      },
      { parent: this },
    );
    return rule.arn;
  }
}

/**
 * The name of each kind, and its events. Sources: Systems Manager user guide, "EventBridge event examples"; API reference,
 * GetMaintenanceWindowExecution, Status, and AssociationOverview, Status.
 */
const kinds = {
  window: {
    what: "maintenance window",
    event: "Maintenance Window Execution State-change Notification",
    id: "window-id",
    // Every end that is no success.
    ends: ["FAILED", "TIMED_OUT", "CANCELLED", "SKIPPED_OVERLAPPING"],
    list: "describe-maintenance-window-executions --window-id",
  },
  association: {
    what: "association",
    event: "EC2 State Manager Association State Change",
    id: "association-id",
    ends: ["Failed", "TimedOut"],
    list: "describe-association-executions --association-id",
  },
} as const;

const failureOf = ({ id, kind }: WatchedSchedule) => ({
  source: ["aws.ssm"],
  "detail-type": [kinds[kind].event],
  detail: { [kinds[kind].id]: [id], status: kinds[kind].ends },
});

/** Words for people, and AWS's event for programs. */
function messageOf({ key, kind, schedule }: WatchedSchedule, prefix: string, region: string) {
  const name = scheduleName(prefix, schedule);
  const { what, id, list } = kinds[kind];
  const message = `The ${what} ${name} (${key}) in account <account>, ${region}, ended: <status>. What it did: aws ssm ${list} <id> --region ${region}`;
  return {
    inputPaths: { account: "$.account", id: `$.detail.${id}`, status: "$.detail.status" },
    // Not quoted: EventBridge puts the whole event there, as JSON.
    inputTemplate: `{"message":${JSON.stringify(message)},"schedule":${JSON.stringify(name)},"event":<aws.events.event.json>}`,
  };
}

function check(name: string, { schedules }: ScheduleFailuresArgs): void {
  const names = schedules.map(({ schedule }) => schedule);
  const twice = names.find((schedule, index) => names.indexOf(schedule) < index);
  if (schedules.length > 0 && twice === undefined) return;
  const reason =
    twice === undefined
      ? "expected a schedule, got none"
      : `expected each schedule once, got "${twice}" twice`;
  throw new ArgumentError(`ScheduleFailures "${name}"`, [{ propertyPath: "schedules", reason }]);
}
