import { shown } from "../../../lib/problem.js";
import type { Inputs, Json } from "../../../runbooks/loader/step.js";
import { NotRehearsed } from "../../kernel/errors.js";
import { holds } from "../conditions.js";
import type { ParentStep, StepExecution } from "../execution.js";
import { asText } from "../execution.js";
import { fits } from "../selection.js";
import { StepFailure } from "../step-failure.js";
import type { StepContext, StepRunner } from "../step-runner.js";

type LoopInputs = Inputs["aws:loop"];

/** AWS's limit. */
const MAX_ITERATIONS = 100;

/** Runs its steps, like a runbook inside the runbook, for each item or while a condition holds. */
export const loop: StepRunner<"aws:loop"> = async (inputs, context) => {
  const items = inputs.Iterators === undefined ? undefined : itemsOf(inputs);
  const most = Math.min(
    Number(inputs.MaxIterations ?? MAX_ITERATIONS),
    items?.length ?? MAX_ITERATIONS,
  );
  for (let iteration = 1; iteration <= most; iteration++) {
    const item = items?.[iteration - 1];
    const again = await runOnce(inputs, context, {
      step: context.step,
      iteration,
      ...(item !== undefined && { iteratorValue: asText(item) }),
    });
    if (!again) break;
    if (context.port.isStopping()) throw StepFailure.cancelled();
    if (context.port.clock.now >= context.deadline) {
      throw StepFailure.timedOut(`${iteration} iterations are done`, "iterating");
    }
  }
  return {};
};

/** False: a do-while loop's condition does not hold any more. */
async function runOnce(
  inputs: LoopInputs,
  context: StepContext<"aws:loop">,
  parent: ParentStep,
): Promise<boolean> {
  const values = context.values.inside();
  const { iteration, iteratorValue } = parent;
  values.setOutputs(context.definition.name, {
    CurrentIteration: iteration,
    ...(iteratorValue !== undefined && { CurrentIteratorValue: iteratorValue }),
  });
  const { abortedBy, criticalFailure } = await context.runSteps(values, parent);
  const failed = abortedBy ?? criticalFailure;
  if (failed !== undefined) throw failureOf(failed, context, parent);
  return inputs.LoopCondition === undefined || holds(inputs.LoopCondition, values);
}

/** A loop fails with the step inside it that makes it fail. */
function failureOf(
  failed: StepExecution,
  { step }: StepContext<"aws:loop">,
  { iteration, iteratorValue }: ParentStep,
): Error {
  const { definition, notRehearsed, reason, status } = failed;
  if (notRehearsed !== undefined) {
    return new NotRehearsed(notRehearsed, `step ${definition.name} needs it`);
  }
  if (status === "Cancelled") return StepFailure.cancelled();
  // "If you define onFailure properties for the steps within a loop, the aws:loop action inherits those properties"
  // (User Guide). Whether the default counts as defined, it does not say: here the loop's own onFailure goes first.
  if (definition.onFailure === "Abort") step.inherits = "Abort";
  const about = iteratorValue === undefined ? "" : ` (${iteratorValue})`;
  return StepFailure.failed(
    `Step ${definition.name} of iteration ${iteration}${about} ended ${status}: ${reason ?? ""}`,
  );
}

function itemsOf({ Iterators, IteratorDataType = "String" }: LoopInputs): readonly Json[] {
  if (!Array.isArray(Iterators)) {
    throw StepFailure.failed(`Iterators is a list, got ${shown(Iterators)}`);
  }
  const items = Iterators as readonly Json[];
  if (items.length > MAX_ITERATIONS) {
    throw StepFailure.failed(`Iterators has at most ${MAX_ITERATIONS} items, got ${items.length}`);
  }
  const wrong = items.find((item) => !fits(IteratorDataType, item));
  if (wrong === undefined) return items;
  throw StepFailure.failed(`Iterators has items of type ${IteratorDataType}, got ${shown(wrong)}`);
}
