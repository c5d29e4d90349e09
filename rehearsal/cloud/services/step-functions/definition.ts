import validate from "asl-validator";
import { AwsError, NotRehearsed } from "../../../kernel/errors.js";
import { own } from "../../../own.js";

/** How a failed task is tried again. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Output?: unknown;
  readonly Assign?: Values;
}

export type Values = Readonly<Record<string, unknown>>;

export interface ChoiceRule {
  readonly Condition: unknown;
  readonly Next: string;
  readonly Output?: unknown;
  readonly Assign?: Values;
}

/** A state, whatever its type; the validator has seen that it has what its type needs. */
export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Resource?: string;
  readonly Arguments?: unknown;
  readonly Output?: unknown;
  readonly Assign?: Values;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Choices?: readonly ChoiceRule[];
  readonly Default?: string;
  readonly Seconds?: unknown;
  readonly Items?: unknown;
  readonly ItemSelector?: unknown;
  readonly ItemProcessor?: States & { readonly ProcessorConfig?: { readonly Mode?: string } };
  readonly MaxConcurrency?: number;
  readonly Error?: unknown;
  readonly Cause?: unknown;
}

export interface States {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export interface Definition extends States {
  readonly QueryLanguage?: string;
  readonly TimeoutSeconds?: number;
  readonly Comment?: string;
}

/** The fields that the executor acts on, by the type of the state; others are not rehearsed. */
const COMMON = ["Type", "Comment", "Next", "End", "Output", "Assign", "QueryLanguage"];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: ["Resource", "Arguments", "TimeoutSeconds", "Retry", "Catch"],
  Map: ["Items", "ItemSelector", "ItemProcessor", "MaxConcurrency", "Retry", "Catch"],
  Choice: ["Choices", "Default"],
  Wait: ["Seconds"],
  Pass: [],
  Succeed: [],
  Fail: ["Error", "Cause"],
};

/**
 * Reads a definition in Amazon States Language, checked by `asl-validator`.
 * @throws AwsError InvalidDefinition; NotRehearsed for what the executor does not know.
 */
export function parseDefinition(text: string): Definition {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("INVALID_JSON_DESCRIPTION: the definition is no JSON");
  }
  const { isValid, errorsText } = validate(value);
  if (!isValid) throw invalid(errorsText("; "));
  const definition = value as Definition;
  if (definition.QueryLanguage !== "JSONata")
    throw new NotRehearsed("Step Functions' JSONPath: definitions with QueryLanguage JSONata are");
  checkStates(definition);
  return definition;
}

function checkStates({ States }: States): void {
  for (const [name, state] of Object.entries(States)) {
    const fields = own(FIELDS, state.Type);
    if (fields === undefined) throw new NotRehearsed(`Step Functions' state of type ${state.Type}`);
    const strange = Object.keys(state).find((key) => ![...COMMON, ...fields].includes(key));
    if (strange !== undefined)
      throw new NotRehearsed(`Step Functions' ${strange} of a ${state.Type} state (${name})`);
    if (state.ItemProcessor === undefined) continue;
    if ((state.ItemProcessor.ProcessorConfig?.Mode ?? "INLINE") !== "INLINE")
      throw new NotRehearsed("Step Functions' distributed Map");
    if (state.MaxConcurrency !== 1)
      throw new NotRehearsed("Step Functions' Map of several items at once; MaxConcurrency 1 is");
    checkStates(state.ItemProcessor);
  }
}

function invalid(words: string): AwsError {
  return new AwsError("InvalidDefinition", `Invalid State Machine Definition: '${words}'`);
}
