// YAML as a person writes it, read so that whatever is wrong has a line.
import type { Document } from "yaml";
import { isMap, isNode, isScalar, LineCounter, parseDocument, visit } from "yaml";

/** Something wrong in a file. */
export interface LineProblem {
  readonly line: number;
  /** `expected …, found …; …` */
  readonly reason: string;
}

/** A file that is YAML. */
export interface YamlContent {
  readonly document: Document;
  readonly value: unknown;
  /** The line of what stands at a path, or of the nearest above it that is there. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
  /** The line of a character. */
  readonly lineAt: (offset: number) => number;
}

/** @returns what is in it, or all that keeps it from being read. */
export function readYaml(
  bytes: Buffer,
): YamlContent | { readonly problems: readonly LineProblem[] } {
  const notText = encodingProblem(bytes);
  if (notText) return { problems: [notText] };
  const lines = new LineCounter();
  // Merge keys (<<) are not of YAML 1.2, but Pulumi takes them.
  const document = parseDocument(bytes.toString("utf8"), { lineCounter: lines, merge: true });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const problems = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    line: lineAt(pos[0]),
    reason: wordsOf(message),
  }));
  problems.push(...aliasProblems(document, lineAt));
  if (problems.length > 0) return { problems };
  try {
    const value = document.toJS() as unknown;
    return { document, value, lineOf: (path) => lineIn(document, lineAt, path), lineAt };
  } catch (error) {
    // Aliases that stand for more than a file of settings can need.
    const words = error instanceof Error ? error.message : String(error);
    return { problems: [{ line: 1, reason: wordsOf(words) }] };
  }
}

/** Pulumi refuses such bytes, in comments too; read as UTF-8 they would become question marks. */
function encodingProblem(bytes: Buffer): LineProblem | undefined {
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { line: 1, reason: "expected UTF-8, found UTF-16; save it as UTF-8" };
  const index = linesOf(bytes).findIndex((line) => !isUtf8(line));
  if (index < 0) return undefined;
  const shown = linesOf(bytes)[index]?.toString("utf8").trim().slice(0, 60) ?? "";
  const reason = `expected UTF-8, found other bytes, at the \uFFFD in: ${shown}; save it as UTF-8`;
  return { line: index + 1, reason };
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf("\n"); end >= 0; end = bytes.indexOf("\n", start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return [...lines, bytes.subarray(start)];
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The library's words without its own line and excerpt, and without its advice to programmers. */
function wordsOf(message: string): string {
  if (message.startsWith("Source contains multiple documents"))
    return "expected one YAML document, found a second one after ---; remove it";
  if (message.startsWith("Alias cannot be an empty string"))
    return 'expected a star in quotes; write "*"';
  const [words = ""] = message.split("\n");
  return `expected YAML: ${words.replace(/ at line \d+, column \d+:?$/, "")}`;
}

function aliasProblems(document: Document, lineAt: (offset: number) => number): LineProblem[] {
  const problems: LineProblem[] = [];
  visit(document, {
    Alias: (_, alias) => {
      // An empty name is among the errors.
      if (alias.source === "" || alias.resolve(document)) return;
      const reason = `expected an anchor &${alias.source} further up, found none for *${alias.source}; put it in quotes where a text is meant`;
      problems.push({ line: lineAt(alias.range?.[0] ?? 0), reason });
    },
  });
  return problems;
}

/** In a map it is the line of the key. */
function lineIn(
  document: Document,
  lineAt: (offset: number) => number,
  path: readonly PropertyKey[],
): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last))
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lineAt(node.range[0]);
  }
  return 1;
}
