import { InvalidEventPattern } from "./invalid-event-pattern.js";
import type { JsonObject } from "./json.js";
import { isObject } from "./json.js";
import type { Requirement } from "./pattern-operators.js";
import { isReserved, readRequirement } from "./pattern-operators.js";

/** A pattern made ready for matching. */
export interface EventPattern {
  /** The names of the fields that it asks about, e.g. `detail.state`. */
  readonly fields: readonly string[];
  /**
   * One list of steps for each way through its `$or`s; an event matches when it satisfies all steps of
   * one list.
   */
  readonly alternatives: readonly (readonly Step[])[];
}

/** What one field must be like. */
export interface Step extends Requirement {
  /** The field, as its index in the pattern's `fields`. */
  readonly field: number;
}

/** In characters of JSON. */
const MAX_PATTERN_LENGTH = 4096;

const MAX_COMBINATIONS = 1000;

/**
 * Reads an event pattern as PutRule would.
 * @throws InvalidEventPattern for what PutRule refuses. Its limit on the complexity of wildcards is not
 * modelled.
 */
export function parsePattern(source: string | object): EventPattern {
  const text = typeof source === "string" ? source : JSON.stringify(source);
  if (text.length > MAX_PATTERN_LENGTH) {
    throw new InvalidEventPattern(
      `expected at most ${MAX_PATTERN_LENGTH} characters, got ${text.length}`,
    );
  }
  const pattern = fromJson(text);
  if (!isObject(pattern)) throw new InvalidEventPattern("Filter is not an object");
  return compiled(withObject([new Map<string, Requirement>()], pattern, ""));
}

/** One way through the `$or`s: the name of a field -> what it must be like. */
type Rule = Map<string, Requirement>;

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidEventPattern("Invalid JSON");
  }
}

/**
 * The rules with what `node`, found at `prefix`, asks for; a name that comes again replaces what it
 * asked before.
 */
function withObject(rules: Rule[], node: JsonObject, prefix: string, insideOr = false): Rule[] {
  const entries = Object.entries(node);
  if (entries.length === 0) throw new InvalidEventPattern("Empty objects are not allowed");
  return entries.reduce((soFar, [key, value]) => {
    if (key === "$or" && isOr(value)) return withBranches(soFar, value, prefix);
    if (insideOr && isReserved(key)) {
      throw new InvalidEventPattern(
        `${key} is Ruler reserved fieldName which cannot be used inside $or.`,
      );
    }
    return withField(soFar, key, value, prefix, insideOr);
  }, rules);
}

function withField(
  rules: Rule[],
  key: string,
  value: unknown,
  prefix: string,
  insideOr: boolean,
): Rule[] {
  const name = prefix + key;
  if (isObject(value)) return withObject(rules, value, `${name}.`, insideOr);
  if (!Array.isArray(value)) {
    throw new InvalidEventPattern(`"${key}" must be an object or an array`);
  }
  const requirement = readRequirement(value);
  for (const rule of rules) rule.set(name, requirement);
  return rules;
}

/**
 * `$or` is also an ordinary field name, for patterns older than the operator: it is the operator only
 * before a list of objects none of which has an operator for a key.
 * https://github.com/aws/event-ruler#the-or-primitive
 */
function isOr(value: unknown): value is JsonObject[] {
  return (
    Array.isArray(value) &&
    value.every((branch) => isObject(branch) && !Object.keys(branch).some(isReserved))
  );
}

function withBranches(rules: Rule[], branches: readonly JsonObject[], prefix: string): Rule[] {
  if (branches.length < 2) {
    throw new InvalidEventPattern("There must have at least 2 Objects in $or relationship.");
  }
  const all: Rule[] = [];
  for (const branch of branches) {
    const copies = rules.map((rule) => new Map(rule));
    all.push(...withObject(copies, branch, prefix, true));
    if (all.length > MAX_COMBINATIONS) {
      throw new InvalidEventPattern(`$or makes more than ${MAX_COMBINATIONS} rule combinations`);
    }
  }
  return all;
}

function compiled(rules: readonly Rule[]): EventPattern {
  const fields = [...new Set(rules.flatMap((rule) => [...rule.keys()]))].sort();
  const indexes = new Map(fields.map((name, index) => [name, index]));
  const alternatives = rules.map((rule) =>
    fields.flatMap((name): Step[] => {
      const requirement = rule.get(name);
      return requirement === undefined ? [] : [{ ...requirement, field: indexes.get(name) ?? -1 }];
    }),
  );
  return { fields, alternatives };
}
