import type { WindowsCloud } from "./maintenance-windows.js";
import type { StepExecution } from "../../../../runbook/execution.js";
import { isOver } from "../../../../runbook/execution.js";
import { NotRehearsed, Throttled } from "../../../../kernel/errors.js";
import { LATENCY } from "../../../../kernel/latency.js";
import type { RoleSession } from "../../../../kernel/principal.js";
import { hasEnded, statusOf } from "../run-command/command.js";
import type { MaintenanceWindow, TaskInputs } from "./maintenance-window.js";

interface Opening {
  /** From when nothing begins. */
  readonly last: number;
  readonly windowArn: string;
}

export interface TaskEnd {
  /** Of the command or the automation. */
  readonly id: string;
  readonly status: string;
  /** How many hosts its commands went to; undefined where it has sent none. */
  readonly hosts?: number;
  /** It used something that is not modelled, so its result is not known. */
  readonly isUnknown: boolean;
}

/** Carries a task out as its service role, to its end. @throws AwsError where it cannot begin */
export async function runTask(
  cloud: WindowsCloud,
  window: MaintenanceWindow,
  task: TaskInputs,
  opening: Opening,
): Promise<TaskEnd> {
  const { account, region } = window;
  if (task.serviceRoleArn === undefined) {
    cloud.reportNotRehearsed("task of a maintenance window without a service role");
    return { id: "none", status: "not rehearsed", isUnknown: true };
  }
  const service = { kind: "service", service: "ssm.amazonaws.com" } as const;
  const principal = await cloud.sts.assume({
    principal: { ...service, sourceAccount: account, sourceArn: opening.windowArn },
    roleArn: task.serviceRoleArn,
    sessionName: cloud.ids.hex("window", 32),
    region,
  });
  const at = { cloud, window, task, principal };
  return task.taskType === "AUTOMATION" ? automate(at) : command(at, opening);
}

interface Place {
  readonly cloud: WindowsCloud;
  readonly window: MaintenanceWindow;
  readonly task: TaskInputs;
  readonly principal: RoleSession;
}

/** How long a throttled call is tried again. AWS documents no bound. */
const PATIENCE = 3_600_000;

/**
 * Several windows that open at once are more than a quota: what is throttled is tried again, as AWS's SDKs do it.
 * @throws NotRehearsed where it stays throttled
 */
async function call<Output>(at: Place, operation: string, input: object): Promise<Output> {
  const { cloud, window, principal } = at;
  const { account, region } = window;
  const last = cloud.clock.now + PATIENCE;
  for (;;) {
    try {
      return await cloud.call<Output>({
        principal,
        account,
        region,
        service: "ssm",
        operation,
        input,
      });
    } catch (error) {
      if (!(error instanceof Throttled)) throw error;
      if (cloud.clock.now >= last) {
        const reason = "AWS does not document how long it tries again";
        throw new NotRehearsed(
          `${operation} of a maintenance window, throttled for an hour`,
          reason,
        );
      }
      await cloud.clock.sleep(LATENCY.windowLook);
    }
  }
}

const byName = (values: readonly { name: string; values: readonly string[] }[] = []) =>
  Object.fromEntries(values.map((parameter) => [parameter.name, parameter.values]));

async function automate(at: Place): Promise<TaskEnd> {
  const { cloud, task, window } = at;
  if ((task.targets ?? []).length > 0)
    cloud.reportNotRehearsed("targets of an automation in a maintenance window");
  const { parameters, documentVersion } = task.taskInvocationParameters?.automationParameters ?? {};
  const { AutomationExecutionId: id } = await call<{ AutomationExecutionId: string }>(
    at,
    "StartAutomationExecution",
    {
      DocumentName: task.taskArn,
      ...(documentVersion !== undefined && { DocumentVersion: documentVersion }),
      Parameters: byName(parameters),
    },
  );
  const executions = cloud.ssm.automations.executions.in(window.account, window.region);
  for (;;) {
    const execution = executions.get(id);
    const status = execution?.status ?? "Failed";
    if (isOver(status)) {
      const steps = execution?.steps ?? [];
      const isUnknown = steps.some(({ notRehearsed }) => notRehearsed !== undefined);
      return { id, status, isUnknown, ...hostsOf(at, steps) };
    }
    await cloud.clock.sleep(LATENCY.windowLook);
  }
}

/**
 * At the cutoff it is cancelled where the task says so; what runs on a host may go on. Source: API reference,
 * CutoffBehavior.
 */
async function command(at: Place, { last }: Opening): Promise<TaskEnd> {
  const { cloud, task, window } = at;
  const { CommandId: id } = (
    await call<{ Command: { CommandId: string } }>(at, "SendCommand", sendInput(at))
  ).Command;
  let cancels = task.cutoffBehavior === "CANCEL_TASK";
  for (;;) {
    const details = cloud.ssm.commands.detailsOf(window.account, window.region, id);
    if (hasEnded(details))
      return { id, status: statusOf(details), isUnknown: false, ...hostsOfCommands(at, [id]) };
    if (cancels && cloud.clock.now >= last) {
      cancels = false;
      await call(at, "CancelCommand", { CommandId: id });
    }
    await cloud.clock.sleep(LATENCY.windowLook);
  }
}

/** The commands of an automation's steps. */
function hostsOf(at: Place, steps: readonly StepExecution[]) {
  const ids = steps.map(({ action, outputs }) =>
    action === "aws:runCommand" ? outputs["CommandId"] : undefined,
  );
  return hostsOfCommands(
    at,
    ids.filter((id) => typeof id === "string"),
  );
}

function hostsOfCommands({ cloud, window }: Place, ids: readonly string[]): { hosts?: number } {
  if (ids.length === 0) return {};
  const { account, region } = window;
  const all = ids.flatMap((id) => cloud.ssm.commands.invocations(account, region, id));
  return { hosts: all.length };
}

function sendInput({ cloud, task, window }: Place) {
  const given = task.taskInvocationParameters?.runCommandParameters ?? {};
  const targets = task.targets ?? [];
  const groups = targets
    .filter(({ key }) => key === "WindowTargetIds")
    .flatMap(({ values }) => values)
    .map((id) => window.targets.get(id) ?? []);
  // Hosts of any of its targets, by a command for each.
  if (groups.length > 1)
    cloud.reportNotRehearsed("task of a maintenance window with several targets");
  const ids = targets.filter(({ key }) => key === "InstanceIds").flatMap(({ values }) => values);
  return {
    DocumentName: task.taskArn,
    ...(given.documentVersion !== undefined && { DocumentVersion: given.documentVersion }),
    ...(ids.length > 0 ? { InstanceIds: ids } : { Targets: groups[0] ?? [] }),
    Parameters: byName(given.parameters),
    MaxConcurrency: task.maxConcurrency,
    MaxErrors: task.maxErrors,
    ...(given.comment !== undefined && { Comment: given.comment }),
    ...(given.timeoutSeconds !== undefined && { TimeoutSeconds: given.timeoutSeconds }),
    ...(given.outputS3Bucket !== undefined && { OutputS3BucketName: given.outputS3Bucket }),
    ...(given.outputS3KeyPrefix !== undefined && { OutputS3KeyPrefix: given.outputS3KeyPrefix }),
  };
}
