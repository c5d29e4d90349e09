import type { Inputs, Json, JsonObject } from "../../../runbooks/loader/step.js";
import { patiently, refusal } from "../api-call.js";
import { AwsError, NotRehearsed } from "../../kernel/errors.js";
import type { StartInput } from "../start-input.js";
import { asText, asTexts } from "../execution.js";
import { StepFailure } from "../step-failure.js";
import type { StepRunner } from "../step-runner.js";

/**
 * Runs another automation, as the role or the person that this one acts as, and waits for its end. Source: User Guide,
 * "aws:executeAutomation".
 */
export const executeAutomation: StepRunner<"aws:executeAutomation"> = async (inputs, context) => {
  const { execution, ended } = await started(inputs, context);
  await ended();
  const { failureMessage, id, outputs, reason, status } = execution;
  const result = { Output: Object.values(outputs).flat(), ExecutionId: id, Status: status };
  if (status === "Success") return { outputs: result };
  if (status === "Cancelled" && context.port.isStopping()) throw StepFailure.cancelled();
  throw StepFailure.failed(
    `the automation ${execution.documentName} (${id}) ended ${status}: ${reason ?? failureMessage ?? ""}`,
    undefined,
    `The automation ${id} is ${status}. ${failureMessage ?? ""}`,
  );
};

type Arguments = Parameters<StepRunner<"aws:executeAutomation">>;

async function started(inputs: Arguments[0], { port, step }: Arguments[1]) {
  try {
    return await patiently(port, () => port.startAutomation(step, startInput(inputs)));
  } catch (error) {
    if (error instanceof NotRehearsed || !(error instanceof AwsError)) throw error;
    throw refusal("StartAutomationExecution", error);
  }
}

function startInput(inputs: Inputs["aws:executeAutomation"]): StartInput {
  const { RuntimeParameters = {}, ...rest } = inputs;
  const given = Object.entries(RuntimeParameters as JsonObject);
  return {
    ...(rest as unknown as Omit<StartInput, "Parameters">),
    Parameters: Object.fromEntries(given.map(([name, value]) => [name, textsOf(value)])),
  };
}

/** Parameters are lists of texts; maps are JSON. */
function textsOf(value: Json): readonly string[] {
  return typeof value === "object" && !Array.isArray(value) ? [asText(value)] : asTexts(value);
}
