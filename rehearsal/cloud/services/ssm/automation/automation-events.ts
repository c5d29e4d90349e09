import type { AutomationCloud } from "./automations.js";
import type { AutomationExecution, Status, StepExecution } from "../../../../runbook/execution.js";
import { isOver } from "../../../../runbook/execution.js";

/** Characters of what a script printed; the report's steps have all of it. */
const MAX_LINE_LENGTH = 160;

/** What an execution reports: to people who follow the rehearsal, and to EventBridge. */
export class AutomationEvents {
  constructor(private readonly cloud: AutomationCloud) {}

  executionChanged(execution: AutomationExecution): void {
    const { documentName, endTime, id, startTime, status } = execution;
    if (status === "Pending") this.report(execution, `${documentName} waits for its turn (${id})`);
    if (status === "InProgress") this.report(execution, `${documentName} started (${id})`);
    if (isOver(status)) {
      // The step has already reported why it failed.
      this.report(
        execution,
        `${documentName} ${OUTCOMES[status]} after ${seconds(startTime, endTime)}`,
        status,
      );
    }
    this.emit(execution, "EC2 Automation Execution Status-change Notification", {
      Status: status,
      ...this.times(startTime, endTime),
      ExecutedBy: execution.executedBy,
    });
  }

  stepChanged(execution: AutomationExecution, step: StepExecution): void {
    const { action, chosen, end, name, parent, reason, start = 0, status } = step;
    if (isOver(status)) {
      const item = parent && (parent.iteratorValue ?? String(parent.iteration));
      const about = item === undefined ? "" : ` for ${shortName(item)}`;
      const went =
        action === "aws:branch" && status === "Success"
          ? chosen === undefined
            ? "found no choice that fits"
            : `chose ${chosen}`
          : `${OUTCOMES[status]} after ${seconds(start, end)}`;
      const explanation = because(reason ?? firstLine(step.stdout));
      this.report(execution, `${name}${about} (${action}) ${went}${explanation}`, status);
    }
    this.emit(execution, "EC2 Automation Step Status-change Notification", {
      Status: status,
      ...this.times(start, end),
      StepName: name,
      Action: action,
    });
  }

  private report(
    execution: AutomationExecution,
    text: string,
    status: Status = "InProgress",
  ): void {
    const instanceId = instanceOf(execution);
    this.cloud.report({
      account: execution.account,
      region: execution.region,
      ...(instanceId !== undefined && { instanceId }),
      source: "Automation",
      text,
      kind: status === "InProgress" ? "info" : status === "Success" ? "success" : "failure",
    });
  }

  /** Source: User Guide, "Amazon EventBridge event examples for Systems Manager". */
  private emit(execution: AutomationExecution, detailType: string, detail: object): void {
    const { account, arn, documentName, documentVersion, id, region } = execution;
    const definition = `automation-definition/${documentName}:${documentVersion}`;
    this.cloud.events.emit({
      account,
      region,
      source: "aws.ssm",
      detailType,
      resources: [arn, this.cloud.arn("ssm", region, account, definition)],
      detail: {
        ExecutionId: id,
        Definition: documentName,
        DefinitionVersion: Number(documentVersion),
        ...detail,
      },
    });
  }

  private times(start: number, end: number | undefined): object {
    return {
      StartTime: eventTime(start),
      ...(end !== undefined && { EndTime: eventTime(end), Time: end - start }),
    };
  }
}

const OUTCOMES: Readonly<Record<Status, string>> = {
  Pending: "waits",
  InProgress: "runs",
  Success: "succeeded",
  Failed: "failed",
  TimedOut: "timed out",
  Cancelling: "is being stopped",
  Cancelled: "was stopped",
};

/** The instance that a runbook is for: by the parameter that all our runbooks and most of AWS's call so. */
function instanceOf({ parameters }: AutomationExecution): string | undefined {
  return /\bi-[0-9a-f]{8,17}\b/.exec(parameters.InstanceId?.[0] ?? "")?.[0];
}

/** The end of an ARN; anything else as it is. */
function shortName(value: string): string {
  return value.startsWith("arn:") ? (value.split("/").at(-1) ?? value) : value;
}

/** The line of a script's output that says most in scripts that print their decision; truncated. */
function firstLine(stdout = ""): string | undefined {
  const line = stdout.trim().split(/\s*\n/, 1)[0] ?? "";
  if (line === "") return undefined;
  return line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)} …` : line;
}

function because(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${reason.split(/\s*\n\s*/).join(" ")}`;
}

function seconds(start: number, end = start): string {
  return `${((end - start) / 1000).toFixed(1)} s`;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `Nov 29, 2016 7:43:25 PM` */
function eventTime(time: number): string {
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, "0");
  const hours = date.getUTCHours();
  const clock = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const day = `${MONTHS[date.getUTCMonth()] ?? ""} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  return `${day} ${clock} ${hours < 12 ? "AM" : "PM"}`;
}
