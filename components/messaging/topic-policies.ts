// Who may publish to a topic, one function per intent.
import type * as pulumi from "@pulumi/pulumi";
import type { Account } from "../account.js";
import { alarmsArn, topicArn } from "../arns.js";
import type { Access } from "../policy.js";

/** The encryption context by which SNS names the topic to KMS. */
export const encryptedForTopic = (account: Account, region: string, topic: string) => ({
  "kms:EncryptionContext:aws:sns:topicArn": topicArn(account, region, topic),
});

/**
 * Rules publish to the topic. The statement has no condition, because EventBridge does not pass the rule on
 * to SNS (its user guide: "You can't use Condition blocks in Amazon SNS topic policies for
 * EventBridge"); with one, every notification is dropped. What is left open is a message too many:
 * the topic triggers nothing.
 */
export const rulesNotify = (topic: pulumi.Input<string>): Access => ({
  Sid: "RulesNotify",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sns:Publish",
  Resource: topic,
});

/** Alarms of this account and Region publish to the topic. */
export const alarmsNotify = (
  topic: pulumi.Input<string>,
  account: Account,
  region: string,
): Access => ({
  Sid: "AlarmsNotify",
  Effect: "Allow",
  Principal: { Service: "cloudwatch.amazonaws.com" },
  Action: "sns:Publish",
  Resource: topic,
  Condition: {
    StringEquals: { "aws:SourceAccount": account.id },
    ArnLike: { "aws:SourceArn": alarmsArn(account, region) },
  },
});

/** Refuses everyone who publishes over a connection that is not TLS. */
export const topicOnlyOverTls = (topic: pulumi.Input<string>): Access => ({
  Sid: "OnlyOverTls",
  Effect: "Deny",
  Principal: "*",
  Action: "sns:Publish",
  Resource: topic,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
