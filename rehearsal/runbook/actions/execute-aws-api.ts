import type { JsonObject } from "../../../runbooks/loader/step.js";
import { asJson, callApi } from "../api-call.js";
import type { StepRunner } from "../step-runner.js";

/** One API call. */
export const executeAwsApi: StepRunner<"aws:executeAwsApi"> = async (inputs, { port }) => {
  const { Service, Api, ...input } = inputs;
  const output = await callApi<unknown>(port, { service: Service, operation: Api, input });
  const response = asJson(output) as JsonObject;
  return { response, outputs: { OutputPayload: response } };
};
