// Small zod schemas that every key of the config is made of.
import * as z from "zod";
import { pathText, shown } from "../../lib/problem.js";
import { accountId, expected, oneOf, text } from "../../lib/schemas.js";
import type { ConfigProblem } from "./error.js";

export { accountId, expected, oneOf, text };

/** A key that may be left out; the schema in `Pulumi.yaml` has an empty string for that. */
export const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

/**
 * One rule for all keys: a number or a truth may be in quotes, as Pulumi hands those at the top over as text; and where a
 * text is meant, a number or a truth is its text. Only what loses digits as a number, ids and versions, must be in quotes.
 */
export const numeric = <S extends z.ZodType>(schema: S) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value),
    schema,
  );

export const truth = z.preprocess(
  (value) => (value === "true" ? true : value === "false" ? false : value),
  z.boolean(expected("true or false")),
);

/** A text that may be written as a number or a truth. */
export const asText = <S extends z.ZodType>(schema: S) =>
  z.preprocess(
    (value) => (typeof value === "number" || typeof value === "boolean" ? String(value) : value),
    schema,
  );

/** The same for what a program reads letter by letter: YAML makes 1.1 of 1.10. */
export const asExactText = <S extends z.ZodType>(schema: S) =>
  z.preprocess(
    (value) => (Number.isSafeInteger(value) || typeof value === "boolean" ? String(value) : value),
    schema,
  );

/** For a list in which nothing stands twice. */
export const eachOnce =
  (what: string) =>
  (list: readonly unknown[], issues: z.RefinementCtx): void => {
    for (const [index, entry] of list.entries()) {
      if (list.indexOf(entry) === index) continue;
      const message = `expected each ${what} once, got ${shown(entry)} again; remove it`;
      issues.addIssue({ code: "custom", path: [index], message });
    }
  };

/** A count of something. */
export const wholeNumber = (least: number, most: number, unit: string) =>
  numeric(
    z
      .number(among(least, most, unit))
      .int(among(least, most, unit))
      .min(least, among(least, most, unit))
      .max(most, among(least, most, unit)),
  );

const among = (least: number, most: number, unit: string) =>
  expected(`a whole number of ${unit} from ${least} to ${most}`);

/** A single line that is not blank. */
export const line = (what: string, remedy?: string) => text(/^[^\r\n]*\S[^\r\n]*$/, what, remedy);

/** A name or a path: one line without spaces around it, which a look-up would take for a part of it. */
export const trimmed = (what: string) => text(/^\S(?:[^\r\n]{0,1022}\S)?$/, what);

/** Reads a key; undefined when it is wrong, which is then among the problems, or not set. */
export type Reader = <S extends z.ZodType>(key: string, schema: S) => z.output<S> | undefined;

/** Reads a value, and adds what is wrong with it to the problems. */
export function take<S extends z.ZodType>(
  key: string,
  value: unknown,
  schema: S,
  problems: ConfigProblem[],
): z.output<S> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) {
    problems.push({ key: keyOf(key, path as (string | number)[]), reason: message });
  }
  return undefined;
}

/** `fleet:packages` and `[0, "version"]` -> `fleet:packages[0].version` */
export const keyOf = (key: string, path: readonly (string | number)[]): string =>
  pathText([key, ...path]);
