// What AWS services may do with the bootstrap product's key, queues and topic, one function per intent.
import type * as pulumi from "@pulumi/pulumi";
import type { Account } from "../account.js";
import { alarmsArn, logGroupArn, logsPrincipal, topicArn } from "../arns.js";
import { failureTopicName, hostLogGroupPrefix } from "../names.js";
import type { Access } from "../policy.js";

/** EventBridge encrypts what it puts into the queues of this account with the product's key. */
export const rulesEncryptMessages = (account: Account): Access => ({
  Sid: "RulesEncryptMessages",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  // In a key policy: the key that it hangs on.
  Resource: "*",
  Condition: { StringEquals: { "aws:SourceAccount": account.id } },
});

/**
 * EventBridge encrypts what it publishes to the topic. For whom it acts is not told on this way
 * (SNS developer guide, "Key management": `aws:SourceAccount` and `aws:SourceArn` are "not supported
 * for EventBridge-to-encrypted topics"), so the topic's own name in the encryption context bounds it.
 */
export const rulesEncryptNotifications = (
  account: Account,
  region: string,
  prefix: string,
): Access => ({
  Sid: "RulesEncryptNotifications",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  // In a key policy: the key that it hangs on.
  Resource: "*",
  Condition: { StringEquals: encryptedForTopic(account, region, failureTopicName(prefix)) },
});

/** CloudWatch encrypts what alarms of this account publish to the topic. */
export const alarmsEncryptNotifications = (
  account: Account,
  region: string,
  prefix: string,
): Access => ({
  Sid: "AlarmsEncryptNotifications",
  Effect: "Allow",
  Principal: { Service: "cloudwatch.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  // In a key policy: the key that it hangs on.
  Resource: "*",
  Condition: {
    StringEquals: {
      "aws:SourceAccount": account.id,
      ...encryptedForTopic(account, region, failureTopicName(prefix)),
    },
  },
});

/** What SNS tells KMS of the topic whose messages it encrypts. */
export const encryptedForTopic = (account: Account, region: string, topic: string) => ({
  "kms:EncryptionContext:aws:sns:topicArn": topicArn(account, region, topic),
});

/** CloudWatch Logs encrypts the hosts' log groups with the product's key, and nothing else. */
export const logsEncryptHostLogs = (account: Account, region: string, prefix: string): Access => ({
  Sid: "LogsEncryptHostLogs",
  Effect: "Allow",
  Principal: { Service: logsPrincipal(account, region) },
  Action: [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
    "kms:DescribeKey",
  ],
  // In a key policy: the key that it hangs on.
  Resource: "*",
  Condition: {
    ArnLike: {
      "kms:EncryptionContext:aws:logs:arn": logGroupArn(
        account,
        region,
        `${hostLogGroupPrefix(prefix)}*`,
      ),
    },
  },
});

/** The rules put what they could not deliver into the queue. */
export const rulesSendDeadLetters = (
  queueArn: pulumi.Input<string>,
  ruleArns: readonly pulumi.Input<string>[],
): Access => ({
  Sid: "RulesSendDeadLetters",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: queueArn,
  Condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
});

/** The rule on failed runs puts each of them into the queue. */
export const ruleSendsFailures = (
  queueArn: pulumi.Input<string>,
  ruleArn: pulumi.Input<string>,
): Access => ({
  Sid: "RuleSendsFailures",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: queueArn,
  Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
});

/** Refuses everyone over a connection that is not TLS. */
export const queueOnlyOverTls = (queueArn: pulumi.Input<string>): Access => ({
  Sid: "OnlyOverTls",
  Effect: "Deny",
  Principal: "*",
  Action: "sqs:*",
  Resource: queueArn,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/**
 * The rule on failed runs notifies. Without a condition, as EventBridge tells SNS nothing about the
 * rule (its user guide: "You can't use Condition blocks in Amazon SNS topic policies for
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

/** The alarms of this account and Region notify. */
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
