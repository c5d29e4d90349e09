// What automations over accounts may do: in the log account, which starts them, and in a member. Instead of AWS's
// AmazonSSMAutomationRole, which may do much in EC2, CloudFormation and Lambda that no runbook of ours does.
import type { Account, Partition } from "../account.js";
import {
  accountRootArn,
  automationDefinitionArn,
  automationExecutionsArn,
  documentArn,
  instancesArn,
  roleArn,
  roleInAccountsArn,
} from "../arns.js";
import {
  administrationRoleName,
  adHocDocumentName,
  executionRoleName,
  runDocumentName,
  scriptDocumentName,
} from "../names.js";
import type { Grant, Trust } from "../policy.js";
import type { RunAccounts } from "./run-accounts.js";
import { ownedBy } from "./run-accounts.js";
import type { LogAccount } from "../log-account.js";

/** Automations of the log account assume the execution roles of members, and no other role. */
export const mayWorkInMembers = (partition: Partition, accounts: RunAccounts): Grant => ({
  Sid: "WorkInMembers",
  Effect: "Allow",
  Action: "sts:AssumeRole",
  // The account is in the condition, which is shorter than 100 ARNs.
  Resource: roleInAccountsArn(partition, executionRoleName),
  Condition: ownedBy(accounts),
});

/** Automation lists the accounts of an organisational unit that a run is for. */
export const mayListUnits = (): Grant => ({
  Sid: "ListUnits",
  Effect: "Allow",
  Action: ["organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent"],
  // This stack does not know which units exist.
  Resource: "*",
});

/**
 * The log account's administration role assumes the execution role of a member. A condition names it, so that a role
 * that was created anew still matches.
 */
export const administratorOfRuns = ({ partition }: Account, { accountId }: LogAccount): Trust => ({
  Sid: "AdministratorOfRuns",
  Effect: "Allow",
  Principal: { AWS: accountRootArn({ partition, id: accountId }) },
  Action: "sts:AssumeRole",
  Condition: {
    ArnEquals: {
      "aws:PrincipalArn": roleArn({ partition, id: accountId }, administrationRoleName),
    },
  },
});

/** The run in this account is started by its own execution role, from the document that the log account shares. */
export const mayStartRuns = (account: Account, source: LogAccount): Grant => ({
  Sid: "StartSharedRuns",
  Effect: "Allow",
  Action: "ssm:StartAutomationExecution",
  Resource: [
    ...runbookArns({ ...account, id: source.accountId }, source.prefix),
    automationExecutionsArn(account),
  ],
});

/** The run gets the role that starts it, which only Systems Manager can assume. */
export const mayPassItself = (account: Account): Grant => ({
  Sid: "PassItself",
  Effect: "Allow",
  Action: "iam:PassRole",
  Resource: roleArn(account, executionRoleName),
  Condition: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
});

/** The log account's automation follows the run in this account, and stops it when it is stopped itself. */
export const mayFollowSharedRuns = (account: Account): Grant => ({
  Sid: "FollowSharedRuns",
  Effect: "Allow",
  Action: [
    "ssm:DescribeAutomationStepExecutions",
    "ssm:GetAutomationExecution",
    "ssm:StopAutomationExecution",
  ],
  Resource: automationExecutionsArn(account),
});

/** Scripts of the log account: its library, and what `fleet run` makes of files. No document of AWS or of the member. */
export const maySendScripts = ({ partition }: Account, source: LogAccount): Grant => ({
  Sid: "SendScripts",
  Effect: "Allow",
  Action: "ssm:SendCommand",
  Resource: scriptArns({ partition, id: source.accountId }, source.prefix),
});

/** To any host of the account, as a run's target says. SendCommand needs this and the statement above. */
export const mayCommandHosts = (account: Account): Grant => ({
  Sid: "CommandHosts",
  Effect: "Allow",
  Action: "ssm:SendCommand",
  Resource: instancesArn(account),
});

/** A run whose target is a resource group has its members listed in the name of the role. */
export const mayReadGroups = (): Grant => ({
  Sid: "ReadGroups",
  Effect: "Allow",
  Action: ["resource-groups:ListGroupResources", "tag:GetResources"],
  // The first action could name groups, but people create groups as they like; the second has no resource-level
  // permissions.
  Resource: "*",
});

/** The runbook as the document, and as older checks name it. */
export const runbookArns = (account: Account, prefix: string): string[] => [
  automationDefinitionArn(account, "*", runDocumentName(prefix), "*"),
  documentArn(account, "*", runDocumentName(prefix)),
];

/** Ad-hoc documents end in 12 hexadecimal digits, so that the runbook, whose name begins alike, is none of them. */
export const adHocScriptsArn = (account: Account, prefix: string): string =>
  documentArn(account, "*", adHocDocumentName(prefix, "?".repeat(12)));

/** All documents that hold scripts. */
export const scriptArns = (account: Account, prefix: string): string[] => [
  documentArn(account, "*", scriptDocumentName(prefix, "*")),
  adHocScriptsArn(account, prefix),
];
