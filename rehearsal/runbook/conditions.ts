import type { Comparison, Condition, Json, Operator } from "../../runbooks/loader/step.js";
import { OPERATORS } from "../../runbooks/loader/step.js";
import { shown } from "../../lib/problem.js";
import { StepFailure } from "./step-failure.js";
import type { Values } from "./values.js";

type Test = (value: Json, operand: Json) => boolean;

/** The operands' type by operator; nothing is converted. */
const texts = (test: (value: string, operand: string) => boolean) =>
  typed("string", "a String", test);
const numbers = (test: (value: number, operand: number) => boolean) =>
  typed("number", "a number", test);

const TESTS: Readonly<Record<Operator, Test>> = {
  StringEquals: texts((value, operand) => value === operand),
  EqualsIgnoreCase: texts((value, operand) => value.toLowerCase() === operand.toLowerCase()),
  StartsWith: texts((value, operand) => value.startsWith(operand)),
  EndsWith: texts((value, operand) => value.endsWith(operand)),
  Contains: texts((value, operand) => value.includes(operand)),
  NumericEquals: numbers((value, operand) => value === operand),
  NumericGreater: numbers((value, operand) => value > operand),
  NumericLesser: numbers((value, operand) => value < operand),
  NumericGreaterOrEquals: numbers((value, operand) => value >= operand),
  NumericLesserOrEquals: numbers((value, operand) => value <= operand),
  BooleanEquals: (value, operand) =>
    typed<boolean>(
      "boolean",
      "a Boolean",
      (a, b) => a === b,
    )(
      value,
      // The document may say "true"; a variable may not.
      operand === "true" ? true : operand === "false" ? false : operand,
    ),
};

function typed<T extends string | number | boolean>(
  type: string,
  kinds: string,
  test: (value: T, operand: T) => boolean,
): Test {
  return (value, operand) => {
    for (const compared of [value, operand]) {
      if (typeof compared !== type) {
        throw StepFailure.failed(`The operator compares ${kinds}, got ${shown(compared)}`);
      }
    }
    return test(value as T, operand as T);
  };
}

/**
 * Whether a condition of aws:branch or aws:loop holds. A variable without a value makes its comparison false:
 * AWS's own examples branch on outputs that are there on some platforms only.
 * @throws StepFailure where the operator does not fit the variable's type.
 */
export function holds(condition: Condition, values: Values): boolean {
  if ("And" in condition) return condition.And.every((part) => holds(part, values));
  if ("Or" in condition) return condition.Or.some((part) => holds(part, values));
  if ("Not" in condition) return !holds(condition.Not, values);
  return compare(condition, values);
}

function compare(comparison: Comparison, values: Values): boolean {
  const operator = OPERATORS.find((name) => comparison[name] !== undefined);
  const operand = operator && comparison[operator];
  if (operator === undefined || operand === undefined) return false;
  const value = values.resolveIfKnown(comparison.Variable);
  if (value === undefined || value === null) return false;
  return TESTS[operator](value, values.resolve(operand));
}
