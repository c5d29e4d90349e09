import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { questionMarks } from "../../queries/loader/named-queries.js";
import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import { table } from "../table.js";
import { answersOf, answersText } from "./answers.js";
import type { Asked, Rows } from "./athena.js";
import { query, QueryFailed } from "./athena.js";
import type { StackOptions } from "./log-stack.js";
import { namedQuery } from "./queries.js";
import { asJson } from "./run.js";
import { RUN } from "./run-id.js";
import type { RunContext } from "./status.js";
import { runContextOf } from "./status.js";

export interface ResultsOptions extends StackOptions {
  readonly stderr?: boolean;
  readonly group?: boolean;
  readonly diff?: string;
  readonly query?: string;
  readonly json?: boolean;
}

/** `fleet run results`: what hosts printed, from Athena; it needs nothing but the run's id. */
export async function results(
  run: string,
  options: ResultsOptions,
  session: Session,
): Promise<void> {
  for (const id of [run, ...(options.diff === undefined ? [] : [options.diff])]) {
    if (!RUN.test(id)) throw new UserError(`expected the id of a run, got "${id}"`);
  }
  const question = askedOf(run, options, session);
  const context = await runContextOf(options, session);
  try {
    await report(run, question, options, context, session);
  } catch (error) {
    if (!(error instanceof QueryFailed)) throw error;
    throw new UserError(`Athena's query ${error.message}`);
  }
}

async function report(
  run: string,
  question: Asked | undefined,
  { json }: ResultsOptions,
  { log, operator, limiter }: RunContext,
  session: Session,
): Promise<void> {
  if (question === undefined) {
    const answers = await answersOf(run, log, operator, limiter);
    session.print(
      json === true ? asJson({ run, answers }) : answersText(answers, session.isTerminal),
    );
    return;
  }
  const found = await query(question, log, operator, limiter);
  if (json === true) session.print(asJson({ run, rows: objects(found) }));
  else if (found.rows.length > 0) session.print(rowsText(found, session));
  else session.print(`no rows; whether there is such a run: npx fleet run status ${run}\n`);
}

/** Undefined: the answers in groups. */
function askedOf(
  run: string,
  { stderr, group, diff, query: file }: ResultsOptions,
  { folder }: Session,
): Asked | undefined {
  const given = [
    stderr && "--stderr",
    group && "--group",
    diff && "--diff",
    file && "--query",
  ].filter(Boolean);
  if (given.length > 1) throw new UserError(`expected one of ${given.join(" and ")}`);
  if (diff !== undefined) return namedQuery("differences", diff, run);
  if (group === true) return undefined;
  if (stderr === true) return namedQuery("errors-of-run", run, run);
  if (file === undefined) return namedQuery("output-of-run", run);
  try {
    const sql = readFileSync(resolve(folder, file), "utf8");
    return { sql, values: Array.from({ length: questionMarks(sql) }, () => run) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`--query: expected a file that can be read, got ${file}: ${why}`);
  }
}

const objects = ({ heads, rows }: Rows) =>
  rows.map((row) => Object.fromEntries(heads.map((head, index) => [head, row[index] ?? ""])));

const rowsText = ({ heads, rows }: Rows, { isTerminal }: Session): string =>
  table(
    heads.map((head) => head.toUpperCase()),
    rows,
    isTerminal,
  );
