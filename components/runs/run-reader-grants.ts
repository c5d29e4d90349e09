// What people of the log account may see of a member before a run: its hosts. They follow the run in their own account.
import type { Account } from "../account.js";
import { accountRootArn, roleArn } from "../arns.js";
import { runOperatorRoleName } from "../names.js";
import type { Grant, Trust } from "../policy.js";
import type { LogAccount } from "../log-account.js";

/** The role of people who run scripts; where the log account has none, every principal that its IAM allows. */
export const readersOfRuns = (
  { partition }: Account,
  { accountId, prefix }: LogAccount,
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
 * The hosts and whether Systems Manager reaches them. Not their commands and output: the API would show those of
 * everybody in the account, and how hosts answered a run is in its record.
 */
export const mayReadHosts = (): Grant => ({
  Sid: "ReadHosts",
  Effect: "Allow",
  Action: [
    "resource-groups:ListGroupResources",
    "ssm:DescribeInstanceInformation",
    "tag:GetResources",
  ],
  // List actions have no resource-level permissions, and people create groups as they like.
  Resource: "*",
});
