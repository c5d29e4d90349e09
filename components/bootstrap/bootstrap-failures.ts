import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { ruleSendsFailures, queueOnlyOverTls } from "../messaging/queue-policies.js";
import { retries } from "./bootstrap-trigger.js";
import { maxRetentionSeconds } from "../messaging/dead-letter-queue.js";
import { bootstrapDocumentName, bootstrapRuleName, reconcileDocumentName } from "../names.js";
import { resourcePolicy } from "../policy.js";

export interface BootstrapFailuresArgs {
  readonly account: Account;
  readonly prefix: string;
  readonly region: string;
  /** ARN of the key that encrypts the messages. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** ARN of the topic that notifies people. */
  readonly topicArn: pulumi.Input<string>;
  /** ARN of the queue of events that could not be delivered. */
  readonly deadLettersArn: pulumi.Input<string>;
}

/**
 * Catches the runs of the bootstrap that started and failed, which no dead-letter queue does: notifies
 * people through the topic, and keeps every one in a queue of its own, encrypted, until somebody
 * took care of it.
 *
 * @example
 * new BootstrapFailures(`${name}-failures`, { account, prefix: "cf", region, kmsKeyArn: key.arn, topicArn: topic.arn, deadLettersArn: deadLetters.arn }, { parent: this });
 */
export class BootstrapFailures extends pulumi.ComponentResource {
  /** URL of the queue of failed runs. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: BootstrapFailuresArgs, opts: InAccount) {
    super("fleet:index:BootstrapFailures", name, {}, opts);
    const { prefix, region, kmsKeyArn } = args;
    const queue = new aws.sqs.Queue(
      `${name}-queue`,
      { kmsMasterKeyId: kmsKeyArn, messageRetentionSeconds: maxRetentionSeconds, region },
      { parent: this },
    );
    const rule = new aws.cloudwatch.EventRule(
      `${name}-rule`,
      {
        name: bootstrapRuleName(prefix, "failed"),
        description: "Notifies people of a failed bootstrap and keeps the failure in a queue",
        eventPattern: JSON.stringify(runFailed(prefix)),
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const policy = new aws.sqs.QueuePolicy(
      `${name}-policy`,
      {
        queueUrl: queue.url,
        policy: resourcePolicy(ruleSendsFailures(queue.arn, rule.arn), queueOnlyOverTls(queue.arn)),
        region,
      },
      { parent: this },
    );
    for (const [target, arn] of Object.entries({ queue: queue.arn, topic: args.topicArn })) {
      new aws.cloudwatch.EventTarget(
        `${name}-to-${target}`,
        {
          rule: rule.name,
          arn,
          retryPolicy: retries,
          deadLetterConfig: { arn: args.deadLettersArn },
          region,
        },
        { parent: this, dependsOn: [policy] },
      );
    }
    this.url = queue.url;
    this.registerOutputs({ url: this.url });
  }
}

/** Every final status of a run other than success. Source: Systems Manager user guide, "Event examples". */
const runFailed = (prefix: string) => ({
  source: ["aws.ssm"],
  "detail-type": ["EC2 Automation Execution Status-change Notification"],
  detail: {
    Definition: [bootstrapDocumentName(prefix), reconcileDocumentName(prefix)],
    Status: ["Failed", "TimedOut", "Cancelled"],
  },
});
