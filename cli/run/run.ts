import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import { EXIT } from "../session.js";
import type { AnswerReport } from "./answers.js";
import { reportAnswers } from "./answers.js";
import type { Identity } from "./aws.js";
import { wordsOf } from "./aws.js";
import { checkConsent } from "./consent.js";
import { follow } from "./follow.js";
import type { LogStack } from "./log-stack.js";
import { logStack } from "./log-stack.js";
import { operatorOf } from "./operator.js";
import type { Outcome } from "./outcome.js";
import { exitCodeOf, outcomeOf } from "./outcome.js";
import { outcomeText, summary } from "./outcome-text.js";
import { RateLimiter } from "./rate-limiter.js";
import type { Plan } from "./plan.js";
import { makePlan } from "./plan.js";
import { planData, planText } from "./plan-text.js";
import { prepare } from "./preparation.js";
import type { RunOptions } from "./request.js";
import { newRunId } from "./run-id.js";
import { startAll } from "./start.js";

/** `fleet run`: plan, consent, start, progress, results. */
export async function runScript(options: RunOptions, session: Session): Promise<void> {
  const log = await logStack(session, options);
  const operator = await operatorOf(session, log, options);
  const plan = await makePlan(newRunId(new Date()), options, log, operator, session);
  const { run } = plan;
  if (options.json !== true) session.print(planText(plan, session.isTerminal));
  if (options.plan === true) {
    if (options.json === true) session.print(asJson({ run, plan: planData(plan) }));
    return;
  }
  await checkConsent(plan.places, options, session);
  const limiter = new RateLimiter(session);
  const ids = await begin(plan, log, operator, limiter);
  if (options.detach === true) {
    const data = { run, automations: ids, plan: planData(plan) };
    session.print(options.json === true ? asJson(data) : leave(run));
    return;
  }
  await finish({ run, ids, plan, json: options.json === true }, log, operator, limiter, session);
}

async function begin(
  { run, choice, parameters, preparations, request, starts }: Plan,
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
): Promise<readonly string[]> {
  await prepare(choice, preparations, operator);
  const { document, owner } = choice;
  const startRequest = { run, document, owner, parameters, limits: request.limits };
  const targeted = starts.map((start) => ({ ...start, target: request.target }));
  return startAll(startRequest, targeted, log, operator, limiter);
}

/** A run that has been started. */
export interface Started {
  readonly run: string;
  readonly ids: readonly string[];
  readonly plan?: Plan;
  readonly json: boolean;
}

/**
 * Follows a run and reports its end.
 * @throws UserError with the exit code where it did not go well
 */
export async function finish(
  { run, ids, plan, json }: Started,
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
  session: Session,
): Promise<void> {
  const followed = await follow(run, ids, log, operator, limiter, session).catch(
    (error: unknown) => {
      throw new UserError(`${wordsOf(error)}\n${leave(run)}`.trimEnd());
    },
  );
  const unread = plan === undefined ? 0 : plan.unread.length;
  const outcome = outcomeOf(followed.state, followed.records, unread);
  if (followed.isDetached) {
    // The terminal has printed ^C, and the cursor is in that line.
    const words = `${session.live === undefined ? "" : "\n"}${leave(run)}`;
    session.print(json ? asJson({ run, automations: ids, ...outcomeData(outcome) }) : words);
    return;
  }
  const answers = await reportAnswers(run, log, operator, limiter, session);
  if (json) {
    const planned = plan === undefined ? {} : { plan: planData(plan) };
    session.print(
      asJson({ run, automations: ids, ...planned, ...outcomeData(outcome), ...answers.data }),
    );
  } else {
    session.print(`\n${outcomeText(outcome, session.isTerminal)}${answers.text}`);
  }
  end(outcome, json, session, answers);
}

/**
 * Prints the outcome of a run in a sentence, next to the prompt.
 * @throws UserError with that sentence and the exit code, where it did not go well
 */
export function end(
  outcome: Outcome,
  json: boolean,
  session: Session,
  answers?: AnswerReport,
): void {
  const code = exitCodeOf(outcome);
  if (code !== EXIT.ok) throw new UserError(summary(outcome), code);
  if (!json) session.print(`${summary(outcome)}\n`);
  if (answers?.problem !== undefined) throw new UserError(answers.problem, EXIT.someFailed);
}

export function outcomeData(outcome: Outcome) {
  const { isOver, locations } = outcome;
  return { isOver, exitCode: exitCodeOf(outcome), locations };
}

/** How to follow a run that goes on, or to stop it. */
export const leave = (run: string): string =>
  `Run ${run} goes on without you:\n  npx fleet run status ${run} --wait\n  npx fleet run stop ${run}\n`;

export const asJson = (data: unknown): string => `${JSON.stringify(data, undefined, 2)}\n`;
