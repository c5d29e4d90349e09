import type { AutomationExecution, StepExecution } from "@aws-sdk/client-ssm";
import {
  GetAutomationExecutionCommand,
  paginateDescribeAutomationStepExecutions,
} from "@aws-sdk/client-ssm";
import type { Identity } from "./aws.js";
import type { LogStack } from "./log-stack.js";
import type { RateLimiter } from "./rate-limiter.js";
import type { Location } from "./split.js";
import { groupBy } from "../../lib/lists.js";

/** The progress of a run in one account and Region. */
export interface LocationState extends Location {
  /** `waiting` before its automation is started, `left` where it is never started. */
  readonly status: "waiting" | "running" | "done" | "failed" | "stopped" | "left";
  /** Its own automation there. */
  readonly execution?: string;
  /** Why it failed, in AWS's words. */
  readonly cause?: string;
}

/** The progress of a run. */
export interface RunState {
  readonly run: string;
  readonly automations: readonly AutomationExecution[];
  readonly locations: readonly LocationState[];
  readonly isOver: boolean;
}

/** Source: API reference, AutomationExecution, AutomationExecutionStatus. */
const OVER = [
  "Success",
  "Failed",
  "TimedOut",
  "Cancelled",
  "CompletedWithSuccess",
  "CompletedWithFailure",
  "Rejected",
  "Exited",
];

/** Reads the progress of a run's automations from AWS. */
export async function readState(
  run: string,
  ids: readonly string[],
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
): Promise<RunState> {
  const ssm = operator.ssm(log.home);
  const automations = await Promise.all(
    ids.map((AutomationExecutionId) =>
      limiter.read(() => ssm.send(new GetAutomationExecutionCommand({ AutomationExecutionId }))),
    ),
  );
  const read = automations.flatMap(({ AutomationExecution }) => AutomationExecution ?? []);
  const locations = await Promise.all(
    read.map((execution) => locationsOf(execution, operator, log, limiter)),
  );
  return {
    run,
    automations: read,
    locations: merged(locations.flat()),
    isOver: read.every(isOver),
  };
}

/** Unfinished ones first, then the worse before the better. */
const ORDER = ["running", "waiting", "failed", "stopped", "left", "done"] as const;

/** A retry has several automations in one account and Region: the worst of them decides its state there. */
function merged(all: readonly LocationState[]): LocationState[] {
  const groups = groupBy(all, ({ account, region }) => `${account} ${region}`);
  return [...groups.values()].map((same) =>
    same.reduce((worst, location) =>
      ORDER.indexOf(location.status) < ORDER.indexOf(worst.status) ? location : worst,
    ),
  );
}

export const isOver = ({ AutomationExecutionStatus: status }: AutomationExecution): boolean =>
  OVER.includes(status ?? "");

/** AWS lists only the steps that have begun; the start request shows which are still to come. */
async function locationsOf(
  automation: AutomationExecution,
  operator: Identity,
  log: LogStack,
  limiter: RateLimiter,
): Promise<LocationState[]> {
  const steps = new Map<string, StepExecution>();
  for (const step of await stepsOf(automation, operator, log, limiter)) {
    const { Accounts: [account = ""] = [], Regions: [region = ""] = [] } =
      step.TargetLocation ?? {};
    steps.set(`${account} ${region}`, step);
  }
  const isDone = isOver(automation);
  return (automation.TargetLocations ?? []).flatMap(({ Accounts = [], Regions = [] }) =>
    Accounts.flatMap((account) =>
      Regions.map((region) => {
        const step = steps.get(`${account} ${region}`);
        return { account, region, ...stateOf(step, isDone) };
      }),
    ),
  );
}

async function stepsOf(
  { AutomationExecutionId = "", StepExecutions = [], StepExecutionsTruncated }: AutomationExecution,
  operator: Identity,
  log: LogStack,
  limiter: RateLimiter,
): Promise<readonly StepExecution[]> {
  if (StepExecutionsTruncated !== true) return StepExecutions;
  const steps: StepExecution[] = [];
  const pages = paginateDescribeAutomationStepExecutions(
    { client: operator.ssm(log.home), pageSize: 50 },
    { AutomationExecutionId },
  )[Symbol.asyncIterator]();
  for (;;) {
    const page = await limiter.read(() => pages.next());
    if (page.done === true) return steps;
    steps.push(...(page.value.StepExecutions ?? []));
  }
}

function stateOf(
  step: StepExecution | undefined,
  isDone: boolean,
): Omit<LocationState, "account" | "region"> {
  const { StepStatus: status = "Pending", FailureMessage, Outputs } = step ?? {};
  const execution = Outputs?.["ExecutionId"]?.[0];
  const more = {
    ...(execution !== undefined && { execution }),
    ...(FailureMessage !== undefined &&
      FailureMessage !== "" && { cause: causeOf(FailureMessage) }),
  };
  if (status === "Success") return { status: "done", ...more };
  if (status === "Cancelled" || status === "Cancelling") return { status: "stopped", ...more };
  if (OVER.includes(status)) return { status: "failed", ...more };
  if (isDone) return { status: "left", ...more };
  return { status: status === "Pending" ? "waiting" : "running", ...more };
}

/**
 * AWS has the same message for a role that it cannot assume and for a runbook that is not shared with the account, and
 * adds text that does not help.
 */
function causeOf(message: string): string {
  const text = message
    .replace(/^Step fails when it is \w+(\/\w+)? action\.\s*/, "")
    .replace(/Please refer to Automation Service Troubleshooting Guide.*$/s, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (!text.includes("unable to be assumed")) return text;
  return `${text} Either it trusts this account's administration role no more, or the runbook is not shared with the account: deploy the log stack, then the member's.`;
}
