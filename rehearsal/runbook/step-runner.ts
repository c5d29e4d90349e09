import type { Action, Inputs, JsonObject, StepOf } from "../../runbooks/loader/step.js";
import type { ParentStep, StepExecution } from "./execution.js";
import type { Port } from "./port.js";
import type { Values } from "./values.js";

/** The result of an action's step. */
export interface StepResult {
  /** What the step's declared outputs select from. */
  readonly response?: JsonObject;
  /** Outputs that the action always has, e.g. CommandId. */
  readonly outputs?: JsonObject;
  /** Where the run goes on, whatever the document's order says. */
  readonly next?: string;
}

/** How a list of steps ended. */
export interface SequenceResult {
  /** The step that stopped it (Abort). */
  readonly abortedBy?: StepExecution;
  /** The last critical step that failed, where the list went on all the same. */
  readonly criticalFailure?: StepExecution;
}

export interface StepContext<A extends Action> {
  readonly port: Port;
  readonly definition: StepOf<A>;
  readonly step: StepExecution;
  readonly values: Values;
  /** When this attempt times out, in milliseconds since the epoch. */
  readonly deadline: number;
  /** Runs steps inside this one. */
  runSteps(values: Values, parent: ParentStep): Promise<SequenceResult>;
}

/**
 * Carries out one attempt of one step. `inputs` have their expressions filled in, except for those that hold
 * conditions or steps.
 * Throws StepFailure, or NotRehearsed for what is not modelled.
 */
export type StepRunner<A extends Action> = (
  inputs: Inputs[A],
  context: StepContext<A>,
) => Promise<StepResult>;
