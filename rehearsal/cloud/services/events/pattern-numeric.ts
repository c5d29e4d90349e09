import { InvalidEventPattern } from "./invalid-event-pattern.js";
import type { Test } from "./pattern-tests.js";

/** Numbers further from zero are not taken in a pattern, nor matched by a comparison in an event. */
const LIMIT = 5e9;

const DECIMALS = 6;

type Comparison = (value: number, bound: number) => boolean;

const LOWER = new Map<unknown, Comparison>([
  [">", (value, bound) => value > bound],
  [">=", (value, bound) => value >= bound],
]);

const UPPER = new Map<unknown, Comparison>([
  ["<", (value, bound) => value < bound],
  ["<=", (value, bound) => value <= bound],
]);

const EQUAL: Comparison = (value, bound) => value === bound;

const ANY = new Map<unknown, Comparison>([...LOWER, ...UPPER, ["=", EQUAL]]);

/** `["=", 1]`, `[">", 0]`, or a range with its lower bound first: `[">=", 1, "<", 3]`. */
export function numeric(operand: unknown): Test {
  if (!Array.isArray(operand)) throw new InvalidEventPattern("Value of numeric must be an array.");
  const [operator, value, ...rest] = operand as readonly unknown[];
  const first = readBound(ANY, operator, value);
  return ofNumber(rest.length === 0 ? first.holds : range(operator, first, rest));
}

/** A number as an operand of a comparison or of `anything-but`. */
export function checkedNumber(value: number): number {
  if (Math.abs(value) > LIMIT) {
    throw new InvalidEventPattern("Value must be between -5.0E9 and 5.0E9, inclusive");
  }
  if (Number(value.toFixed(DECIMALS)) !== value) {
    throw new InvalidEventPattern(`Only values upto ${DECIMALS} decimals are supported`);
  }
  return value;
}

interface Bound {
  readonly value: number;
  readonly holds: (value: number) => boolean;
}

function range(operator: unknown, lower: Bound, rest: readonly unknown[]): Bound["holds"] {
  if (!LOWER.has(operator) || rest.length > 2) {
    throw new InvalidEventPattern("Too many elements in numeric expression");
  }
  const upper = readBound(UPPER, rest[0], rest[1]);
  if (lower.value >= upper.value) throw new InvalidEventPattern("Bottom must be less than top");
  return (value) => lower.holds(value) && upper.holds(value);
}

function readBound(
  comparisons: ReadonlyMap<unknown, Comparison>,
  operator: unknown,
  value: unknown,
): Bound {
  const compare = comparisons.get(operator);
  if (compare === undefined) {
    throw new InvalidEventPattern(`Unrecognized numeric range operator: ${String(operator)}`);
  }
  if (typeof value !== "number") {
    throw new InvalidEventPattern(`Value of ${String(operator)} must be numeric`);
  }
  const bound = checkedNumber(value);
  return { value: bound, holds: (candidate) => compare(candidate, bound) };
}

function ofNumber(holds: Bound["holds"]): Test {
  return (value) => typeof value === "number" && Math.abs(value) <= LIMIT && holds(value);
}
