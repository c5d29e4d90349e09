import { readNamedQueries } from "../../queries/loader/named-queries.js";
import { isRecord } from "../../lib/record.js";
import { AwsError, messageOf, NotRehearsed } from "../kernel/errors.js";
import { QueryFailed } from "../cloud/services/athena/sql/failure.js";
import type { Query, TableUse } from "../cloud/services/athena/sql/query.js";
import { equalitiesOf, isMentioned, readQuery } from "../cloud/services/athena/sql/query.js";
import type { SyntaxNode } from "../cloud/services/athena/sql/syntax.js";
import { nameOf, onlyNode } from "../cloud/services/athena/sql/syntax.js";

/** A problem of a setting. */
export interface Told {
  readonly key: string;
  readonly reason: string;
}

/** Tables whose queries must say which run; Athena fails others. */
const byRun = ["output", "invocations"];
/** The table over all runs, of which each query reads everything. */
const ofAllRuns = "all_output";

/**
 * Reads the queries of `fleet:routes` by Trino's grammar, and compares the rules with the columns that they give.
 * The program reports what is no query at all, or no list of routes.
 */
export async function checkRoutes(
  routes: unknown,
): Promise<{ readonly problems: readonly Told[]; readonly warnings: readonly Told[] }> {
  const problems: Told[] = [];
  const warnings: Told[] = [];
  const list = Array.isArray(routes) ? routes.filter(isRecord) : [];
  for (const [index, route] of list.entries()) {
    const at = `fleet:routes[${index}]`;
    const sql = sqlOf(route);
    const query = sql === undefined ? undefined : await queryOf(route, sql, `${at}.sql`, problems);
    if (query === undefined) continue;
    const columns = columnsOf(query);
    if (columns === undefined) warnings.push(...unjudged(route, at));
    else problems.push(...columnProblems(route, columns, at));
    for (const use of query.uses) {
      const reason = partitionReason(query, use);
      if (reason !== undefined) problems.push({ key: `${at}.sql`, reason });
      if (use.table !== ofAllRuns) continue;
      const everything = `expected output with run = '…', got ${ofAllRuns}, of which each time everything is read that is kept, until fleet:queryLimitBytes ends it`;
      warnings.push({ key: `${at}.sql`, reason: everything });
    }
  }
  return { problems, warnings };
}

function sqlOf({ query, sql }: Record<string, unknown>): string | undefined {
  if (typeof sql === "string" && /^\s*(--.*\s*)*\(*\s*(SELECT|WITH)\b/i.test(sql)) return sql;
  return readNamedQueries().find(({ name }) => name === query)?.sql;
}

async function queryOf(
  { parameters }: Record<string, unknown>,
  sql: string,
  key: string,
  problems: Told[],
): Promise<Query | undefined> {
  const values = Array.isArray(parameters)
    ? parameters.map((parameter) => `'${String(parameter)}'`)
    : [];
  try {
    return await readQuery(sql, values);
  } catch (error) {
    // The program reports a wrong number of parameters; what is not modelled is reported when it runs.
    if (error instanceof NotRehearsed || error instanceof QueryFailed) return undefined;
    if (!(error instanceof AwsError)) throw error;
    const reason = `expected a query in Athena's SQL, got a mistake at ${messageOf(error).replace(/^\w+Exception: /, "")}`;
    problems.push({ key, reason });
    return undefined;
  }
}

function partitionReason(query: Query, use: TableUse): string | undefined {
  if (!byRun.includes(use.table) || isMentioned(query, "run")) return undefined;
  if (equalitiesOf(query, use).some(({ column }) => column === "run")) return undefined;
  return `expected run = '…' in the WHERE of ${use.table}, got none, without which Athena refuses the query`;
}

function columnProblems(
  route: Record<string, unknown>,
  columns: readonly string[],
  at: string,
): Told[] {
  return ruleColumns(route, at).flatMap(({ column, key }) => {
    if (columns.includes(column)) return [];
    const reason = `expected a column that the query gives (${columns.join(", ")}), got "${column}"`;
    return [{ key, reason }];
  });
}

/** Behind a `*` nobody sees at the query what it gives. */
const unjudged = (route: Record<string, unknown>, at: string): Told[] =>
  ruleColumns(route, at).map(({ column, key }) => ({
    key,
    reason: `expected a query that names its columns, got one with *, so nobody has checked whether it gives "${column}"; write the columns instead of *`,
  }));

function ruleColumns({ rules }: Record<string, unknown>, at: string) {
  const all = Array.isArray(rules) ? rules : [];
  return all.flatMap((rule: unknown, index) => {
    const column = isRecord(rule) ? rule["column"] : undefined;
    return typeof column === "string" ? [{ column, key: `${at}.rules[${index}].column` }] : [];
  });
}

/** The names of the result's columns; undefined where a `*` keeps them from being read off the query. */
function columnsOf({ tree }: Query): string[] | undefined {
  const names = selectItems(tree).map((item, index) => {
    if (onlyNode(item, "SelectAllWithoutTable", "TableAllColumns") !== undefined) return undefined;
    const alias = item.children.at(-1);
    if (item.children.length > 1 && alias !== undefined) return nameOf(alias.text);
    const column = onlyNode(item, "SelectLiteralColumnName", "ColumnReference", "Dereference");
    return column === undefined ? `_col${index}` : nameOf(column.text.split(".").at(-1) ?? "");
  });
  return names.some((name) => name === undefined)
    ? undefined
    : names.filter((name) => name !== undefined);
}

/** What the outermost SELECT gives: of a union that is its first one; not those of WITH. */
function selectItems(node: SyntaxNode): SyntaxNode[] {
  if (node.kind === "With") return [];
  if (node.kind === "QuerySpecification") {
    return node.children
      .flatMap(({ kind, children }) =>
        kind === "SelectList" ? children.filter((child) => child.kind !== "token") : [],
      )
      .concat(node.children.filter(({ kind }) => kind === "SelectItem"));
  }
  for (const child of node.children) {
    const found = selectItems(child);
    if (found.length > 0) return found;
  }
  return [];
}
