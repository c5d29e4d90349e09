import { existsSync, readFileSync, statSync } from "node:fs";
import type { z } from "zod";
import { UserError } from "../lib/user-error.js";
import { readYaml } from "../lib/yaml.js";

/**
 * Reads a YAML file into the shape of a schema.
 * @throws UserError with every problem, a line each: file, line, path, what was expected, what was found.
 */
export function readYamlFile<T>(file: string, schema: z.ZodType<T>): T {
  if (!existsSync(file)) throw new UserError(`${file}: there is no such file`);
  if (!statSync(file).isFile())
    throw new UserError(`${file}: expected a YAML file, found a folder`);
  const read = readYaml(readFileSync(file));
  if ("problems" in read)
    throw new UserError(
      read.problems.map(({ line, reason }) => `${file}:${line}: ${reason}`).join("\n"),
    );
  const parsed = schema.safeParse(read.value ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .flatMap((issue) => describe(issue))
    .map(({ path, text }) => {
      const line = read.lineOf(path);
      return `${file}:${line}: ${path.length > 0 ? `${path.join(".")}: ` : ""}${text}`;
    });
  throw new UserError([...new Set(problems)].join("\n"));
}

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

function describe(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      text: "unknown key; docs/scenarios.md lists the known ones",
    }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) return describeUnion(issue);
  const cause = issue.code === "invalid_key" ? (issue.issues[0] ?? issue) : issue;
  const expected = cause.message.replace(/^Invalid input: /, "");
  if (issue.input === undefined) {
    return [{ path: issue.path, text: `is missing: ${expected.replace(/, received \w+$/, "")}` }];
  }
  return [
    { path: issue.path, text: `${expected}; found ${JSON.stringify(issue.input).slice(0, 80)}` },
  ];
}

/** Of several shapes that a place can have, the problems of the one that was meant. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion): Problem[] {
  const { path, input } = issue;
  const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
  const inside = (issues: readonly z.core.$ZodIssue[]) =>
    issues.flatMap((inner) => describe({ ...inner, path: [...path, ...inner.path] }));
  const keys = issue.errors.map(missingKey);
  // Shapes that differ in the one key they have, such as the actions of a scenario.
  if (isObject && keys.some((key) => key !== undefined)) {
    const meant = issue.errors.filter(
      (errors, index) => keys[index] === undefined && !errors.some(isAboutAll),
    );
    const [only] = meant;
    if (only !== undefined && meant.length === 1) return inside(only);
    const known = keys.filter((key) => key !== undefined).join(", ");
    const expected = meant.length > 1 ? "just one key" : `one of the keys ${known}`;
    const found = Object.keys(input).join(", ") || "none";
    return [{ path, text: `expected ${expected}; found ${found}` }];
  }
  const telling = issue.errors.filter((errors) => !errors.some(isAboutAll));
  const deepest = [...telling].sort((a, b) => depth(b) - depth(a))[0];
  if (deepest !== undefined) return inside(deepest);
  const shapes = issue.errors.flatMap((errors) =>
    errors.map(({ message }) => message.replace(/^.*expected /, "").replace(/, received \w+$/, "")),
  );
  const text = `expected ${[...new Set(shapes)].join(" or ")}; found ${JSON.stringify(input)}`;
  return [{ path, text: text.slice(0, 200) }];
}

/** The key that a shape has and the input lacks altogether. */
function missingKey(issues: readonly z.core.$ZodIssue[]): string | undefined {
  const missing = issues.find(({ path, input }) => path.length === 1 && input === undefined);
  return missing === undefined ? undefined : String(missing.path[0]);
}

/** A problem with the input as a whole: another shape was meant. */
function isAboutAll({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && code !== "unrecognized_keys";
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(
    0,
    ...issues.map(({ path, code }) => path.length * 2 + (code === "unrecognized_keys" ? 0 : 1)),
  );
}
