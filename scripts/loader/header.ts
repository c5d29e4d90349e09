// The comments at the top of a script: what it does, and `# @parameter NAME default=… pattern=… Description`, `# @field
// NAME Description`.
import type { ScriptField, ScriptParameter, ScriptProblem } from "./script.js";

export interface Header {
  readonly description: string;
  readonly parameters: readonly ScriptParameter[];
  readonly fields: readonly ScriptField[];
  /** By parameter: the line that declares it, from 1. */
  readonly lines: ReadonlyMap<string, number>;
  readonly problems: readonly Omit<ScriptProblem, "file">[];
}

/** The document has it beside those of the script. */
export const timeoutParameter = "executionTimeout";

const fieldSyntax = "# @field <name> <description>";

const syntax =
  "# @parameter <Name> [default=<text>] [pattern=<regular expression>] <description>, with texts that hold blanks in double quotes";

/** Lines that do not describe the script: `#!/bin/sh`, `#Requires -Version 5`, `# shellcheck disable=…`. */
const directive = /^#(!|requires\b|\s*shellcheck\s|\s*-\*-)/i;

export function readHeader(script: readonly string[]): Header {
  const problems: Omit<ScriptProblem, "file">[] = [];
  const parameters: ScriptParameter[] = [];
  const fields: ScriptField[] = [];
  const lines = new Map<string, number>();
  const end = script.findIndex((line) => line.trim() !== "" && !line.startsWith("#"));
  const top = end < 0 ? script : script.slice(0, end);
  const comments = top.map((line) =>
    directive.test(line) ? "" : line.replace(/^#\s*/, "").trim(),
  );
  for (const [index, comment] of comments.entries()) {
    const tag = /^@\w*/.exec(comment)?.[0];
    if (tag === undefined) continue;
    const line = index + 1;
    if (tag === "@field") {
      const field = readField(comment, fields);
      if (typeof field === "string")
        problems.push({ line, reason: `${field}; write ${fieldSyntax}` });
      else fields.push(field);
      continue;
    }
    const read =
      tag === "@parameter" ? readParameter(comment) : `expected @parameter or @field, got ${tag}`;
    if (typeof read === "string") {
      problems.push({ line, reason: `${read}; write ${syntax}` });
    } else if (lines.has(read.name)) {
      problems.push({ line, reason: `expected each parameter once, got ${read.name} again` });
    } else {
      parameters.push(read);
      lines.set(read.name, line);
    }
  }
  for (const [index, line] of script.entries()) {
    const tag = /^\s*#\s*(@(?:parameter|field))\b/.exec(line)?.[1];
    if (index < top.length || tag === undefined) continue;
    const reason = `expected ${tag} among the comments at the top, got it further down; move it`;
    problems.push({ line: index + 1, reason });
  }
  const description = comments.find((comment) => comment !== "" && !comment.startsWith("@")) ?? "";
  return { description, parameters, fields, lines, problems };
}

/** A field of the answer, or what is wrong with it. */
function readField(comment: string, known: readonly ScriptField[]): ScriptField | string {
  const [, name = "", description = ""] = /^@field\s*(\S*)\s*(.*)$/.exec(comment) ?? [];
  if (!/^[A-Za-z_]\w{0,63}$/.test(name))
    return `expected a name of 1-64 letters, digits or _, got "${name}"`;
  if (known.some((field) => field.name === name))
    return `expected each field once, got ${name} again`;
  return description === "" ? `expected a description of ${name}, got none` : { name, description };
}

/** The parameter, or what is wrong with it. */
function readParameter(comment: string): ScriptParameter | string {
  const [, name = "", rest = ""] = /^@parameter\s*(\S*)\s*(.*)$/.exec(comment) ?? [];
  if (!/^[a-zA-Z][a-zA-Z0-9]{0,49}$/.test(name)) {
    return `expected a name of 1-50 letters and digits, beginning with a letter, got "${name}"`;
  }
  if (name.toLowerCase() === timeoutParameter.toLowerCase()) {
    return `expected a name of the script's own, got "${name}", which every document has`;
  }
  const fields = new Map<string, string>();
  let left = rest;
  for (;;) {
    const next = /^(\w+)=("(?:[^"\\]|\\.)*"|\S*)\s*/.exec(left);
    if (next === null) break;
    const [all, field = "", value = ""] = next;
    if (field !== "default" && field !== "pattern") {
      return `expected default= or pattern=, got ${field}=`;
    }
    if (fields.has(field)) return `expected ${field}= once, got it again`;
    fields.set(field, unquoted(value));
    left = left.slice(all.length);
  }
  if (left === "") return `expected a description of ${name}, got none`;
  const read: ScriptParameter = {
    name,
    description: left,
    ...(fields.has("default") && { default: fields.get("default") }),
    ...(fields.has("pattern") && { pattern: fields.get("pattern") }),
  };
  return patternProblem(read) ?? read;
}

/** In quotes `\"` is a quote; every other backslash stays, as patterns are full of them. */
const unquoted = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1).replaceAll('\\"', '"') : value;

function patternProblem({ name, pattern, default: value }: ScriptParameter): string | undefined {
  if (pattern === undefined) return undefined;
  // AWS checks by Java's regular expressions and the agent by Go's, which have neither.
  if (/\(\?[=!<]|\\[1-9]/.test(pattern)) {
    return `expected a pattern of ${name} without look-around and back-references, got ${pattern}`;
  }
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`);
  } catch {
    return `expected a regular expression as pattern of ${name}, got ${pattern}`;
  }
  if (value === undefined || expression.test(value)) return undefined;
  return `expected a default of ${name} that its pattern ${pattern} lets through, got "${value}"`;
}
