import { InvalidEventPattern } from "./invalid-event-pattern.js";
import type { JsonObject, Scalar } from "./json.js";
import { isObject, isScalar } from "./json.js";
import { address, cidr } from "./pattern-address.js";
import { checkedNumber, numeric } from "./pattern-numeric.js";
import type { Test } from "./pattern-tests.js";
import { anyOf, not, oneOf, text, wildcard } from "./pattern-tests.js";

/** What a pattern asks of one field. */
export interface Requirement {
  readonly accepts: Test;
  /** Whether an event without the field will do, too: `exists: false`. */
  readonly acceptsAbsence: boolean;
}

/** Reads the list that a pattern has for a field; the field must be like one of its entries. */
export function readRequirement(entries: readonly unknown[]): Requirement {
  if (entries.length === 0) throw new InvalidEventPattern("Empty arrays are not allowed");
  const acceptsAbsence = entries.some((entry) => isObject(entry) && entry["exists"] === false);
  return {
    accepts: anyOf([exactly(entries.filter(isScalar)), ...expressions(entries)]),
    acceptsAbsence,
  };
}

/** Whether the name is kept for operators, so that it cannot be a field's name inside `$or`. */
export function isReserved(name: string): boolean {
  return OPERATORS.has(name) || RESERVED.has(name);
}

/** Plain values. An IP address matches in all its spellings. */
function exactly(values: readonly Scalar[]): Test {
  const addresses = values.map(address).filter((test) => test !== undefined);
  return anyOf([oneOf(values), ...addresses]);
}

function expressions(entries: readonly unknown[]): Test[] {
  return entries.filter((entry) => !isScalar(entry)).map(expression);
}

/** An entry with an operator, such as `{ "prefix": "a" }`. */
function expression(entry: unknown): Test {
  if (!isObject(entry)) {
    throw new InvalidEventPattern("Match value must be String, number, true, false, or null");
  }
  const [name, operand] = onlyEntry(entry);
  const operator = OPERATORS.get(name);
  if (operator === undefined) throw new InvalidEventPattern(`Unrecognized match type ${name}`);
  return operator(operand);
}

function onlyEntry(expression: JsonObject): [string, unknown] {
  const [entry, ...more] = Object.entries(expression);
  if (entry === undefined) throw new InvalidEventPattern("Match expression name not found");
  if (more.length > 0) throw new InvalidEventPattern("Only one key allowed in match expression");
  return entry;
}

type Operator = (operand: unknown) => Test;

const equalsIgnoreCase: Operator = (operand) => {
  const wanted = string("equals-ignore-case", operand).toLowerCase();
  return text((value) => value.toLowerCase() === wanted);
};

const prefix: Operator = (operand) => {
  if (isObject(operand)) {
    const start = ignoringCase("prefix", operand);
    return text((value) => value.toLowerCase().startsWith(start));
  }
  const start = string("prefix", operand);
  return text((value) => value.startsWith(start));
};

const suffix: Operator = (operand) => {
  if (isObject(operand)) {
    const end = ignoringCase("suffix", operand);
    return text((value) => value.toLowerCase().endsWith(end));
  }
  const end = string("suffix", operand);
  return text((value) => value.endsWith(end));
};

const exists: Operator = (operand) => {
  if (typeof operand !== "boolean") {
    throw new InvalidEventPattern("exists match pattern must be either true or false.");
  }
  return () => operand;
};

const anythingBut: Operator = (operand) => {
  if (isObject(operand)) return anythingButLike(operand);
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  const allText = values.every((value) => typeof value === "string");
  if (values.length === 0 || !(allText || values.every((value) => typeof value === "number"))) {
    throw new InvalidEventPattern(
      "Inside anything but list, either all values are number or string, mixed type is not supported",
    );
  }
  return not(oneOf(allText ? values : values.map(checkedNumber)));
};

/** `anything-but` around another operator, with one operand or a list of them. */
function anythingButLike(operand: JsonObject): Test {
  const [name, operands] = onlyEntry(operand);
  const operator = INSIDE_ANYTHING_BUT.get(name);
  if (operator === undefined) {
    throw new InvalidEventPattern(`Unsupported anything-but pattern: ${name}`);
  }
  const list: readonly unknown[] = Array.isArray(operands) ? operands : [operands];
  return not(anyOf(list.map((item) => operator(nonEmpty(name, string(name, item))))));
}

/** An empty prefix or suffix would exclude every text. */
function nonEmpty(operator: string, operand: string): string {
  if (operand === "" && (operator === "prefix" || operator === "suffix")) {
    throw new InvalidEventPattern("Null prefix/suffix not allowed");
  }
  return operand;
}

function ignoringCase(operator: string, operand: JsonObject): string {
  const [name, value] = onlyEntry(operand);
  if (name !== "equals-ignore-case") {
    throw new InvalidEventPattern(`Unsupported ${operator} pattern: ${name}`);
  }
  return string(name, value).toLowerCase();
}

function string(operator: string, operand: unknown): string {
  if (typeof operand === "string") return operand;
  throw new InvalidEventPattern(`${operator} match pattern must be a string`);
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ["exactly", (operand) => oneOf([string("exact", operand)])],
  ["prefix", prefix],
  ["suffix", suffix],
  ["equals-ignore-case", equalsIgnoreCase],
  ["wildcard", (operand) => wildcard(string("wildcard", operand))],
  ["anything-but", anythingBut],
  ["numeric", numeric],
  ["cidr", (operand) => cidr(string("cidr", operand))],
  ["exists", exists],
] satisfies [string, Operator][]);

const INSIDE_ANYTHING_BUT: ReadonlyMap<string, Operator> = new Map(
  [...OPERATORS].filter(([name]) =>
    ["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(name),
  ),
);

/** What Event Ruler keeps for later besides its operators (its `Constants.java`). */
const RESERVED: ReadonlySet<string> = new Set([
  ...["=", "<", "<=", ">", ">="],
  ...["regex", "not-wildcard", "not-equals-ignore-case"],
  ...["date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"],
  ...["ip-address-in-range", "ip-address-not-in-range"],
]);
