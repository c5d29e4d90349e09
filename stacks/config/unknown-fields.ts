import type { ConfigProblem } from "./error.js";
import { didYouMean } from "../../lib/did-you-mean.js";
import { isRecord } from "../../lib/record.js";

/** A problem for each field that nobody reads, so that a misspelt one is not silently a default. */
export function unknownFields(
  at: string,
  value: unknown,
  known: readonly string[],
): ConfigProblem[] {
  if (!isRecord(value)) return [];
  const unknown = Object.keys(value).filter((field) => !known.includes(field));
  return unknown.map((field) => ({
    key: `${at}.${field}`,
    reason: `expected one of the fields ${known.join(", ")}${didYouMean(field, known)}`,
  }));
}
