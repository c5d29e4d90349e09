import { holds } from "../conditions.js";
import type { StepRunner } from "../step-runner.js";

/** Goes on at the first choice whose condition holds, else at Default, else where any step would. */
export const branch: StepRunner<"aws:branch"> = (inputs, { values }) => {
  const chosen = inputs.Choices.find((choice) => holds(choice, values))?.NextStep ?? inputs.Default;
  return Promise.resolve(chosen === undefined ? {} : { next: chosen });
};
