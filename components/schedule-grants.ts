// What maintenance windows work as: what each may start, which is what the config names and nothing else.
import { Account } from "./account";
import {
  automationDefinitionArn,
  automationExecutionsArn,
  awsDocumentArn,
  documentArn,
  instancesArn,
} from "./arns";
import { executionRoleName } from "./names";
import { Grant, Trust } from "./policy";
import { roleArn, runbookArns, RunSource } from "./run-grants";

/** Systems Manager becomes the role for this account only. Which window it is for is not in the request's context. */
export const windowsOfThisAccount = (account: Account): Trust => ({
  Sid: "WindowsOfThisAccount",
  Effect: "Allow",
  Principal: { Service: "ssm.amazonaws.com" },
  Action: "sts:AssumeRole",
  Condition: { StringEquals: { "aws:SourceAccount": account.id } },
});

/** Scripts of the library run by the log account's runbook, which keeps their answers. */
export const mayStartScripts = (account: Account, source: RunSource): Grant => ({
  Sid: "StartScheduledScripts",
  Effect: "Allow",
  Action: "ssm:StartAutomationExecution",
  Resource: [
    ...runbookArns({ ...account, id: source.accountId }, source.prefix),
    automationExecutionsArn(account),
  ],
});

/** Runbooks of the account, or of AWS, by name. */
export const mayStartRunbooks = (account: Account, names: readonly string[]): Grant => ({
  Sid: "StartScheduledRunbooks",
  Effect: "Allow",
  Action: "ssm:StartAutomationExecution",
  Resource: [
    ...names.flatMap((name) => [
      name.startsWith("AWS")
        ? awsDocumentArn(account.partition, "*", name)
        : documentArn(account, "*", name),
      automationDefinitionArn(
        { ...account, id: name.startsWith("AWS") ? "" : account.id },
        "*",
        name,
        "*",
      ),
    ]),
    automationExecutionsArn(account),
  ],
});

/** Each automation is handed the role that it works as. */
export const mayPassRunRoles = (roleArns: readonly string[]): Grant => ({
  Sid: "PassRunRoles",
  Effect: "Allow",
  Action: "iam:PassRole",
  Resource: [...roleArns],
  Condition: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
});

/** The role that the log account's scripts work as in an account. */
export const executionRoleArn = (account: Account): string => roleArn(account, executionRoleName);

/** Command documents of the account, or of AWS, by name. */
export const maySendDocuments = (account: Account, names: readonly string[]): Grant => ({
  Sid: "SendScheduledDocuments",
  Effect: "Allow",
  Action: "ssm:SendCommand",
  Resource: names.map((name) =>
    name.startsWith("AWS")
      ? awsDocumentArn(account.partition, "*", name)
      : documentArn(account, "*", name),
  ),
});

/** To any host of the account, as a schedule's target says. SendCommand needs this and the statement above. */
export const mayCommandScheduledHosts = (account: Account): Grant => ({
  Sid: "CommandScheduledHosts",
  Effect: "Allow",
  Action: "ssm:SendCommand",
  Resource: instancesArn(account),
});
