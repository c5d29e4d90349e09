import type {
  AutomationExecution as ApiExecution,
  AutomationExecutionMetadata,
  ProgressCounters,
  StepExecution as ApiStep,
  Target as ApiTarget,
  TargetLocation as ApiLocation,
} from "@aws-sdk/client-ssm";
import type { Runbook } from "../../../../../runbooks/loader/runbook.js";
import { isTrue } from "../../../../../runbooks/loader/step-order.js";
import type { Step } from "../../../../../runbooks/loader/step.js";
import { isCrossAccount } from "./automation-filters.js";
import type { AutomationExecution, StepExecution } from "../../../../runbook/execution.js";
import { asText, asTexts } from "../../../../runbook/execution.js";
import type {
  MultiTargetRun,
  MultiTargetStep,
  TargetLocation,
} from "../../../../runbook/multi-target.js";
import { DEFAULT_CONCURRENCY, DEFAULT_ERRORS } from "./multi-target-run.js";

// Executions and steps in the shapes of the API reference.

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
    ...(step.location !== undefined && apiLocation(step.location)),
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

function apiLocation(location: TargetLocation): Pick<ApiStep, "TargetLocation" | "Targets"> {
  const { Targets } = location;
  return {
    TargetLocation: mutable<ApiLocation>(location),
    ...(Targets !== undefined && { Targets: mutable<ApiTarget[]>(Targets) }),
  };
}

/** A copy that the SDK's types take. */
function mutable<T>(value: unknown): T {
  return structuredClone(value) as T;
}

/** How many steps GetAutomationExecution shows. AWS has a limit and does not publish it. */
const MAX_STEPS_LISTED = 100;

/** The execution with all its steps, also those that have not begun, or with the first of them where they are many. */
export function apiExecution(execution: AutomationExecution, runbook: Runbook): ApiExecution {
  const { multiTarget } = execution;
  const begun = new Set(execution.steps.map(({ name }) => name));
  const pending =
    multiTarget === undefined
      ? runbook.steps.filter(({ name }) => !begun.has(name)).map(pendingStep)
      : multiTarget.waiting.map(pendingPart);
  const steps = [...execution.steps.map(apiStep), ...pending];
  const { AutomationType: _, ...metadata } = apiMetadata(execution);
  return {
    ...metadata,
    StepExecutions: steps.slice(0, MAX_STEPS_LISTED),
    StepExecutionsTruncated: steps.length > MAX_STEPS_LISTED,
    Parameters: lists(execution.parameters),
    ...(multiTarget?.TargetLocations !== undefined && {
      TargetLocations: mutable<ApiLocation[]>(multiTarget.TargetLocations),
      ProgressCounters: counters(steps),
    }),
  };
}

function pendingStep(step: Step): ApiStep {
  return { ...apiDefinition(step), StepStatus: "Pending" };
}

function pendingPart({ inputs, location, name }: MultiTargetStep): ApiStep {
  return {
    StepName: name,
    Action: "aws:executeAutomation",
    StepStatus: "Pending",
    Inputs: { ...inputs },
    ...(location !== undefined && apiLocation(location)),
  };
}

function counters(steps: readonly ApiStep[]): ProgressCounters {
  const count = (wanted: string) => steps.filter(({ StepStatus }) => StepStatus === wanted).length;
  return {
    TotalSteps: steps.length,
    SuccessSteps: count("Success"),
    FailedSteps: count("Failed"),
    CancelledSteps: count("Cancelled"),
    TimedOutSteps: count("TimedOut"),
  };
}

function lists(map: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(map).map(([name, values]) => [name, [...values]]));
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
    AutomationType: isCrossAccount(execution) ? "CrossAccount" : "Local",
    ...(execution.parentId !== undefined && { ParentAutomationExecutionId: execution.parentId }),
    ...(execution.target !== undefined && { Target: execution.target }),
    ...(execution.multiTarget !== undefined && apiMultiTarget(execution.multiTarget)),
    Outputs: lists(execution.outputs),
    ...(execution.failureMessage !== undefined && { FailureMessage: execution.failureMessage }),
    ...(current !== undefined && {
      CurrentStepName: current.name,
      CurrentAction: current.action,
    }),
  } satisfies ApiExecution & AutomationExecutionMetadata;
}

/** Source: API reference, AutomationExecution: what was asked for, and which targets that were. */
function apiMultiTarget(multiTarget: MultiTargetRun): Partial<AutomationExecutionMetadata> {
  const { MaxConcurrency, MaxErrors, resolved, TargetMaps, TargetParameterName, Targets } =
    multiTarget;
  return {
    ...(TargetParameterName !== undefined && { TargetParameterName }),
    ...(Targets !== undefined && { Targets: mutable<ApiTarget[]>(Targets) }),
    ...(TargetMaps !== undefined && {
      TargetMaps: mutable<Record<string, string[]>[]>(TargetMaps),
    }),
    ResolvedTargets: { ParameterValues: [...(resolved ?? [])], Truncated: false },
    MaxConcurrency: MaxConcurrency ?? DEFAULT_CONCURRENCY,
    MaxErrors: MaxErrors ?? DEFAULT_ERRORS,
  };
}
