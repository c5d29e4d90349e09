import type { Action, ValueType } from "../../runbooks/loader/step.js";
import { branch } from "./actions/branch.js";
import { createTags } from "./actions/create-tags.js";
import { executeAutomation } from "./actions/execute-automation.js";
import { executeAwsApi } from "./actions/execute-aws-api.js";
import { executeScript } from "./actions/execute-script.js";
import { loop } from "./actions/loop.js";
import { assertProperty, waitForProperty } from "./actions/resource-property.js";
import { runCommand } from "./actions/run-command.js";
import { sleep } from "./actions/sleep.js";
import { updateVariable } from "./actions/update-variable.js";
import type { StepRunner } from "./step-runner.js";

export type Runners = { readonly [A in Action]: StepRunner<A> };

/** A runner for every action that is rehearsed: a new action does not compile until it has one. */
export function runnersFor(typeOf: (variable: string) => ValueType | undefined): Runners {
  return {
    "aws:assertAwsResourceProperty": assertProperty,
    "aws:branch": branch,
    "aws:createTags": createTags,
    "aws:executeAutomation": executeAutomation,
    "aws:executeAwsApi": executeAwsApi,
    "aws:executeScript": executeScript,
    "aws:loop": loop,
    "aws:runCommand": runCommand,
    "aws:sleep": sleep,
    "aws:updateVariable": updateVariable(typeOf),
    "aws:waitForAwsResourceProperty": waitForProperty,
  };
}

/** How long an attempt may take where the step does not say, in seconds. Source: each action's page in the User Guide. */
export const DEFAULT_TIMEOUT: Partial<Readonly<Record<Action, number>>> = {
  "aws:executeScript": 600,
  "aws:waitForAwsResourceProperty": 3600,
};
