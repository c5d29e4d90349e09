// What people of the log account may see of a member before, during and after a run. Nothing of it changes anything.
import { Account } from "./account";
import { accountRootArn, automationExecutionsArn, documentArn } from "./arns";
import { runDocumentName, runOperatorRoleName } from "./names";
import { Grant, Trust } from "./policy";
import { roleArn, RunSource, scriptArns } from "./run-grants";

/** Who runs scripts, by the role for it; where the log account has none, whoever its IAM allows. */
export const readersOfRuns = (
  { partition }: Account,
  { accountId, prefix }: RunSource,
  hasOperator: boolean,
): Trust => ({
  Sid: "ReadersOfRuns",
  Effect: "Allow",
  Principal: { AWS: accountRootArn({ partition, id: accountId }) },
  Action: "sts:AssumeRole",
  ...(hasOperator && {
    Condition: {
      ArnEquals: {
        "aws:PrincipalArn": roleArn({ partition, id: accountId }, runOperatorRoleName(prefix)),
      },
    },
  }),
});

/**
 * Which hosts there are and are reached. Not what commands they got and printed: the API would tell those of everybody in
 * the account, and how hosts answered a run is in its record.
 */
export const mayReadHosts = (): Grant => ({
  Sid: "ReadHosts",
  Effect: "Allow",
  Action: [
    "ec2:DescribeInstances",
    "resource-groups:ListGroupResources",
    "ssm:DescribeAutomationExecutions",
    "ssm:DescribeInstanceInformation",
    "tag:GetResources",
  ],
  // Lists know no resources; groups are people's, who make them as they like.
  Resource: "*",
});

/** Whether a document of the log account has come to this one. */
export const mayFindSharedDocuments = (log: Account, prefix: string): Grant => ({
  Sid: "FindSharedDocuments",
  Effect: "Allow",
  Action: ["ssm:DescribeDocument", "ssm:GetDocument"],
  Resource: [...scriptArns(log, prefix), documentArn(log, "*", runDocumentName(prefix))],
});

/** How far the run in this account is, and why it failed. */
export const mayReadSharedRuns = (account: Account): Grant => ({
  Sid: "ReadSharedRuns",
  Effect: "Allow",
  Action: ["ssm:DescribeAutomationStepExecutions", "ssm:GetAutomationExecution"],
  Resource: automationExecutionsArn(account),
});
