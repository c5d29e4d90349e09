// Small zod schemas whose errors say what was expected, what came and, where there is one, the remedy.
import * as z from "zod";
import { shown } from "./problem.js";

/** The error of a schema: `expected <what>, got <value>; <remedy>`. */
export const expected = (what: string, remedy = "") => ({
  error: ({ input }: { input?: unknown }): string =>
    `expected ${what}, got ${shown(input)}${remedy && `; ${remedy}`}`,
});

export const text = (pattern: RegExp, what: string, remedy?: string) =>
  z.string(expected(what, remedy)).regex(pattern, { ...expected(what, remedy), abort: true });

export const oneOf = <const T extends readonly [string, ...string[]]>(words: T, remedy?: string) =>
  z.enum(words, expected(`one of ${words.join(", ")}`, remedy));

export const accountId = text(/^\d{12}$/, "12 digits", "write the account id in quotes");
