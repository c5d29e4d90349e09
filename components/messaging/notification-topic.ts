import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { alarmsNotify, rulesNotify, topicOnlyOverTls } from "./topic-policies.js";
import { resourcePolicy } from "../policy.js";

export interface NotificationTopicArgs {
  readonly account: Account;
  readonly region: string;
  /** ARN of the key that encrypts the messages. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Name of the topic, from `names.ts`. */
  readonly topicName: string;
  /** E-mail addresses to notify; AWS asks each to confirm. @default none */
  readonly notify?: readonly string[];
}

/**
 * Notifies people that something failed or could not be started: an encrypted topic that rules and
 * alarms publish to, with a subscription for every address.
 *
 * @example
 * new NotificationTopic(`${name}-notifications`, { account, region, topicName: failureTopicName("cf"), kmsKeyArn: key.arn, notify: ["ops@example.com"] }, { parent: this });
 */
export class NotificationTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: NotificationTopicArgs, opts: InAccount) {
    super("fleet:index:NotificationTopic", name, {}, opts);
    const { account, region, topicName, kmsKeyArn, notify = [] } = args;
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { name: topicName, kmsMasterKeyId: kmsKeyArn, region },
      { parent: this, deleteBeforeReplace: true },
    );
    new aws.sns.TopicPolicy(
      `${name}-policy`,
      {
        arn: topic.arn,
        policy: resourcePolicy(
          rulesNotify(topic.arn),
          alarmsNotify(topic.arn, account, region),
          topicOnlyOverTls(topic.arn),
        ),
        region,
      },
      { parent: this },
    );
    for (const address of notify) {
      new aws.sns.TopicSubscription(
        `${name}-to-${address}`,
        { topic: topic.arn, protocol: "email", endpoint: address, region },
        { parent: this },
      );
    }
    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
