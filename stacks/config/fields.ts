// Small zod schemas that every key of the config is made of. Each error says what was expected, what
// came and, where there is one, the remedy.
import * as z from "zod";
import { pathText, shown } from "../../lib/problem.js";
import type { ConfigProblem } from "./error.js";

/** The error of a schema: `expected <what>, got <value>; <remedy>`. */
export const expected = (what: string, remedy = "") => ({
  error: ({ input }: { input?: unknown }): string =>
    `expected ${what}, got ${shown(input)}${remedy && `; ${remedy}`}`,
});

export const text = (pattern: RegExp, what: string, remedy?: string) =>
  z.string(expected(what, remedy)).regex(pattern, { ...expected(what, remedy), abort: true });

export const oneOf = <const T extends readonly [string, ...string[]]>(words: T, remedy?: string) =>
  z.enum(words, expected(`one of ${words.join(", ")}`, remedy));

/** A key that may be left out; the schema in `Pulumi.yaml` has an empty string for that. */
export const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

export const accountId = text(/^\d{12}$/, "12 digits", "write the account id in quotes");

/** A number that Pulumi may have handed over as text. */
export const numeric = <S extends z.ZodType>(schema: S) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value),
    schema,
  );

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
export const line = (what: string) => text(/^[^\r\n]*\S[^\r\n]*$/, what);

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
