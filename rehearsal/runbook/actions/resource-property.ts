import { shown } from "../../../lib/problem.js";
import type { Json, JsonObject, PropertyInputs } from "../../../runbooks/loader/step.js";
import { LATENCY } from "../../kernel/latency.js";
import { asJson, callApi } from "../api-call.js";
import { asText } from "../execution.js";
import type { Port } from "../port.js";
import { select } from "../selection.js";
import { StepFailure } from "../step-failure.js";
import type { StepRunner } from "../step-runner.js";

/** Calls until the property has one of the values, or time is over. */
export const waitForProperty: StepRunner<"aws:waitForAwsResourceProperty"> = async (
  inputs,
  { port, deadline },
) => {
  for (;;) {
    const { response, value } = await readProperty(inputs, port);
    if (isDesired(value, inputs.DesiredValues)) return { response };
    if (port.isStopping()) throw StepFailure.cancelled();
    const next = port.clock.now + LATENCY.propertyPoll;
    if (next > deadline) {
      await port.clock.sleep(deadline - port.clock.now);
      throw StepFailure.timedOut(mismatch(inputs, value), "waiting for the resource property");
    }
    await port.clock.sleep(LATENCY.propertyPoll);
  }
};

/** Calls once; another value is a failure. */
export const assertProperty: StepRunner<"aws:assertAwsResourceProperty"> = async (
  inputs,
  { port },
) => {
  const { response, value } = await readProperty(inputs, port);
  if (!isDesired(value, inputs.DesiredValues)) throw StepFailure.failed(mismatch(inputs, value));
  return { response };
};

async function readProperty(inputs: PropertyInputs, port: Port) {
  const { Service, Api, PropertySelector, DesiredValues: _, ...input } = inputs;
  const output = await callApi<unknown>(port, { service: Service, operation: Api, input });
  const response = asJson(output) as JsonObject;
  return { response, value: select(PropertySelector, response) };
}

/** Desired values are texts; AWS writes booleans as `True` and `False`. */
function isDesired(value: Json | undefined, desired: string | readonly string[]): boolean {
  if (value === undefined) return false;
  const text = typeof value === "boolean" ? (value ? "True" : "False") : asText(value);
  return [desired].flat().includes(text);
}

function mismatch(inputs: PropertyInputs, value: Json | undefined): string {
  const { Service, Api, PropertySelector, DesiredValues } = inputs;
  return `${PropertySelector} of ${Service}:${Api} is ${shown(value)}, desired is ${[DesiredValues].flat().join(" or ")}`;
}
