import { type Inputs, type Json, type JsonObject } from "../../../runbooks/step.js";
import { LATENCY } from "../../cloud/latency.js";
import { callApi } from "../api-call.js";
import { asText } from "../execution.js";
import { type Port } from "../port.js";
import { StepFailure } from "../step-failure.js";
import { type StepRunner } from "../step-runner.js";

interface Invocation {
  readonly InstanceId: string;
  readonly Status: string;
  readonly StatusDetails?: string;
  readonly CommandPlugins?: readonly {
    readonly Output?: string;
    readonly ResponseCode?: number;
  }[];
}

/** What AWS says a step is at while the command runs. */
const VERIFYING = "verifying the command has completed";

const UNDERWAY = ["Pending", "InProgress", "Cancelling"];

/** Sends a command and waits until it is over on every instance. */
export const runCommand: StepRunner<"aws:runCommand"> = async (inputs, { port, deadline }) => {
  const { Command } = await callApi<{ Command: { CommandId: string } }>(port, {
    service: "ssm",
    operation: "SendCommand",
    input: commandInput(inputs),
  });
  const { CommandId } = Command;
  for (;;) {
    await port.clock.sleep(LATENCY.commandPoll);
    if (await isOver(port, CommandId)) {
      return { outputs: outputsOf(CommandId, await invocationsOf(port, CommandId)) };
    }
    if (port.isStopping()) {
      const input = { CommandId };
      await callApi(port, { service: "ssm", operation: "CancelCommand", input });
      throw StepFailure.cancelled();
    }
    if (port.clock.now + LATENCY.commandPoll > deadline) {
      await port.clock.sleep(deadline - port.clock.now);
      throw StepFailure.timedOut(`Command ${CommandId} is not over`, VERIFYING);
    }
  }
};

/** The action needs ssm:ListCommands beside ssm:ListCommandInvocations: AWS lists both for its own runbooks. */
async function isOver(port: Port, CommandId: string): Promise<boolean> {
  const { Commands } = await callApi<{ Commands: readonly { Status: string }[] }>(port, {
    service: "ssm",
    operation: "ListCommands",
    input: { CommandId },
  });
  return Commands.length > 0 && Commands.every(({ Status }) => !UNDERWAY.includes(Status));
}

async function invocationsOf(port: Port, CommandId: string): Promise<readonly Invocation[]> {
  const input = { CommandId, Details: true };
  const { CommandInvocations } = await callApi<{ CommandInvocations: readonly Invocation[] }>(
    port,
    { service: "ssm", operation: "ListCommandInvocations", input },
  );
  return CommandInvocations;
}

/** Parameters of a command are lists of texts, whatever the runbook wrote. */
function commandInput(inputs: Inputs["aws:runCommand"]): object {
  const { Parameters, InstanceIds, ...rest } = inputs;
  const given = Object.entries((Parameters ?? {}) as JsonObject).map(([name, value]) => [
    name,
    (Array.isArray(value) ? (value as readonly Json[]) : [value]).map(asText),
  ]);
  return {
    ...rest,
    ...(InstanceIds !== undefined && { InstanceIds: [InstanceIds].flat() }),
    ...(Parameters !== undefined && { Parameters: Object.fromEntries(given) as object }),
  };
}

/** @throws StepFailure where an instance's command did not succeed. */
function outputsOf(CommandId: string, invocations: readonly Invocation[]): JsonObject {
  const failed = invocations.find(({ Status }) => Status !== "Success");
  const telling = failed ?? invocations[0];
  const plugins = telling?.CommandPlugins ?? [];
  const outputs = {
    Status: telling?.Status ?? "Failed",
    ResponseCode: plugins.find(({ ResponseCode }) => ResponseCode !== 0)?.ResponseCode ?? 0,
    Output: plugins.map(({ Output }) => Output ?? "").join(""),
    CommandId,
  };
  if (failed === undefined) return outputs;
  const { Status, ResponseCode, Output } = outputs;
  const payload = JSON.stringify(outputs);
  const where = invocations.length > 1 ? ` on ${failed.InstanceId}` : "";
  throw StepFailure.failed(
    `the command ended ${Status}${where} with response code ${ResponseCode}: ${tellingLines(Output)}`,
    VERIFYING,
    `Command ${CommandId} returns unexpected invocation result: \n{Status=[${Status}], ResponseCode=[${ResponseCode}], Output=[${Output}], OutputPayload=[${payload}], CommandId=[${CommandId}]}`,
  );
}

/** Lines of a command's output that say only that something failed, not what. */
const EMPTY_TALK =
  /^(-+ERROR-+|failed to run commands: exit status \d+|Initiating .*|Plugin aws:\w+ ResultStatus \w+|Failed to install package; install status \w+)$/;

function tellingLines(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const kept = lines.filter((line) => line !== "" && !EMPTY_TALK.test(line));
  return kept.length > 0 ? kept.join(" | ") : output.trim();
}
