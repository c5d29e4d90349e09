// Checks the parameters of a run against those that its script or document declares.
import * as z from "zod";
import { timeoutParameter } from "./header.js";
import type { ScriptParameter } from "./script.js";

/** A parameter as a script's header or a document declares it. */
export interface DeclaredParameter {
  readonly name: string;
  readonly isRequired: boolean;
  /** A regular expression for the whole value. */
  readonly pattern?: string;
  /** The only values that it takes. */
  readonly values?: readonly string[];
}

export interface ParameterProblem {
  readonly name: string;
  /** `expected …, got …; …` */
  readonly reason: string;
}

/** What the document of a script takes: the script's own, and how long it may take. */
export const scriptParameters = (own: readonly ScriptParameter[]): DeclaredParameter[] => [
  ...own.map(({ name, default: value, pattern }) => ({
    name,
    isRequired: value === undefined,
    ...(pattern !== undefined && { pattern }),
  })),
  { name: timeoutParameter, isRequired: false, pattern: "[1-9][0-9]{0,5}" },
];

const documentSchema = z.object({
  parameters: z
    .record(
      z.string(),
      z.object({
        default: z.unknown(),
        allowedPattern: z.string().optional(),
        allowedValues: z.array(z.string()).optional(),
      }),
    )
    .default({}),
});

/** @param content of a document, as JSON */
export function documentParameters(content: string): DeclaredParameter[] {
  const { parameters } = documentSchema.parse(JSON.parse(content));
  return Object.entries(parameters).map(([name, declared]) => ({
    name,
    isRequired: declared.default === undefined,
    // Without the anchors that are put around the pattern of a script's header.
    ...(declared.allowedPattern !== undefined && {
      pattern: declared.allowedPattern.replace(/^\^\(\?:(.*)\)\$$/, "$1"),
    }),
    ...(declared.allowedValues !== undefined && { values: declared.allowedValues }),
  }));
}

/** @param title the subject of the messages, such as `script facts` */
export function parameterProblems(
  title: string,
  declared: readonly DeclaredParameter[],
  given: Readonly<Record<string, string>>,
): ParameterProblem[] {
  const names = declared.map(({ name }) => name);
  const strangers = Object.keys(given).filter((name) => !names.includes(name));
  return [
    ...strangers.map((name) => ({
      name,
      reason: `expected a parameter of ${title} (${names.join(", ") || "it has none"}), got "${name}"`,
    })),
    ...declared.flatMap((parameter) => {
      const reason = valueProblem(title, parameter, given[parameter.name]);
      return reason === undefined ? [] : [{ name: parameter.name, reason }];
    }),
  ];
}

function valueProblem(
  title: string,
  { isRequired, pattern, values }: DeclaredParameter,
  value: string | undefined,
): string | undefined {
  if (value === undefined)
    return isRequired ? `expected a value, got none; ${title} has no default for it` : undefined;
  if (values !== undefined && !values.includes(value))
    return `expected one of ${values.join(", ")}, got "${value}"`;
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value))
    return `expected a text like ${pattern}, got "${value}"`;
  return undefined;
}
