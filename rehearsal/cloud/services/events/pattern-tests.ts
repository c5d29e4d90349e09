import { InvalidEventPattern } from "./invalid-event-pattern.js";
import type { Scalar } from "./json.js";

/** Whether a value of an event is what a pattern wants. */
export type Test = (value: Scalar) => boolean;

export function not(test: Test): Test {
  return (value) => !test(value);
}

export function anyOf(tests: readonly Test[]): Test {
  const [first, ...more] = tests;
  if (first !== undefined && more.length === 0) return first;
  return (value) => tests.some((test) => test(value));
}

export function oneOf(values: readonly Scalar[]): Test {
  const wanted = new Set(values);
  return (value) => wanted.has(value);
}

/** A test that only texts can pass. */
export function text(accepts: (value: string) => boolean): Test {
  return (value) => typeof value === "string" && accepts(value);
}

/** `*` stands for any characters or none, `\*` for an asterisk and `\\` for a backslash. */
export function wildcard(pattern: string): Test {
  const pieces = wildcardPieces(pattern);
  const [first = "", ...more] = pieces;
  const last = more.pop();
  if (last === undefined) return text((value) => value === first);
  return text((value) => {
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    const end = value.length - last.length;
    let from = first.length;
    for (const piece of more) {
      const at = value.indexOf(piece, from);
      if (at === -1) return false;
      from = at + piece.length;
    }
    return from <= end;
  });
}

/** The texts between the asterisks. */
function wildcardPieces(pattern: string): string[] {
  const valid = /^(?:[^\\*]|\\[\\*]|\*(?!\*))*/.exec(pattern)?.[0] ?? "";
  if (valid.length < pattern.length) {
    const what =
      pattern[valid.length] === "*"
        ? "Consecutive wildcard characters"
        : "Invalid escape character";
    throw new InvalidEventPattern(`${what} at pos ${valid.length + 1}`);
  }
  const pieces = [""];
  for (const [token] of pattern.matchAll(/\\.|[^\\]/gs)) {
    if (token === "*") pieces.push("");
    else pieces.push((pieces.pop() ?? "") + token.slice(-1));
  }
  return pieces;
}
