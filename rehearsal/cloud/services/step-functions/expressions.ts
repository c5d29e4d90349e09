import { NotRehearsed } from "../../../kernel/errors.js";
import type { Values } from "./definition.js";
import { StateFailed } from "./failure.js";

/** What expressions can name: `$states`, and the variables of the execution. */
export interface Scope {
  readonly states: Values;
  readonly variables: Values;
}

/** Functions that Step Functions adds to JSONata or takes from it, and those that depend on the hour. */
const NOT_REHEARSED = /\$(partition|range|hash|random|uuid|parse|now|millis|eval)\s*\(/;

/**
 * Replaces each `{% … %}` by what JSONata makes of it, at any depth. Source: Step Functions developer guide, "Transforming
 * data with JSONata".
 * @throws StateFailed States.QueryEvaluationError
 */
export async function evaluate(value: unknown, scope: Scope): Promise<unknown> {
  if (typeof value === "string") {
    const expression = /^\{%(.*)%\}$/s.exec(value)?.[1];
    return expression === undefined ? value : evaluateExpression(expression, scope);
  }
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await evaluate(item, scope));
    return items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value))
    entries.push([key, await evaluate(member, scope)]);
  return Object.fromEntries(entries);
}

async function evaluateExpression(expression: string, scope: Scope): Promise<unknown> {
  const notRehearsed = NOT_REHEARSED.exec(expression)?.[1];
  if (notRehearsed !== undefined) throw new NotRehearsed(`$${notRehearsed} in JSONata`);
  // Loaded by the first execution.
  const { default: jsonata } = await import("jsonata");
  let result: unknown;
  try {
    const bindings = { states: scope.states, ...scope.variables };
    result = await jsonata(expression).evaluate(undefined, bindings);
  } catch (error) {
    const words = (error as { message?: string }).message ?? String(error);
    throw new StateFailed(
      "States.QueryEvaluationError",
      `The JSONata expression '${expression.trim()}' failed: ${words}`,
    );
  }
  if (result === undefined) {
    throw new StateFailed(
      "States.QueryEvaluationError",
      `The JSONata expression '${expression.trim()}' returned nothing (undefined).`,
    );
  }
  // JSONata's lists have properties of their own.
  return JSON.parse(JSON.stringify(result)) as unknown;
}
