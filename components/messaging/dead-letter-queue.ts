import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../account.js";
import { queueOnlyOverTls, rulesSendDeadLetters } from "./queue-policies.js";
import { resourcePolicy } from "../policy.js";

export interface DeadLetterQueueArgs {
  /** Region of the queue, which is that of the rules. */
  readonly region: string;
  /** ARN of the key that encrypts the messages. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** ARNs of the rules that may leave their events here. */
  readonly ruleArns: readonly pulumi.Input<string>[];
  /** What could not be started, as the subject of the alarm's description. */
  readonly what: string;
  /** ARN of the topic that the alarm publishes to. @default none: the alarm notifies nobody */
  readonly topicArn?: pulumi.Input<string>;
}

/** The longest that SQS keeps a message, in seconds: 14 days to look into it and send it again. */
export const maxRetentionSeconds = 14 * 24 * 60 * 60;

/**
 * Keeps the events that rules could not deliver, encrypted, and raises an alarm at the first. The attributes
 * of each message name the rule, the target and the reason.
 *
 * @example
 * new DeadLetterQueue(`${name}-dead-letters`, { region, kmsKeyArn: key.arn, ruleArns: [rule.arn], what: "Backups" }, { parent: this });
 */
export class DeadLetterQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: DeadLetterQueueArgs, opts: InAccount) {
    super("fleet:index:DeadLetterQueue", name, {}, opts);
    const { region, kmsKeyArn, ruleArns, what, topicArn } = args;
    const queue = new aws.sqs.Queue(
      `${name}-queue`,
      { kmsMasterKeyId: kmsKeyArn, messageRetentionSeconds: maxRetentionSeconds, region },
      { parent: this },
    );
    new aws.sqs.QueuePolicy(
      `${name}-policy`,
      {
        queueUrl: queue.url,
        policy: resourcePolicy(
          rulesSendDeadLetters(queue.arn, ruleArns),
          queueOnlyOverTls(queue.arn),
        ),
        region,
      },
      { parent: this },
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-alarm`,
      {
        ...anyMessageVisible,
        alarmDescription: `${what} could not be started; see the queue's messages`,
        alarmActions: topicArn === undefined ? undefined : [topicArn],
        dimensions: { QueueName: queue.name },
        region,
      },
      { parent: this },
    );
    this.arn = queue.arn;
    this.url = queue.url;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }
}

/** SQS reports every five minutes at most, and nothing while a queue is idle. */
const anyMessageVisible = {
  namespace: "AWS/SQS",
  metricName: "ApproximateNumberOfMessagesVisible",
  statistic: "Maximum",
  period: 300,
  evaluationPeriods: 1,
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  treatMissingData: "notBreaching",
};
