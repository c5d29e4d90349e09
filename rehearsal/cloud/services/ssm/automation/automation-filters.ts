import { AwsError } from "../../../../kernel/errors.js";
import type { AutomationExecution, StepExecution } from "../../../../runbook/execution.js";
import { own } from "../../../../own.js";

// Which executions and steps an API operation is asked for.

export interface Filter {
  readonly Key: string;
  readonly Values: readonly string[];
}

/** Whether an automation is one over accounts and Regions. */
export const isCrossAccount = ({ multiTarget }: AutomationExecution): boolean =>
  (multiTarget?.TargetLocations ?? []).length > 0;

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
  ParentExecutionId: ({ parentId = "" }, values) => values.includes(parentId),
  CurrentAction: ({ steps }, values) =>
    steps.some(({ action, status }) => status === "InProgress" && values.includes(action)),
  AutomationType: (execution, values) =>
    values.includes(isCrossAccount(execution) ? "CrossAccount" : "Local"),
  TagKey: ({ tags }, values) => values.some((key) => key in tags),
  TargetResourceGroup: ({ multiTarget }, values) =>
    (multiTarget?.Targets ?? []).some(
      ({ Key, Values }) => Key === "ResourceGroup" && Values.some((name) => values.includes(name)),
    ),
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
  const found = own(filters, key);
  if (found !== undefined) return found;
  throw new AwsError("InvalidFilterKey", `The specified key isn't valid: ${key}.`);
}

/** Source: API reference, MaxResults of the describe operations. */
const MAX_PAGE_SIZE = 50;

/**
 * One page of a list: the token is the position at which the next one starts.
 * @throws AwsError ValidationException, InvalidNextToken
 */
export function page<T>(
  items: readonly T[],
  { MaxResults = MAX_PAGE_SIZE, NextToken = "0" }: { MaxResults?: number; NextToken?: string },
): { readonly items: T[]; readonly NextToken?: string } {
  if (MaxResults < 1 || MaxResults > MAX_PAGE_SIZE) {
    const text = `Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must be between 1 and ${MAX_PAGE_SIZE}`;
    throw new AwsError("ValidationException", text);
  }
  const start = Number(NextToken);
  if (!Number.isInteger(start))
    throw new AwsError("InvalidNextToken", "The specified token isn't valid.");
  const end = start + MaxResults;
  return { items: items.slice(start, end), ...(end < items.length && { NextToken: String(end) }) };
}
