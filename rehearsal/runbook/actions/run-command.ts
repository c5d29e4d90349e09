import type { Inputs, Json, JsonObject } from "../../../runbooks/loader/step.js";
import { LATENCY } from "../../kernel/latency.js";
import { callApi } from "../api-call.js";
import { asText } from "../execution.js";
import type { Port } from "../port.js";
import { StepFailure } from "../step-failure.js";
import type { StepRunner } from "../step-runner.js";

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
    const ended = await endOf(port, CommandId);
    if (ended !== undefined) {
      const invocations = await invocationsOf(port, CommandId, ended !== "Success");
      return { outputs: outputsOf(CommandId, ended, invocations) };
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

/**
 * The status of a command that is over; undefined while it is not. The action needs ssm:ListCommands beside
 * ssm:ListCommandInvocations: AWS lists both for its own runbooks.
 */
async function endOf(port: Port, CommandId: string): Promise<string | undefined> {
  const { Commands } = await callApi<{ Commands: readonly { Status: string }[] }>(port, {
    service: "ssm",
    operation: "ListCommands",
    input: { CommandId },
  });
  const over = Commands.length > 0 && Commands.every(({ Status }) => !UNDERWAY.includes(Status));
  return over ? Commands[0]?.Status : undefined;
}

/** A page of what became of the command on its hosts; where it failed, the page that has one on which it did. */
async function invocationsOf(
  port: Port,
  CommandId: string,
  hasFailed: boolean,
): Promise<readonly Invocation[]> {
  let token: string | undefined;
  for (;;) {
    const input = { CommandId, Details: true, ...(token !== undefined && { NextToken: token }) };
    const page = await callApi<{
      CommandInvocations: readonly Invocation[];
      NextToken?: string;
    }>(port, { service: "ssm", operation: "ListCommandInvocations", input });
    const { CommandInvocations: found, NextToken } = page;
    const shown = !hasFailed || found.some(({ Status }) => Status !== "Success");
    if (shown || NextToken === undefined) return found;
    token = NextToken;
  }
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

/** @throws StepFailure where the command did not succeed. */
function outputsOf(
  CommandId: string,
  ended: string,
  invocations: readonly Invocation[],
): JsonObject {
  const failed = invocations.find(({ Status }) => Status !== "Success");
  const shown = failed ?? invocations[0];
  const plugins = shown?.CommandPlugins ?? [];
  const outputs = {
    Status: ended === "Success" ? ended : (failed?.Status ?? ended),
    ResponseCode: plugins.find(({ ResponseCode }) => ResponseCode !== 0)?.ResponseCode ?? 0,
    Output: plugins.map(({ Output }) => Output ?? "").join(""),
    CommandId,
  };
  if (ended === "Success") return outputs;
  const { Status, ResponseCode, Output } = outputs;
  const payload = JSON.stringify(outputs);
  const where = failed !== undefined && invocations.length > 1 ? ` on ${failed.InstanceId}` : "";
  throw StepFailure.failed(
    `the command ended ${Status}${where} with response code ${ResponseCode}: ${usefulLines(Output)}`,
    VERIFYING,
    `Command ${CommandId} returns unexpected invocation result: \n{Status=[${Status}], ResponseCode=[${ResponseCode}], Output=[${Output}], OutputPayload=[${payload}], CommandId=[${CommandId}]}`,
  );
}

/** Lines of a command's output that say only that something failed, not what. */
const EMPTY_TALK =
  /^(-+ERROR-+|failed to run commands: exit status \d+|Initiating .*|Plugin aws:\w+ ResultStatus \w+|Failed to install package; install status \w+)$/;

function usefulLines(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const kept = lines.filter((line) => line !== "" && !EMPTY_TALK.test(line));
  return kept.length > 0 ? kept.join(" | ") : output.trim();
}
