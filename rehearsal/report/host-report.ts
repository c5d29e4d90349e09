import type { CallRecord } from "../kernel/call.js";
import type { Instance } from "../kernel/instance.js";
import { statusOf } from "../cloud/services/ssm/run-command/command.js";
import type { AutomationExecution, StepExecution } from "../runbook/execution.js";
import { hasBootstrapped } from "../scenario/bootstrapped.js";
import { packagesOf } from "../scenario/check/check.js";
import { STATUS_MESSAGE_TAG, STATUS_TAG } from "../scenario/product.js";
import type { Environment } from "../scenario/setup/environment.js";
import { hostName } from "../scenario/setup/lookup.js";
import { rounded, secondsAt, sum } from "./figures.js";
import type { CallCount, CommandReport, HostReport, RunReport } from "./host-schema.js";
import type { Records, Sent } from "./records.js";

/** Of a command's output the report keeps the end: the cause of a failure is there. Of a script's, the beginning. */
const MAX_OUTPUT_LENGTH = 2_000;

/** What the report says of one host. */
export function hostReport(
  environment: Environment,
  records: Records,
  instance: Instance,
): HostReport {
  const { id, account, region, os, tags } = instance;
  const { now } = environment.cloud.clock;
  const message = tags.get(STATUS_MESSAGE_TAG);
  const executions = records.runsOf(id);
  const running = records.runningSince(id);
  const ready = executions.find(hasBootstrapped)?.endTime;
  const runs = executions.map((execution) => runReport(execution, now));
  return {
    name: hostName(instance),
    instanceId: id,
    account,
    region,
    platform: `${os.platformName} ${os.platformVersion} ${os.architecture}`,
    state: instance.state,
    packages: packagesOf(environment, instance),
    status: tags.get(STATUS_TAG) ?? "none",
    ...(message !== undefined && { message }),
    ...(running !== undefined && { running: secondsAt(running) }),
    ...(running !== undefined &&
      ready !== undefined && { ready: rounded((ready - running) / 1000) }),
    runs,
    commands: records.commandsOn(id).map((sent) => commandReport(sent, now)),
    calls: countCalls(records.callsFor(id)),
    price: sum(runs.map(({ price }) => price)),
  };
}

function runReport(execution: AutomationExecution, now: number): RunReport {
  const { billed, endTime = now, failureMessage, startTime } = execution;
  return {
    executionId: execution.id,
    document: execution.documentName,
    status: execution.status,
    start: secondsAt(startTime),
    seconds: rounded((endTime - startTime) / 1000),
    steps: execution.steps.map((step) => stepReport(step, now)),
    ...(failureMessage !== undefined && { failure: failureMessage }),
    billedSteps: billed.automationStep,
    scriptSeconds: billed.scriptSecond,
    price: rounded(execution.price),
  };
}

function stepReport(step: StepExecution, now: number): RunReport["steps"][number] {
  const { name, action, status, attempts, parent, failureMessage, start = now, end = now } = step;
  const printed = (step.stdout ?? "").trim().slice(0, MAX_OUTPUT_LENGTH);
  const item = parent && (parent.iteratorValue ?? String(parent.iteration));
  return {
    name,
    action,
    ...(item !== undefined && { item: item.split("/").at(-1) ?? item }),
    status,
    start: secondsAt(start),
    seconds: rounded((end - start) / 1000),
    attempts,
    ...(failureMessage !== undefined && { message: failureMessage }),
    ...(printed !== "" && { printed }),
  };
}

function commandReport({ command, invocation }: Sent, now: number): CommandReport {
  const end = invocation.plugins.at(-1)?.ended ?? now;
  return {
    commandId: command.id,
    document: command.documentName,
    comment: command.comment,
    status: statusOf(invocation.details),
    start: secondsAt(command.requested),
    seconds: rounded((end - command.requested) / 1000),
    steps: invocation.plugins
      .filter(({ skipped }) => !skipped)
      .map(({ name, action, started, ended, result }) => ({
        name,
        action,
        start: secondsAt(started),
        seconds: rounded((ended - started) / 1000),
        status: result.status,
        exitCode: result.exitCode,
        output: `${result.stdout}\n${result.stderr}`.trim().slice(-MAX_OUTPUT_LENGTH),
      })),
  };
}

function countCalls(calls: readonly CallRecord[]): CallCount[] {
  const counts = new Map<string, CallCount>();
  for (const { call, outcome, times = 1 } of calls) {
    const found = counts.get(`${call} ${outcome}`);
    if (found === undefined) counts.set(`${call} ${outcome}`, { call, outcome, times });
    else found.times += times;
  }
  return [...counts.values()];
}
