// What AWS services may do with the bootstrap product's key, one function per intent.
import type { Account } from "../account.js";
import { logGroupArn, logsPrincipal } from "../arns.js";
import { failureTopicName, hostLogGroupPrefix } from "../names.js";
import type { Access } from "../policy.js";
import { encryptedForTopic } from "../messaging/topic-policies.js";

/**
 * EventBridge encrypts what it publishes to the topic. KMS does not see which rule EventBridge acts for
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
  // In a key policy, `*` is the key that the policy belongs to.
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
  // In a key policy, `*` is the key that the policy belongs to.
  Resource: "*",
  Condition: {
    StringEquals: {
      "aws:SourceAccount": account.id,
      ...encryptedForTopic(account, region, failureTopicName(prefix)),
    },
  },
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
  // In a key policy, `*` is the key that the policy belongs to.
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
