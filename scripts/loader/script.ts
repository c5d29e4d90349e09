// A script of the library, or one that a person hands to `fleet run`: its header, and what is wrong with it.
import { braceProblems } from "./braces.js";
import { readHeader } from "./header.js";
import { UserError } from "../../lib/user-error.js";

export type ScriptPlatform = "linux" | "windows";

/** A parameter of a script, which reads it as `$SSM_<name>`, in PowerShell `$env:SSM_<name>`. */
export interface ScriptParameter {
  /** Letters and digits, as agents replace no other names in documents. */
  readonly name: string;
  readonly description: string;
  /** Without it, the person who runs the script gives a value. */
  readonly default?: string;
  /** A regular expression for the whole value. */
  readonly pattern?: string;
}

/** What a line of a script's answer has, which is a JSON object. */
export interface ScriptField {
  readonly name: string;
  readonly description: string;
}

export interface Script {
  /** Where it was read, for messages. */
  readonly file: string;
  readonly platform: ScriptPlatform;
  /** Lines end in LF, there is no byte order mark, and a line end closes the last. */
  readonly text: string;
  /** The first sentence of the header; empty where there is none. */
  readonly description: string;
  readonly parameters: readonly ScriptParameter[];
  /** Empty where the header does not say. */
  readonly fields: readonly ScriptField[];
}

/** One thing wrong with a script. */
export interface ScriptProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** Everything that is wrong with scripts, a line for each with file and line. */
export class ScriptError extends UserError {
  constructor(readonly problems: readonly ScriptProblem[]) {
    super(problems.map(problemText).join("\n"));
  }
}

/** `scripts/disk.sh:3: expected …` */
export const problemText = ({ file, line, reason }: ScriptProblem): string =>
  `${file}:${line}: ${reason}`;

/** By the ending of its name; undefined for a file that is no script. */
export function platformOf(file: string): ScriptPlatform | undefined {
  if (/\.sh$/i.test(file)) return "linux";
  return /\.ps1$/i.test(file) ? "windows" : undefined;
}

/**
 * Reads a script with its header.
 * @param platform whose shell runs it
 * @throws ScriptError with every problem
 */
export function readScript(
  file: string,
  content: string | Uint8Array,
  platform: ScriptPlatform,
): Script {
  const decoded = typeof content === "string" ? content : decode(file, content);
  const text = `${decoded
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .trimEnd()}\n`;
  const lines = text.split("\n");
  const header = readHeader(lines);
  const { description, fields, parameters } = header;
  const problems = [
    ...header.problems,
    ...(text.trim() === ""
      ? [{ line: 1, reason: "expected a script, got an empty file" }]
      : [
          ...useProblems(lines, parameters, header.lines),
          ...braceProblems(lines),
          ...(platform === "windows" ? paramBlockProblems(lines) : []),
        ]),
  ];
  if (problems.length > 0) {
    throw new ScriptError(
      problems.sort((a, b) => a.line - b.line).map((problem) => ({ file, ...problem })),
    );
  }
  return { file, platform, text, description, parameters, fields };
}

/** Documents are UTF-8; of anything else letters would be lost on the way. */
function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const reason = "expected text in UTF-8, got other bytes; save it as UTF-8";
    throw new ScriptError([{ file, line: 1, reason }]);
  }
}

type Found = Omit<ScriptProblem, "file">;

/** A misspelt variable is empty in a shell, and nobody would see why. */
function useProblems(
  lines: readonly string[],
  parameters: readonly ScriptParameter[],
  declaredAt: ReadonlyMap<string, number>,
): Found[] {
  const used = lines.flatMap((text, index) =>
    [...text.matchAll(/(?<!\w)SSM_(\w+)/g)].map(([, name = ""]) => ({ name, line: index + 1 })),
  );
  const declared = parameters.map(({ name }) => name);
  const unknown = used.flatMap(({ name, line }) => {
    if (declaredAt.has(name)) return [];
    const known = declared.join(", ") || "none yet";
    const reason = `expected SSM_ with a parameter of the header (${known}), got SSM_${name}; declare it: # @parameter ${name} <description>`;
    return [{ line, reason }];
  });
  const unused = declared.flatMap((name) => {
    if (used.some((use) => use.name === name)) return [];
    const reason = `expected a use of SSM_${name}, got none; the script reads the parameter so, or does not declare it`;
    return [{ line: declaredAt.get(name) ?? 1, reason }];
  });
  return [...unknown, ...unused];
}

/** Of functions inside, which are indented, it says nothing. */
function paramBlockProblems(lines: readonly string[]): Found[] {
  const at = lines.findIndex((line) => /^param\s*\(/i.test(line));
  if (at < 0) return [];
  const reason =
    "expected no param block, as the agent gives a script no arguments; declare # @parameter <name> and read $env:SSM_<name>";
  return [{ line: at + 1, reason }];
}
