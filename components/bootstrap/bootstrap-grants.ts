// What the roles of the bootstrap product may do, one function per intent.
import type * as pulumi from "@pulumi/pulumi";
import type { Account } from "../account.js";
import {
  automationDefinitionArn,
  automationExecutionsArn,
  awsDocumentArn,
  cloudWatchConfigsArn,
  defaultBusArn,
  documentArn,
  eventRuleArn,
  instancesArn,
} from "../arns.js";
import {
  enabledTag,
  missedType,
  requestSource,
  requestType,
  statusTagPrefix,
} from "./bootstrap-tags.js";
import {
  bootstrapDocumentName,
  bootstrapRulePrefix,
  reconcileDocumentName,
  renameDocumentName,
} from "../names.js";
import type { Grant, Trust } from "../policy.js";

/** The runbook reads the tags that say what to do with an instance. */
export const mayReadInstances = (): Grant => ({
  Sid: "ReadInstances",
  Effect: "Allow",
  Action: "ec2:DescribeInstances",
  // EC2 has no resource-level permissions for this action.
  Resource: "*",
});

/**
 * The documents that the runbook sends to hosts: three that AWS owns, and ours that renames. It
 * cannot run a script of its own choice on a host: that would be another document.
 */
export const mayUseDocuments = (account: Account, prefix: string): Grant => ({
  Sid: "UseDocuments",
  Effect: "Allow",
  Action: "ssm:SendCommand",
  Resource: [
    ...[
      "AWS-ConfigureAWSPackage",
      "AmazonCloudWatch-ManageAgent",
      "AWS-JoinDirectoryServiceDomain",
    ].map((name) => awsDocumentArn(account.partition, "*", name)),
    documentArn(account, "*", renameDocumentName(prefix)),
  ],
});

/**
 * Only hosts whose owner asked for it: an instance without the tag cannot be sent anything. The
 * runbook reads the tag's value in any case, so this does too.
 */
export const mayCommandEnabledInstances = (account: Account): Grant => ({
  Sid: "CommandEnabledInstances",
  Effect: "Allow",
  Action: "ssm:SendCommand",
  Resource: instancesArn(account),
  Condition: { StringEqualsIgnoreCase: { [`ssm:resourceTag/${enabledTag}`]: "true" } },
});

/**
 * The runbook leaves its result on the instance. It can write no other tag, so it can neither
 * enable an instance nor change its packages. Without the `Null` test a call without tags, an empty
 * set, would match as well.
 */
export const mayWriteStatusTags = (account: Account): Grant => ({
  Sid: "WriteStatusTags",
  Effect: "Allow",
  // Once nothing fails any more, the runbook deletes the tag that names the failed step.
  Action: ["ec2:CreateTags", "ec2:DeleteTags"],
  Resource: instancesArn(account),
  Condition: {
    "ForAllValues:StringLike": { "aws:TagKeys": [`${statusTagPrefix}*`] },
    Null: { "aws:TagKeys": "false" },
  },
});

/** The runbook checks whether the CloudWatch configuration that a tag names exists. */
export const mayFindCloudWatchConfigs = (account: Account): Grant => ({
  Sid: "FindCloudWatchConfigs",
  Effect: "Allow",
  Action: "ssm:GetParameter",
  Resource: cloudWatchConfigsArn(account),
});

/** The runbook looks up name and addresses of the directory that a tag names. */
export const mayFindDirectories = (): Grant => ({
  Sid: "FindDirectories",
  Effect: "Allow",
  Action: "ds:DescribeDirectories",
  // Directory Service has no resource-level permissions for this action.
  Resource: "*",
});

/** The product asks for bootstraps by events of its own, and can put no others on the bus. */
export const mayRequestBootstraps = (account: Account): Grant => ({
  Sid: "RequestBootstraps",
  Effect: "Allow",
  Action: "events:PutEvents",
  Resource: defaultBusArn(account),
  Condition: {
    StringEquals: { "events:source": requestSource, "events:detail-type": requestType },
  },
});

/** Reconcile reports missed bootstraps, and can put no other event on the bus. */
export const mayNotifyOfMissedBootstraps = (account: Account): Grant => ({
  Sid: "TellOfMissedBootstraps",
  Effect: "Allow",
  Action: "events:PutEvents",
  Resource: defaultBusArn(account),
  Condition: {
    StringEquals: { "events:source": requestSource, "events:detail-type": missedType },
  },
});

/** EventBridge assumes the role for the rules of this product, and for no others. */
export const rulesOfThisProduct = (account: Account, prefix: string): Trust => ({
  Sid: "RulesOfThisProduct",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sts:AssumeRole",
  Condition: {
    StringEquals: { "aws:SourceAccount": account.id },
    ArnLike: { "aws:SourceArn": eventRuleArn(account, "*", `${bootstrapRulePrefix(prefix)}*`) },
  },
});

/**
 * The rules start the runbooks. AWS checks the document and the execution that comes of it; the
 * older `automation-definition` is still what EventBridge names its target by.
 */
export const mayStartRunbooks = (account: Account, prefix: string): Grant => ({
  Sid: "StartRunbooks",
  Effect: "Allow",
  Action: "ssm:StartAutomationExecution",
  Resource: [
    ...[bootstrapDocumentName(prefix), reconcileDocumentName(prefix)].flatMap((name) => [
      automationDefinitionArn(account, "*", name, "*"),
      documentArn(account, "*", name),
    ]),
    automationExecutionsArn(account),
  ],
});

/** The rules pass each runbook its role, which only Systems Manager can assume. */
export const mayPassAutomationRole = (roleArns: readonly pulumi.Input<string>[]): Grant => ({
  Sid: "PassAutomationRole",
  Effect: "Allow",
  Action: "iam:PassRole",
  Resource: [...roleArns],
  Condition: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
});
