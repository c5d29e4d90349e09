// Whether lines and scripts for hosts parse: a host runs nothing of one that does not.
import { isRecord } from "../../lib/record.js";
import type { LibraryScript } from "../../scripts/loader/library.js";
import type { ScriptPlatform } from "../../scripts/loader/script.js";
import { syntaxMistake } from "../../scripts/loader/syntax.js";
import type { ConfigProblem } from "./error.js";

const LINES = ["install", "uninstall", "validate"] as const;

/** Why the platform's shell cannot parse a line; undefined where it can. */
export async function lineProblem(
  platform: ScriptPlatform,
  line: string,
): Promise<string | undefined> {
  const mistake = await syntaxMistake(platform, line);
  if (mistake === undefined) return undefined;
  const shell = platform === "windows" ? "PowerShell" : "shell";
  return `expected a line of ${shell}, got ${JSON.stringify(line)}; column ${mistake.column}: ${mistake.message}`;
}

/**
 * Lines of `fleet:packages` that do not parse.
 * @param entries as they are written: other checks report what else is wrong with them, at the same time
 */
export async function packageLineProblems(entries: unknown): Promise<ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  for (const [index, entry] of (Array.isArray(entries) ? entries : []).entries()) {
    if (!isRecord(entry)) continue;
    const platform = entry["os"] === "windows" ? "windows" : "linux";
    for (const field of LINES) {
      const line = entry[field];
      const reason = typeof line === "string" ? await lineProblem(platform, line) : undefined;
      if (reason !== undefined) problems.push({ key: `fleet:packages[${index}].${field}`, reason });
    }
  }
  return problems;
}

/** Scripts of the library that do not parse, by file and line. */
export async function scriptSyntaxProblems(
  library: readonly LibraryScript[],
): Promise<ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  for (const { file, platform, text } of library.flatMap(({ linux, windows }) => [
    ...(linux ? [linux] : []),
    ...(windows ? [windows] : []),
  ])) {
    const mistake = await syntaxMistake(platform, text);
    if (mistake === undefined) continue;
    const shell = platform === "windows" ? "PowerShell" : "shell";
    const reason = `expected a script of ${shell} that parses; column ${mistake.column}: ${mistake.message}`;
    problems.push({ key: `${file}:${mistake.line}`, reason });
  }
  return problems;
}
