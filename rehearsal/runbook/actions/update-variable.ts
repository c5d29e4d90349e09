import { shown } from "../../../lib/problem.js";
import type { Json, ValueType } from "../../../runbooks/loader/step.js";
import { fits } from "../selection.js";
import { StepFailure } from "../step-failure.js";
import type { StepRunner } from "../step-runner.js";

/** Limits of a variable's value. Source: User Guide, "aws:updateVariable". */
function limitProblem(value: Json): string | undefined {
  const items = Array.isArray(value) ? (value as readonly Json[]) : undefined;
  if (items?.every((item) => typeof item === "string") && items.length > 50) {
    return "a StringList has at most 50 items";
  }
  if (items !== undefined && items.length > 200) return "a MapList has at most 200 items";
  const texts = (items ?? [value]).filter((item) => typeof item === "string");
  return texts.some((text) => text.length < 1 || text.length > 512)
    ? "a String has 1 to 512 characters"
    : undefined;
}

/** Gives a variable another value of its type. */
export function updateVariable(
  typeOf: (variable: string) => ValueType | undefined,
): StepRunner<"aws:updateVariable"> {
  return (inputs, { values }) => {
    const name = inputs.Name.slice("variable:".length);
    const type = typeOf(name);
    if (type === undefined) throw StepFailure.failed(`The runbook has no variable ${name}`);
    if (!fits(type, inputs.Value)) {
      throw StepFailure.failed(`Variable ${name} is a ${type}, got ${shown(inputs.Value)}`);
    }
    const problem = limitProblem(inputs.Value);
    if (problem !== undefined) throw StepFailure.failed(`Variable ${name}: ${problem}`);
    values.setVariable(name, inputs.Value);
    return Promise.resolve({});
  };
}
