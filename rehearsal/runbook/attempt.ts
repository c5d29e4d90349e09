import type { Action, Json, JsonObject, ModelledStep, StepOf } from "../../runbooks/loader/step.js";
import { selectOutputs } from "./selection.js";
import type { Runners } from "./runners.js";
import { DEFAULT_TIMEOUT } from "./runners.js";
import type { StepContext, StepResult, StepRunner } from "./step-runner.js";

/** Inputs that their action resolves itself: conditions, and steps that run later. */
const UNRESOLVED: Partial<Readonly<Record<Action, readonly string[]>>> = {
  "aws:branch": ["Choices"],
  "aws:loop": ["Steps", "LoopCondition"],
};

type Around = Omit<StepContext<Action>, "definition" | "deadline">;

/**
 * One attempt of one step: expressions filled in, the action carried out, the outputs selected.
 * Throws StepFailure, NotRehearsed.
 */
export async function attempt(
  definition: ModelledStep,
  runners: Runners,
  around: Around,
): Promise<StepResult> {
  const { port, step, values } = around;
  // AWS bills steps; whether each attempt is one, it does not say. Here it is: rather too much than too little.
  if (definition.action !== "aws:executeScript") port.bill("automationStep", 1);
  const inputs = resolveInputs(definition, (value) => values.resolve(value));
  step.inputs = inputs;
  const seconds = definition.timeoutSeconds ?? DEFAULT_TIMEOUT[definition.action];
  const deadline =
    seconds === undefined
      ? Number.POSITIVE_INFINITY
      : port.clock.now + Number(values.resolve(seconds)) * 1000;
  // The compiler cannot follow that a step's action chooses both its runner and its inputs.
  const run = runners[definition.action] as StepRunner<Action>;
  const context = { ...around, definition: definition as StepOf<Action>, deadline };
  const result = await run(inputs, context);
  const { response, outputs } = result;
  step.outputs = {
    ...outputs,
    ...selectOutputs(definition.outputs ?? [], response ?? outputs ?? {}),
  };
  return result;
}

function resolveInputs(definition: ModelledStep, resolve: (value: Json) => Json): JsonObject {
  const asIs = UNRESOLVED[definition.action] ?? [];
  const inputs = definition.inputs as unknown as JsonObject;
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [
      key,
      asIs.includes(key) ? value : resolve(value),
    ]),
  );
}
