import type { AutomationExecution } from "@aws-sdk/client-ssm";
import { StopAutomationExecutionCommand } from "@aws-sdk/client-ssm";
import { scriptDocumentName } from "../../components/names.js";
import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import { table } from "../table.js";
import type { Identity } from "./aws.js";
import { isCode } from "./aws.js";
import type { Found } from "./find.js";
import { findRun, newestRuns, parameterOf } from "./find.js";
import { hasEnded } from "./follow.js";
import type { LogStack, StackOptions } from "./log-stack.js";
import { logStack } from "./log-stack.js";
import { operatorOf } from "./operator.js";
import type { Outcome } from "./outcome.js";
import { outcomeOf } from "./outcome.js";
import { outcomeText, summary } from "./outcome-text.js";
import { RateLimiter } from "./rate-limiter.js";
import { recordsOf } from "./records.js";
import { ALL } from "./request.js";
import { asJson, end, finish, outcomeData } from "./run.js";
import { isOver, readState } from "./run-state.js";

export interface StatusOptions extends StackOptions {
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** The start of every command about runs. */
export interface RunContext {
  readonly log: LogStack;
  readonly operator: Identity;
  readonly limiter: RateLimiter;
}

export async function runContextOf(options: StackOptions, session: Session): Promise<RunContext> {
  const log = await logStack(session, options);
  return {
    log,
    operator: await operatorOf(session, log, options),
    limiter: new RateLimiter(session),
  };
}

/** `fleet run status`: the progress of a run, found by its id alone. */
export async function status(run: string, options: StatusOptions, session: Session): Promise<void> {
  const { log, operator, limiter } = await runContextOf(options, session);
  const found = await findRun(run, log, operator, limiter);
  const ids = idsOf(found);
  const json = options.json === true;
  if (options.wait === true && !found.automations.every(isOver)) {
    return finish({ run, ids, json }, log, operator, limiter, session);
  }
  const outcome = await outcomeNow(found, { log, operator, limiter });
  const data = () => asJson({ run, automations: ids, ...outcomeData(outcome) });
  session.print(json ? data() : outcomeText(outcome, session.isTerminal));
  if (outcome.isOver) end(outcome, json, session);
  else if (!json) session.print(`${summary(outcome)}\n`);
}

export const idsOf = ({ automations }: Found): string[] =>
  automations.flatMap(({ AutomationExecutionId }) => AutomationExecutionId ?? []);

/** The progress of a run, with the hosts that have been recorded. */
export async function outcomeNow(
  found: Found,
  { log, operator, limiter }: RunContext,
): Promise<Outcome> {
  const state = await readState(found.run, idsOf(found), log, operator, limiter);
  const records = await recordsOf(found.run, state.locations.filter(hasEnded), log, operator);
  return outcomeOf(state, records);
}

/** `fleet run stop`: no more hosts are asked; those that run the script finish it. */
export async function stop(run: string, options: StatusOptions, session: Session): Promise<void> {
  const { log, operator, limiter } = await runContextOf(options, session);
  const found = await findRun(run, log, operator, limiter);
  const going = found.automations.filter((automation) => !isOver(automation));
  for (const { AutomationExecutionId } of going) {
    const command = new StopAutomationExecutionCommand({ AutomationExecutionId, Type: "Cancel" });
    try {
      await limiter.start(() => operator.ssm(log.home).send(command));
    } catch (error) {
      // The run has just ended.
      if (!isCode(error, "InvalidAutomationStatusUpdateException")) throw error;
    }
  }
  const stopped = going.flatMap(({ AutomationExecutionId }) => AutomationExecutionId ?? []);
  const words =
    stopped.length === 0
      ? `Run ${run} is over already.`
      : `Run ${run} is being stopped: hosts that run the script may finish it, no others begin.`;
  session.print(options.json === true ? asJson({ run, stopped }) : `${words}\n`);
}

export interface ListOptions extends StackOptions {
  readonly most: string;
  readonly json?: boolean;
}

/** `fleet run list`: the newest runs. */
export async function list(options: ListOptions, session: Session): Promise<void> {
  const most = Number(options.most);
  if (!Number.isInteger(most) || most < 1) {
    throw new UserError(`--most: expected a number from 1, got "${options.most}"`);
  }
  const { log, operator, limiter } = await runContextOf(options, session);
  const runs = (await newestRuns(most, log, operator, limiter)).map(listed);
  if (options.json === true) return session.print(asJson({ runs }));
  if (runs.length === 0) return session.print("AWS remembers no run of the last 30 days\n");
  const rows = runs.map((run) => [
    run.run,
    titleOf(run.document, log),
    run.target,
    String(run.locations),
    run.status,
    run.by,
  ]);
  const heads = ["RUN", "DOCUMENT", "TARGET", "PLACES", "STATUS", "BY"];
  // An id that is wrapped cannot be copied.
  session.print(table(heads, rows, session.isTerminal, 1));
}

/** A script of the library by the name that people give it. */
const titleOf = (document: string, { prefix, scripts }: LogStack): string =>
  Object.keys(scripts).find((name) => scriptDocumentName(prefix, name) === document) ?? document;

function listed({ run, automations }: Found) {
  const [first] = automations;
  const locations = automations
    .flatMap(({ TargetLocations = [] }) => TargetLocations)
    .reduce((sum, { Accounts = [], Regions = [] }) => sum + Accounts.length * Regions.length, 0);
  return {
    run,
    started: first?.ExecutionStartTime?.toISOString() ?? "",
    document: first === undefined ? "" : parameterOf(first, "Document"),
    target: first === undefined ? "" : targetText(first),
    locations,
    status: automations.every(isOver) ? "over" : "running",
    by: (first?.ExecutedBy ?? "").split("/").at(-1) ?? "",
  };
}

function targetText(automation: AutomationExecution): string {
  const key = parameterOf(automation, "TargetKey");
  const values = automation.Parameters?.["TargetValues"] ?? [];
  if (key === ALL.key && values.join() === ALL.values.join()) return ALL.text;
  if (key === "InstanceIds") return `${values.length} ${values.length === 1 ? "host" : "hosts"}`;
  if (key === "resource-groups:Name") return `resource-group:${values.join()}`;
  return `${key}=${values.join()}`;
}
