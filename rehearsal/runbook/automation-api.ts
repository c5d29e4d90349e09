import type {
  AutomationExecution as ApiExecution,
  AutomationExecutionMetadata,
  StepExecution as ApiStep,
} from "@aws-sdk/client-ssm";
import { type Runbook } from "../../runbooks/runbook.js";
import { isTrue } from "../../runbooks/step-order.js";
import { type Step } from "../../runbooks/step.js";
import { AwsError } from "../cloud/errors.js";
import { asText, asTexts, type AutomationExecution, type StepExecution } from "./execution.js";

// Executions and steps in the shapes of the API reference.

export interface Filter {
  readonly Key: string;
  readonly Values: readonly string[];
}

export function apiStep(step: StepExecution): ApiStep {
  const { parent } = step;
  return {
    ...apiDefinition(step.definition),
    StepExecutionId: step.id,
    StepStatus: step.status,
    ...(step.start !== undefined && { ExecutionStartTime: new Date(step.start) }),
    ...(step.end !== undefined && { ExecutionEndTime: new Date(step.end) }),
    Inputs: Object.fromEntries(
      Object.entries(step.inputs).map(([key, value]) => [key, asText(value)]),
    ),
    Outputs: Object.fromEntries(
      Object.entries(step.outputs).map(([key, value]) => [key, [...asTexts(value)]]),
    ),
    ...(step.failureMessage !== undefined && { FailureMessage: step.failureMessage }),
    ...(parent !== undefined && {
      ParentStepDetails: {
        StepExecutionId: parent.step.id,
        StepName: parent.step.name,
        Action: parent.step.action,
        Iteration: parent.iteration,
        ...(parent.iteratorValue !== undefined && { IteratorValue: parent.iteratorValue }),
      },
    }),
  };
}

function apiDefinition(definition: Step): ApiStep {
  const { name, action, onFailure, isCritical, isEnd, nextStep } = definition;
  return {
    StepName: name,
    Action: action,
    OnFailure: onFailure ?? "Abort",
    IsCritical: isCritical === undefined ? onFailure !== "Continue" : isTrue(isCritical),
    IsEnd: isTrue(isEnd),
    ...(nextStep !== undefined && { NextStep: nextStep }),
  };
}

/** The execution with all its steps: also those that have not begun. */
export function apiExecution(execution: AutomationExecution, runbook: Runbook): ApiExecution {
  const begun = new Set(execution.steps.map(({ name }) => name));
  const pending = runbook.steps
    .filter(({ name }) => !begun.has(name))
    .map((step): ApiStep => ({ ...apiDefinition(step), StepStatus: "Pending" }));
  return {
    ...apiMetadata(execution),
    StepExecutions: [...execution.steps.map(apiStep), ...pending],
    StepExecutionsTruncated: false,
    Parameters: Object.fromEntries(
      Object.entries(execution.parameters).map(([name, values]) => [name, [...values]]),
    ),
  };
}

export function apiMetadata(execution: AutomationExecution) {
  const current = execution.steps.find(({ status }) => status === "InProgress");
  return {
    AutomationExecutionId: execution.id,
    DocumentName: execution.documentName,
    DocumentVersion: execution.documentVersion,
    AutomationExecutionStatus: execution.status,
    ExecutionStartTime: new Date(execution.startTime),
    ...(execution.endTime !== undefined && { ExecutionEndTime: new Date(execution.endTime) }),
    ExecutedBy: execution.executedBy,
    Mode: "Auto",
    Outputs: Object.fromEntries(
      Object.entries(execution.outputs).map(([name, values]) => [name, [...values]]),
    ),
    ...(execution.failureMessage !== undefined && { FailureMessage: execution.failureMessage }),
    ...(current !== undefined && {
      CurrentStepName: current.name,
      CurrentAction: current.action,
    }),
  } satisfies ApiExecution & AutomationExecutionMetadata;
}

type Look = (item: StepExecution) => string | undefined;

/** Source: API reference, StepExecutionFilter. */
const STEP_FILTERS: Readonly<Record<string, Look>> = {
  StepName: ({ name }) => name,
  Action: ({ action }) => action,
  StepExecutionId: ({ id }) => id,
  StepExecutionStatus: ({ status }) => status,
  ParentStepExecutionId: ({ parent }) => parent?.step.id,
  ParentStepIteration: ({ parent }) =>
    parent === undefined ? undefined : String(parent.iteration),
  ParentStepIteratorValue: ({ parent }) => parent?.iteratorValue,
};

/** The steps that pass every filter. @throws AwsError InvalidFilterKey */
export function filterSteps(
  steps: readonly StepExecution[],
  filters: readonly Filter[],
): StepExecution[] {
  return steps.filter((step) =>
    filters.every(({ Key, Values }) => {
      const { start = Number.NaN } = step;
      if (Key === "StartTimeBefore") return start < Date.parse(Values[0] ?? "");
      if (Key === "StartTimeAfter") return start > Date.parse(Values[0] ?? "");
      const value = look(STEP_FILTERS, Key)(step);
      return value !== undefined && Values.includes(value);
    }),
  );
}

/** Source: API reference, AutomationExecutionFilter; those that ask for what is modelled. */
const EXECUTION_FILTERS: Readonly<
  Record<string, (execution: AutomationExecution, values: readonly string[]) => boolean>
> = {
  DocumentNamePrefix: ({ documentName }, values) =>
    values.some((prefix) => documentName.startsWith(prefix)),
  ExecutionStatus: ({ status }, values) => values.includes(status),
  ExecutionId: ({ id }, values) => values.includes(id),
  StartTimeBefore: ({ startTime }, [time = ""]) => startTime < Date.parse(time),
  StartTimeAfter: ({ startTime }, [time = ""]) => startTime > Date.parse(time),
};

/** @throws AwsError InvalidFilterKey */
export function filterExecutions(
  executions: readonly AutomationExecution[],
  filters: readonly Filter[],
): AutomationExecution[] {
  return executions.filter((execution) =>
    filters.every(({ Key, Values }) => look(EXECUTION_FILTERS, Key)(execution, Values)),
  );
}

function look<T>(filters: Readonly<Record<string, T>>, key: string): T {
  const found = filters[key];
  if (found !== undefined) return found;
  throw new AwsError("InvalidFilterKey", `The specified key isn't valid: ${key}.`);
}

/** One page of a list: the token is the position at which the next one starts. */
export function page<T>(
  items: readonly T[],
  { MaxResults = 50, NextToken = "0" }: { MaxResults?: number; NextToken?: string },
): { readonly items: T[]; readonly NextToken?: string } {
  const start = Number(NextToken);
  if (!Number.isInteger(start))
    throw new AwsError("InvalidNextToken", "The specified token isn't valid.");
  const end = start + MaxResults;
  return { items: items.slice(start, end), ...(end < items.length && { NextToken: String(end) }) };
}
