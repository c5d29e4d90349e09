// What the state machines that distribute results may do, and who may start them. They read the same as people who
// query runs: `run-operator-grants.ts`.
import type * as pulumi from "@pulumi/pulumi";
import type { Account } from "../account.js";
import {
  eventRuleArn,
  logGroupArn,
  logsPrincipal,
  stateMachineArn,
  workgroupArn,
} from "../arns.js";
import { encryptedForTopic } from "../messaging/topic-policies.js";
import {
  routeLogGroupName,
  routeName,
  routePrefix,
  routeTopicName,
  runWorkgroupName,
} from "../names.js";
import type { Access, Grant, Trust } from "../policy.js";

/** The topic of failed routes; no rule's topic is called so. */
export const failuresTopic = "failures";

/** Step Functions assumes the role for this state machine, and for no other. */
export const routeMachine = (
  account: Account,
  region: string,
  prefix: string,
  route: string,
): Trust => ({
  Sid: "RouteMachine",
  Effect: "Allow",
  Principal: { Service: "states.amazonaws.com" },
  Action: "sts:AssumeRole",
  Condition: {
    StringEquals: { "aws:SourceAccount": account.id },
    ArnEquals: { "aws:SourceArn": stateMachineArn(account, region, routeName(prefix, route)) },
  },
});

/** EventBridge assumes the role for the rules of routes, and for no others. */
export const routeRules = (account: Account, region: string, prefix: string): Trust => ({
  Sid: "RouteRules",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sts:AssumeRole",
  Condition: {
    StringEquals: { "aws:SourceAccount": account.id },
    ArnLike: { "aws:SourceArn": eventRuleArn(account, region, `${routePrefix(prefix)}*`) },
  },
});

/** The rules start state machines of routes. */
export const mayStartRoutes = (machineArns: readonly pulumi.Input<string>[]): Grant => ({
  Sid: "StartRoutes",
  Effect: "Allow",
  Action: "states:StartExecution",
  Resource: [...machineArns],
});

/** Queries in the workgroup that bounds what they cost; stopped where the route is. */
export const mayQueryForRoute = (account: Account, region: string, prefix: string): Grant => ({
  Sid: "QueryForRoute",
  Effect: "Allow",
  Action: [
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:StartQueryExecution",
    "athena:StopQueryExecution",
  ],
  Resource: workgroupArn(account, region, runWorkgroupName(prefix)),
});

/** The topics of the route's rules. */
export const mayNotify = (topicArns: readonly pulumi.Input<string>[]): Grant => ({
  Sid: "Tell",
  Effect: "Allow",
  Action: "sns:Publish",
  Resource: [...topicArns],
});

/** SNS encrypts what is published, in the name of the publisher. */
export const mayEncryptMessages = (
  { partition }: Account,
  region: string,
  kmsKeyArn: pulumi.Input<string>,
): Grant => ({
  Sid: "EncryptMessages",
  Effect: "Allow",
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  Resource: kmsKeyArn,
  Condition: {
    StringEquals: {
      "kms:ViaService": `sns.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`,
    },
  },
});

/** Step Functions sets its logs up as the role. None of these actions has resource-level permissions. */
export const mayDeliverLogs = (): Grant => ({
  Sid: "DeliverLogs",
  Effect: "Allow",
  Action: [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
  ],
  // The service's authorisation reference gives these actions no resource types.
  Resource: "*",
});

/**
 * EventBridge encrypts what the rule on failed routes publishes; the topic's name bounds it, because SNS passes no
 * source.
 */
export const ruleEncryptsFailedRoutes = (
  account: Account,
  region: string,
  prefix: string,
): Access => ({
  Sid: "RuleEncryptsFailedRoutes",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  // In a key policy, `*` is the key that the policy belongs to.
  Resource: "*",
  Condition: { StringEquals: forFailures(account, region, prefix) },
});

/** CloudWatch encrypts what the alarm on routes that did not start publishes. */
export const alarmEncryptsFailedRoutes = (
  account: Account,
  region: string,
  prefix: string,
): Access => ({
  Sid: "AlarmEncryptsFailedRoutes",
  Effect: "Allow",
  Principal: { Service: "cloudwatch.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  // In a key policy, `*` is the key that the policy belongs to.
  Resource: "*",
  Condition: {
    StringEquals: {
      "aws:SourceAccount": account.id,
      ...forFailures(account, region, prefix),
    },
  },
});

const forFailures = (account: Account, region: string, prefix: string) =>
  encryptedForTopic(account, region, routeTopicName(prefix, failuresTopic));

/** CloudWatch Logs encrypts the log group of routes, and nothing else. */
export const logsEncryptRouteLogs = (account: Account, region: string, prefix: string): Access => ({
  Sid: "LogsEncryptRouteLogs",
  Effect: "Allow",
  Principal: { Service: logsPrincipal(account, region) },
  Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
  // In a key policy, `*` is the key that the policy belongs to.
  Resource: "*",
  Condition: {
    ArnEquals: {
      "kms:EncryptionContext:aws:logs:arn": logGroupArn(account, region, routeLogGroupName(prefix)),
    },
  },
});
