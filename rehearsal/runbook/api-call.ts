import type { Json } from "../../runbooks/loader/step.js";
import { AwsError, NotRehearsed, Throttled } from "../kernel/errors.js";
import { operationNamed } from "./api-names.js";
import type { ApiCall } from "./api-names.js";
import type { Port } from "./port.js";
import { StepFailure } from "./step-failure.js";

/** Calls that are throttled are tried again as often as the SDK for Python does it by default. */
const RETRIES = 4;

type Waiter = Pick<Port, "clock" | "ids">;

/**
 * Calls an API for an action other than aws:executeScript: with retries of throttled calls, and a refusal as
 * the step's failure.
 * @throws StepFailure, NotRehearsed
 */
export async function callApi<Output>(port: Port, call: ApiCall): Promise<Output> {
  try {
    return await patiently(port, () => port.call<Output>(call));
  } catch (error) {
    if (error instanceof NotRehearsed || !(error instanceof AwsError)) throw error;
    throw refusal(operationNamed(call.operation, []), error);
  }
}

/** Does what AWS may throttle, and tries it again then as the SDK for Python does. @throws what it throws at last */
export async function patiently<Output>(
  port: Waiter,
  act: () => Output | Promise<Output>,
): Promise<Output> {
  for (let retry = 0; ; retry++) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Throttled) || retry === RETRIES) throw error;
      await port.clock.sleep(backoff(port, retry));
    }
  }
}

/** Up to 2^retry seconds: a part of it that is the same in every run. */
function backoff(port: Waiter, retry: number): number {
  const part = Number.parseInt(port.ids.hex("throttled call", 4), 16) / 0xffff;
  return Math.round(1000 * 2 ** retry * part);
}

/** How AWS words a refused call of an operation in a step. */
export function refusal(name: string, error: AwsError): StepFailure {
  const words = `An error occurred (${error.code}) when calling the ${name} operation: ${error.message}`;
  return StepFailure.failed(words);
}

/** A response as JSONPath sees it: dates are texts. */
export function asJson(response: unknown): Json {
  return response === undefined ? {} : (JSON.parse(JSON.stringify(response)) as Json);
}
