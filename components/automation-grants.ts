// What the roles of automations may do, whichever runbook they run: one function per intent.
import type { Account } from "./account.js";
import { automationExecutionsArn } from "./arns.js";
import type { Grant, Trust } from "./policy.js";

/** Systems Manager assumes the role for automations of this account, and for nothing else. */
export const automationsOfThisAccount = (account: Account): Trust => ({
  Sid: "AutomationsOfThisAccount",
  Effect: "Allow",
  Principal: { Service: "ssm.amazonaws.com" },
  Action: "sts:AssumeRole",
  Condition: {
    StringEquals: { "aws:SourceAccount": account.id },
    ArnLike: { "aws:SourceArn": automationExecutionsArn(account) },
  },
});

/** The runbook waits until the agent of an instance is online. */
export const mayReadAgents = (): Grant => ({
  Sid: "ReadAgents",
  Effect: "Allow",
  Action: "ssm:DescribeInstanceInformation",
  // Systems Manager has no resource-level permissions for this action.
  Resource: "*",
});

/** `aws:runCommand` follows the command that it sent until it ends, and cancels it when the run is stopped. */
export const mayFollowCommands = (): Grant => ({
  Sid: "FollowCommands",
  Effect: "Allow",
  Action: ["ssm:CancelCommand", "ssm:ListCommandInvocations", "ssm:ListCommands"],
  // Systems Manager has no resource-level permissions for these actions.
  Resource: "*",
});

/** The runbook looks back at its own steps, to say which one failed. */
export const mayReadSteps = (account: Account): Grant => ({
  Sid: "ReadSteps",
  Effect: "Allow",
  Action: "ssm:DescribeAutomationStepExecutions",
  Resource: automationExecutionsArn(account),
});

/** A run that finds the name of another run on the instance checks whether that run is still active. */
export const mayReadRuns = (account: Account): Grant => ({
  Sid: "ReadRuns",
  Effect: "Allow",
  Action: "ssm:GetAutomationExecution",
  Resource: automationExecutionsArn(account),
});
