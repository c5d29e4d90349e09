import { existsSync, readFileSync, statSync } from "node:fs";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { UserError } from "./user-error.js";

/**
 * Reads a YAML file into the shape of a schema.
 * @throws UserError with every problem, a line each: file, line, path, what was expected, what was found.
 */
export function readYamlFile<T>(file: string, schema: z.ZodType<T>): T {
  if (!existsSync(file)) throw new UserError(`${file}: there is no such file`);
  if (!statSync(file).isFile())
    throw new UserError(`${file}: expected a YAML file, found a folder`);
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new UserError(document.errors.map(({ message }) => `${file}: ${message}`).join("\n"));
  }
  const content: unknown = document.toJS() ?? {};
  const parsed = schema.safeParse(content, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .flatMap((issue) => describe(issue))
    .map(({ path, text }) => {
      const line = lineOf(document, lines, path);
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
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    // The alternative that comes nearest is the one with the deepest problem.
    const deepest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? [];
    return deepest.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  const found = issue.input === undefined ? "nothing" : JSON.stringify(issue.input);
  return [
    {
      path: issue.path,
      text: `${issue.message.replace(/^Invalid input: /, "")}; found ${found.slice(0, 80)}`,
    },
  ];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(
    0,
    ...issues.map(({ path, code }) => path.length * 2 + (code === "unrecognized_keys" ? 0 : 1)),
  );
}

/** The line of the node at a path, or of the nearest one above it that is there. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
