import type { SSMClient } from "@aws-sdk/client-ssm";
import { GetAutomationExecutionCommand } from "@aws-sdk/client-ssm";

/** What Systems Manager knows of a run of the runbook. */
export interface Run {
  readonly instanceId?: string;
  readonly cause: string;
  readonly step?: string;
}

/** Looks a run up. Systems Manager knows runs for thirty days, the queue keeps messages for fourteen. */
export async function runOf(ssm: SSMClient, executionId: string): Promise<Run> {
  try {
    const { AutomationExecution: run = {} } = await ssm.send(
      new GetAutomationExecutionCommand({ AutomationExecutionId: executionId }),
    );
    const instanceId = run.Parameters?.["InstanceId"]?.[0];
    const failed = run.StepExecutions?.find(({ StepStatus }) =>
      ["Failed", "TimedOut", "Cancelled"].includes(StepStatus ?? ""),
    );
    return {
      // By id, or by ARN as tag-change events give it.
      ...(instanceId !== undefined && {
        instanceId: instanceId.slice(instanceId.lastIndexOf("/") + 1),
      }),
      ...(failed?.StepName !== undefined && { step: failed.StepName }),
      cause: lastWords(run.FailureMessage ?? failed?.FailureMessage),
    };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AutomationExecutionNotFoundException")
      throw error;
    return { cause: `Systems Manager knows no run ${executionId} any more` };
  }
}

/** The failure of a script's step has the script's traceback; why it failed is its last paragraph. */
function lastWords(text: string | undefined): string {
  if (text === undefined || text === "") return "the run gives no reason";
  const paragraph = text.includes("Traceback") ? (text.split("\n\n").at(-1) ?? text) : text;
  return paragraph
    .replace(/Please refer to Automation Service Troubleshooting Guide.*/, "")
    .replace(/^BootstrapFailed - (i-[0-9a-f]+: )?/, "")
    .replace(/\s+/g, " ")
    .trim();
}
