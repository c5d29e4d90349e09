import type { AutomationExecution, AutomationExecutionMetadata } from "@aws-sdk/client-ssm";
import {
  DescribeAutomationExecutionsCommand,
  GetAutomationExecutionCommand,
} from "@aws-sdk/client-ssm";
import { UserError } from "../../lib/user-error.js";
import type { Identity } from "./aws.js";
import { isCode } from "./aws.js";
import type { LogStack } from "./log-stack.js";
import type { RateLimiter } from "./rate-limiter.js";
import { RUN, timeOf } from "./run-id.js";

/** A run, as AWS knows it. */
export interface Found {
  readonly run: string;
  /** The automations of it, the first started first. */
  readonly automations: readonly AutomationExecution[];
}

/** Clocks differ, and a start may have waited in a queue. */
const EARLY = 10 * 60_000;

/**
 * Finds the automations of a run by the run's id among their parameters, so that anybody can follow it from anywhere. Only
 * the time in the id makes that fast: AWS returns the parameters of one automation at a time.
 * @throws UserError where there is none; AWS forgets automations after 30 days
 */
export async function findRun(
  run: string,
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
): Promise<Found> {
  if (!RUN.test(run)) {
    throw new UserError(`expected the id of a run, such as 20261122t153000z-3fa9c1, got "${run}"`);
  }
  const since = timeOf(run);
  const near = since && new Date(since.getTime() - EARLY);
  for (const after of near === undefined ? [undefined] : [near, undefined]) {
    const automations: AutomationExecution[] = [];
    // The oldest are the nearest to the time in the id.
    const executions = await started(log, operator, limiter, after);
    for (const { AutomationExecutionId } of executions.reverse()) {
      const automation = await read(AutomationExecutionId ?? "", log, operator, limiter);
      if (automation !== undefined && runOf(automation) === run) automations.push(automation);
      else if (automations.length > 0 && isOfAnotherTime(automation, automations)) break;
    }
    if (automations.length > 0) return { run, automations };
  }
  const remedy =
    "npx fleet run list shows the runs that AWS remembers, which is those of the last 30 days";
  throw new UserError(`there is no run ${run}; ${remedy}`);
}

/** The newest runs, newest first. */
export async function newestRuns(
  most: number,
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
): Promise<readonly Found[]> {
  const found = new Map<string, AutomationExecution[]>();
  for (const { AutomationExecutionId } of await started(log, operator, limiter)) {
    const automation = await read(AutomationExecutionId ?? "", log, operator, limiter);
    const run = automation && runOf(automation);
    if (automation === undefined || run === undefined) continue;
    const own = found.get(run);
    if (own !== undefined) own.unshift(automation);
    else if (found.size === most) break;
    else found.set(run, [automation]);
  }
  return [...found].map(([run, automations]) => ({ run, automations }));
}

export const parameterOf = ({ Parameters }: AutomationExecution, name: string): string =>
  Parameters?.[name]?.[0] ?? "";

const runOf = (automation: AutomationExecution): string | undefined =>
  parameterOf(automation, "RunId") || undefined;

/** Automations of one run are started one after the other; none starts a day later. */
function isOfAnotherTime(
  automation: AutomationExecution | undefined,
  [first]: readonly AutomationExecution[],
): boolean {
  const [at, then] = [automation?.ExecutionStartTime, first?.ExecutionStartTime];
  return at !== undefined && then !== undefined && at.getTime() - then.getTime() > 86_400_000;
}

/** The automations over accounts of the runbook, newest first. */
async function started(
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
  after?: Date,
): Promise<AutomationExecutionMetadata[]> {
  const found: AutomationExecutionMetadata[] = [];
  let NextToken: string | undefined;
  do {
    const command = new DescribeAutomationExecutionsCommand({
      Filters: [
        { Key: "DocumentNamePrefix", Values: [log.runbook] },
        ...(after === undefined
          ? []
          : [{ Key: "StartTimeAfter" as const, Values: [after.toISOString()] }]),
      ],
      MaxResults: 50,
      ...(NextToken !== undefined && { NextToken }),
    });
    const answer = await limiter.read(() => operator.ssm(log.home).send(command));
    found.push(...(answer.AutomationExecutionMetadataList ?? []));
    NextToken = answer.NextToken;
  } while (NextToken !== undefined && NextToken !== "");
  // The log account may be a member as well: an automation there is a part of a run, not a run.
  return found
    .filter(({ DocumentName, ParentAutomationExecutionId }) => {
      return DocumentName === log.runbook && ParentAutomationExecutionId === undefined;
    })
    .sort((a, b) => timeOfStart(b) - timeOfStart(a));
}

const timeOfStart = ({ ExecutionStartTime }: AutomationExecutionMetadata): number =>
  ExecutionStartTime?.getTime() ?? 0;

async function read(
  AutomationExecutionId: string,
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
): Promise<AutomationExecution | undefined> {
  const command = new GetAutomationExecutionCommand({ AutomationExecutionId });
  try {
    const { AutomationExecution } = await limiter.read(() => operator.ssm(log.home).send(command));
    return AutomationExecution;
  } catch (error) {
    // It has just become thirty days old.
    if (isCode(error, "AutomationExecutionNotFoundException")) return undefined;
    throw error;
  }
}
