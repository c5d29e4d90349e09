import type { Session } from "../session.js";
import { table } from "../table.js";
import { query } from "./athena.js";
import type { Identity } from "./aws.js";
import { wordsOf } from "./aws.js";
import type { LogStack } from "./log-stack.js";
import type { RateLimiter } from "./rate-limiter.js";
import { namedQuery } from "./queries.js";

/** Hosts that printed the same. */
export interface Answer {
  readonly hosts: number;
  /** `<account>/<region>/<instance>` of a few of them. */
  readonly some: readonly string[];
  /** Its lines, sorted: Athena keeps no order. Cut where it is long. */
  readonly text: string;
}

/** Answers as they are reported. */
export interface AnswerReport {
  readonly text: string;
  readonly data: { readonly answers?: readonly Answer[]; readonly answersProblem?: string };
  /** Why they cannot be reported. */
  readonly problem?: string;
}

/** Asks Athena which hosts of a run gave the same answer. */
export async function answersOf(
  run: string,
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
): Promise<readonly Answer[]> {
  const { rows } = await query(namedQuery("same-answers", run, run), log, operator, limiter);
  return rows.map(([hosts = "0", text = "", some = ""]) => ({
    hosts: Number(hosts),
    some: some.split(", "),
    text,
  }));
}

/** The answers at the end of a run; a failure to read them is reported, and does not hide the state of the hosts. */
export async function reportAnswers(
  run: string,
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
  session: Session,
): Promise<AnswerReport> {
  try {
    const answers = await answersOf(run, log, operator, limiter);
    return { text: answersText(answers, session.isTerminal), data: { answers } };
  } catch (error) {
    const problem = `the answers cannot be read: ${wordsOf(error)}`;
    return { text: "", data: { answersProblem: problem }, problem };
  }
}

const MAX_ANSWERS_SHOWN = 10;
const MAX_LINES_SHOWN = 8;

/** A row for each answer, the commonest first. */
export function answersText(answers: readonly Answer[], isTerminal: boolean): string {
  if (answers.length === 0) return "\nNo host printed anything.\n\n";
  const rows = answers
    .slice(0, MAX_ANSWERS_SHOWN)
    .map(({ hosts, some, text }) => [
      String(hosts),
      `${some.slice(0, 2).join("\n")}${hosts > 2 ? "\n…" : ""}`,
      short(text),
    ]);
  const more = answers.length - rows.length;
  return [
    "",
    table(["HOSTS", "SUCH AS", "ANSWER"], rows, isTerminal).trimEnd(),
    ...(more > 0 ? [`… and ${more} more answers; npx fleet run results has all`] : []),
    "",
    "",
  ].join("\n");
}

function short(text: string): string {
  const lines = text.trimEnd().split("\n");
  const rest = lines.length - MAX_LINES_SHOWN;
  return [
    ...lines.slice(0, MAX_LINES_SHOWN),
    ...(rest > 0 ? [`… and ${rest} more lines`] : []),
  ].join("\n");
}
