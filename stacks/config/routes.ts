// Results that need people: which query runs when, and who is notified of which rows.
import * as z from "zod";
import type { Route } from "../../components/results/result-route.js";
import { routeOperators } from "../../components/results/route-definition.js";
import type { NamedQuery } from "../../queries/loader/named-queries.js";
import { didYouMean } from "../../lib/did-you-mean.js";
import type { ConfigProblem } from "./error.js";
import type { Reader } from "./fields.js";
import { asText, eachOnce, expected, oneOf, text } from "./fields.js";
import { sqlProblem } from "./route-sql.js";
import { scheduleText } from "./schedule-expression.js";

/** The settings of a log stack's distribution of results. */
export interface RoutesConfig {
  readonly routes: readonly Route[];
  /** E-mail addresses by topic. */
  readonly topics: Readonly<Record<string, readonly string[]>>;
}

const name = text(
  /^[a-z][a-z0-9-]{0,30}$/,
  "1-31 letters a-z, digits or -, beginning with a letter",
);

/** `%}` would end an expression of the state machine. */
const value = asText(text(/^(?!.*%\})[^\r\n]{1,256}$/, "1-256 characters on one line, without %}"));

const rule = z.strictObject(
  {
    column: text(/^[a-z_][a-z0-9_]{0,62}$/, "the name of a column, in lower case").optional(),
    operator: oneOf(routeOperators).default("always"),
    value: value.optional(),
    topic: name,
  },
  expected("a rule: column, operator, value, topic"),
);

const route = z.strictObject(
  {
    name,
    query: name.optional(),
    sql: text(/\S/, "a query").optional(),
    parameters: z
      .array(value, expected("a list of texts, one for each ? of the query"))
      .default([]),
    schedule: scheduleText,
    rules: z
      .array(rule, expected("a list of rules"))
      .min(1, expected("1-20 rules"))
      .max(20, expected("1-20 rules", "make two routes of them")),
  },
  expected("a route: name, query or sql, parameters, schedule, rules"),
);

const topics = z.record(
  name,
  z
    .array(
      text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address"),
      expected("a list of e-mail addresses"),
    )
    .superRefine(eachOnce("address")),
  expected("e-mail addresses by topic"),
);

/** Undefined: nothing is distributed. */
export function takeRoutes(
  read: Reader,
  queries: readonly NamedQuery[],
  hasRuns: boolean,
  problems: ConfigProblem[],
): RoutesConfig | undefined {
  const routes =
    read(
      "routes",
      z.array(route, expected("a list of routes")).max(50, expected("at most 50 routes")),
    ) ?? [];
  const addresses = read("routeTopics", topics) ?? {};
  if (routes.length === 0) return undefined;
  const fail = (key: string, reason: string) => problems.push({ key: `fleet:${key}`, reason });
  if (!hasRuns)
    fail("routes", "expected only with fleet:runAccounts, which names no account; set both");
  const taken = routes.map((entry, index) => {
    const at = `routes[${index}]`;
    if (routes.findIndex((other) => other.name === entry.name) < index)
      fail(`${at}.name`, `expected another name for each route, got "${entry.name}" again`);
    for (const [number, entryRule] of entry.rules.entries()) {
      const problem = ruleProblem(entryRule, addresses);
      if (problem) fail(`${at}.rules[${number}].${problem.field}`, problem.reason);
      const isSame = (other: typeof entryRule) =>
        JSON.stringify(other) === JSON.stringify(entryRule);
      if (entry.rules.findIndex(isSame) < number)
        fail(`${at}.rules[${number}]`, "expected each rule once, got one again; remove it");
    }
    return { ...entry, sql: sqlOf(entry, queries, at, fail) };
  });
  return { routes: taken, topics: addresses };
}

/** The query's text: the route's own, or that of a named one. */
function sqlOf(
  { query, sql, parameters }: z.output<typeof route>,
  queries: readonly NamedQuery[],
  at: string,
  fail: (key: string, reason: string) => void,
): string {
  if ((query === undefined) === (sql === undefined)) {
    fail(at, "expected either query or sql");
    return "";
  }
  const found = queries.find((candidate) => candidate.name === query);
  if (query !== undefined && found === undefined) {
    const names = queries.map(({ name }) => name);
    const guess = didYouMean(query, names);
    fail(`${at}.query`, `expected one of ${names.join(", ")}, got "${query}"${guess}`);
    return "";
  }
  if (found !== undefined && found.parameters.length !== parameters.length) {
    const wanted = found.parameters.join("; ");
    const reason = `expected ${found.parameters.length} (${wanted}), got ${parameters.length}`;
    fail(`${at}.parameters`, reason);
  }
  const problem = sql === undefined ? undefined : sqlProblem(sql, parameters.length);
  if (problem) fail(`${at}.${problem.field}`, problem.reason);
  return found?.sql ?? sql ?? "";
}

function ruleProblem(
  { column, operator, value: compared, topic }: z.output<typeof rule>,
  addresses: Readonly<Record<string, readonly string[]>>,
): { field: string; reason: string } | undefined {
  if (!(topic in addresses)) {
    const names = Object.keys(addresses);
    const known = names.length > 0 ? names.join(", ") : "none yet";
    const reason = `expected a topic of fleet:routeTopics (${known}), got "${topic}"${didYouMean(topic, names)}`;
    return { field: "topic", reason };
  }
  if (operator === "always") {
    if (column === undefined && compared === undefined) return undefined;
    const others = routeOperators.filter((other) => other !== "always").join(", ");
    const reason = `expected one of ${others} beside column and value, got always, which takes every row; remove both where that is meant`;
    return { field: "operator", reason };
  }
  if (column === undefined) return { field: "column", reason: `expected one for ${operator}` };
  if (compared === undefined) return { field: "value", reason: `expected one for ${operator}` };
  const isNumber = /^-?\d+(\.\d+)?$/.test(compared);
  if (["above", "below"].includes(operator) && !isNumber)
    return { field: "value", reason: `expected a number for ${operator}, got "${compared}"` };
  return undefined;
}
