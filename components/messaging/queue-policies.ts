// Who may do what to a queue that rules of EventBridge send to, one function per intent.
import type * as pulumi from "@pulumi/pulumi";
import type { Access } from "../policy.js";

/** The rules send the events that they could not deliver to the queue. */
export const rulesSendDeadLetters = (
  queueArn: pulumi.Input<string>,
  ruleArns: readonly pulumi.Input<string>[],
): Access => ({
  Sid: "RulesSendDeadLetters",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: queueArn,
  Condition: { ArnLike: { "aws:SourceArn": ruleArns } },
});

/** The rule on failed runs sends each failure to the queue. */
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
