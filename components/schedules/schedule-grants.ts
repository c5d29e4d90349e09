// What the role of maintenance windows may do: start what the config names, and nothing else.
import type { Account } from "../account.js";
import { automationExecutionsArn, awsDocumentArn, documentArn, roleArn } from "../arns.js";
import { executionRoleName } from "../names.js";
import type { Grant, Trust } from "../policy.js";

/** Systems Manager assumes the role for this account only. The request's context does not say for which window. */
export const windowsOfThisAccount = (account: Account): Trust => ({
  Sid: "WindowsOfThisAccount",
  Effect: "Allow",
  Principal: { Service: "ssm.amazonaws.com" },
  Action: "sts:AssumeRole",
  Condition: { StringEquals: { "aws:SourceAccount": account.id } },
});

/** Runbooks of the account, or of AWS, by name. */
export const mayStartScheduledRunbooks = (account: Account, names: readonly string[]): Grant => ({
  Sid: "StartScheduledRunbooks",
  Effect: "Allow",
  Action: "ssm:StartAutomationExecution",
  Resource: [
    ...names.flatMap((name) => {
      const arn = namedDocumentArn(account, name);
      // As older checks name a runbook.
      return [arn, `${arn.replace(":document/", ":automation-definition/")}:*`];
    }),
    automationExecutionsArn(account),
  ],
});

/** Each automation gets the role that it assumes. */
export const mayPassRunRoles = (roleArns: readonly string[]): Grant => ({
  Sid: "PassRunRoles",
  Effect: "Allow",
  Action: "iam:PassRole",
  Resource: [...roleArns],
  Condition: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
});

/** The role that runs of the log account's scripts assume in an account. */
export const executionRoleArn = (account: Account): string => roleArn(account, executionRoleName);

/** Command documents of the account, or of AWS, by name. */
export const maySendDocuments = (account: Account, names: readonly string[]): Grant => ({
  Sid: "SendScheduledDocuments",
  Effect: "Allow",
  Action: "ssm:SendCommand",
  Resource: names.map((name) => namedDocumentArn(account, name)),
});

/** A document that a config names: of AWS where it begins so, as AWS reserves that, else of the account. */
export const namedDocumentArn = (account: Account, name: string): string =>
  /^(AWS|Amazon)/.test(name)
    ? awsDocumentArn(account.partition, "*", name)
    : documentArn(account, "*", name);

/** The agent fetches what an association holds it to by itself: those documents, and no others. */
export const mayFetchAssociated = (documentArns: readonly string[]): Grant => ({
  Sid: "FetchAssociatedDocuments",
  Effect: "Allow",
  Action: ["ssm:DescribeDocument", "ssm:GetDocument"],
  Resource: [...documentArns],
});
