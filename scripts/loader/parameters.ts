// Checks the parameters that a script or a document gets against those that it declares.
import { parse } from "yaml";
import * as z from "zod";
import { didYouMean } from "../../lib/did-you-mean.js";
import { isRecord } from "../../lib/record.js";
import { timeoutParameter } from "./header.js";
import { timeoutPattern } from "./script-document.js";
import type { ScriptParameter } from "./script.js";

/** A parameter as a script's header or a document declares it. */
export interface DeclaredParameter {
  readonly name: string;
  readonly isRequired: boolean;
  /** A regular expression for the whole value, or for a part of it where it is `loose`. */
  readonly pattern?: string;
  /** Automation looks for the pattern anywhere in a value; Run Command holds it against all of it. */
  readonly isLoose?: boolean;
  /** The only values that it takes. */
  readonly values?: readonly string[];
  /** The type that a document declares; without one any text is accepted. */
  readonly type?: string;
  /** The pattern in words, where people read those more easily. */
  readonly words?: string;
}

/** A mistake in a parameter; each place that reports it has its own words. */
export type ParameterMistake =
  | { readonly kind: "unknown"; readonly name: string; readonly known: readonly string[] }
  | { readonly kind: "missing"; readonly name: string }
  | {
      readonly kind: "value";
      readonly name: string;
      readonly value: string;
      /** `one of Install, Uninstall` */
      readonly expected: string;
      /** The pattern that the value does not fit, where that is the mistake. */
      readonly pattern?: string;
    };

export interface ParameterProblem {
  readonly name: string;
  /** `expected …, got …; …` */
  readonly reason: string;
}

/** The parameters of a script's document: the script's own, and the timeout. */
export const scriptParameters = (own: readonly ScriptParameter[]): DeclaredParameter[] => [
  ...own.map(({ name, default: value, pattern }) => ({
    name,
    isRequired: value === undefined,
    ...(pattern !== undefined && { pattern }),
  })),
  { name: timeoutParameter, isRequired: false, pattern: timeoutPattern, words: timeoutWords },
];

const timeoutWords = "a number of seconds from 1 to 172800";

const documentSchema = z.object({
  schemaVersion: z.string(),
  parameters: z
    .record(
      z.string(),
      z.object({
        type: z.string().optional(),
        default: z.unknown().optional(),
        allowedPattern: z.string().optional(),
        allowedValues: z.array(z.unknown()).optional(),
      }),
    )
    .default({}),
});

/**
 * The parameters that a document declares; undefined where its content is not a document's.
 * @param content of a Command document or a runbook, as JSON or YAML
 */
export function documentParameters(content: string): DeclaredParameter[] | undefined {
  // JSON is YAML.
  const { data } = documentSchema.safeParse(parse(content));
  if (data === undefined) return undefined;
  const isLoose = data.schemaVersion === AUTOMATION;
  return Object.entries(data.parameters).map(([name, declared]) => {
    const { allowedPattern, allowedValues, type } = declared;
    return {
      name,
      isRequired: declared.default === undefined,
      ...(type !== undefined && { type }),
      ...(allowedPattern === timeoutPattern && { words: timeoutWords }),
      // Without the anchors that are put around the pattern of a script's header.
      ...(allowedPattern !== undefined && {
        pattern: allowedPattern.replace(/^\^\(\?:(.*)\)\$$/, "$1"),
        isLoose,
      }),
      ...(allowedValues !== undefined && { values: allowedValues.map(String) }),
    };
  });
}

/** The schema of runbooks. */
const AUTOMATION = "0.3";

/** The one place that finds what is wrong with parameters, before anything is sent. */
export function parameterMistakes(
  declared: readonly DeclaredParameter[],
  given: Readonly<Record<string, string>>,
): ParameterMistake[] {
  const known = declared.map(({ name }) => name);
  const strangers = Object.keys(given).filter((name) => !known.includes(name));
  return [
    ...strangers.map((name) => ({ kind: "unknown" as const, name, known })),
    ...declared.flatMap((parameter) => {
      const mistake = mistakeIn(parameter, given[parameter.name]);
      return mistake === undefined ? [] : [mistake];
    }),
  ];
}

function mistakeIn(
  declared: DeclaredParameter,
  value: string | undefined,
): ParameterMistake | undefined {
  const { name, isRequired, pattern, type = "String", values } = declared;
  if (value === undefined) return isRequired ? { kind: "missing", name } : undefined;
  const wrong = { kind: "value" as const, name, value };
  if (values !== undefined && !values.includes(value))
    return { ...wrong, expected: `one of ${values.join(", ")}` };
  const kind = TYPES.get(type);
  if (kind !== undefined && !kind.fits(value)) return { ...wrong, expected: kind.expected };
  if (pattern === undefined || fits(pattern, value, declared)) return undefined;
  return { ...wrong, expected: declared.words ?? `a text like ${pattern}`, pattern };
}

/** A pattern that only Java reads is AWS's to check. */
function fits(pattern: string, value: string, { isLoose = false }: DeclaredParameter): boolean {
  try {
    return new RegExp(isLoose ? pattern : `^(?:${pattern})$`).test(value);
  } catch {
    return true;
  }
}

/** Types whose values are texts of a form. Source: user guide, "Data elements and parameters", type. */
const TYPES = new Map<string, { expected: string; fits: (value: string) => boolean }>([
  ["Boolean", { expected: "true or false", fits: (value) => /^(true|false)$/i.test(value) }],
  ["Integer", { expected: "a whole number", fits: (value) => /^-?\d+$/.test(value) }],
  ["StringMap", { expected: "a JSON object", fits: (value) => isRecord(json(value)) }],
  ["MapList", { expected: "a JSON list of objects", fits: (value) => isMapList(json(value)) }],
]);

const isMapList = (value: unknown): boolean => Array.isArray(value) && value.every(isRecord);

function json(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** @param title of the script or document in messages: `script facts` */
export const parameterProblems = (
  title: string,
  declared: readonly DeclaredParameter[],
  given: Readonly<Record<string, string>>,
): ParameterProblem[] =>
  parameterMistakes(declared, given).map((mistake) => ({
    name: mistake.name,
    reason: reasonOf(title, mistake),
  }));

function reasonOf(title: string, mistake: ParameterMistake): string {
  const { name } = mistake;
  if (mistake.kind === "missing")
    return `expected a value, got none; ${title} has no default for it`;
  if (mistake.kind === "value") return `expected ${mistake.expected}, got "${mistake.value}"`;
  const { known } = mistake;
  return `expected a parameter of ${title} (${known.join(", ") || "it has none"}), got "${name}"${didYouMean(name, known)}`;
}
