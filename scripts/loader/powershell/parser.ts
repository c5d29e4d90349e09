import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { Node } from "web-tree-sitter";
import { Language, Parser } from "web-tree-sitter";
import type { SyntaxProblem } from "./scan.js";
import { placeOf, unbalanced } from "./scan.js";

/** What reading a script shows of it. */
export interface ParsedScript {
  /** The first mistake, where there surely is one. */
  readonly problem?: SyntaxProblem;
  /**
   * A place that the grammar does not know, although nothing there is open or unbalanced. PowerShell may: its own
   * grammar depends on what a command is, e.g. in `git log --format=%h`.
   */
  readonly unread?: SyntaxProblem;
  /**
   * The number of an `exit` that every run comes to, as it stands on the top level: nothing can be said of what
   * stands in a block.
   */
  readonly exitCode?: number;
}

const resolve = createRequire(__filename);

/** Loaded once and kept: 40 ms. */
let parser: Promise<Parser> | undefined;

/** A storm gives the same few scripts to every host. */
const known = new Map<string, ParsedScript>();

/** Reads a PowerShell script. Nothing of it runs. */
export async function parsePowerShell(script: string): Promise<ParsedScript> {
  const before = known.get(script);
  if (before !== undefined) return before;
  parser ??= load();
  const parsed = read(await parser, script);
  known.set(script, parsed);
  return parsed;
}

async function load(): Promise<Parser> {
  await Parser.init();
  const folder = dirname(resolve.resolve("tree-sitter-powershell/package.json"));
  const language = await quicklyCompiled(() =>
    Language.load(join(folder, "tree-sitter-powershell.wasm")),
  );
  return new Parser().setLanguage(language);
}

/**
 * Keeps V8's optimizing compiler away from what is loaded meanwhile: it spends 7 s on the grammar's lexer, one function
 * with thousands of cases, and Node waits for it at its end. The baseline compiler's code reads a script in 2 ms. V8
 * decides when a module is loaded, so that other modules, Python's for one, are not held back.
 */
async function quicklyCompiled<T>(load: () => Promise<T>): Promise<T> {
  setFlagsFromString("--liftoff-only");
  try {
    return await load();
  } finally {
    setFlagsFromString("--no-liftoff-only");
  }
}

function read(using: Parser, script: string): ParsedScript {
  const open = unbalanced(script);
  if (open !== undefined) return { problem: open };
  const unread = withTree(using, script, (root) =>
    root.hasError ? unexpected(root, script) : undefined,
  );
  const readable = unread === undefined ? script : eased(script);
  return withTree(using, readable, (root) => {
    if (unread !== undefined && root.hasError) return { unread };
    const problem = incompleteTry(root, script);
    if (problem !== undefined) return { problem };
    const exitCode = exitOf(root);
    return exitCode === undefined ? {} : { exitCode };
  });
}

function withTree<T>(using: Parser, script: string, look: (root: Node) => T): T {
  const tree = using.parse(script);
  if (tree === null) throw new Error("the PowerShell parser gave no tree");
  try {
    return look(tree.rootNode);
  } finally {
    tree.delete();
  }
}

/**
 * The script with what the grammar is known not to take written in another way, letter for letter: `--name=value`, an
 * escaped letter that means something elsewhere, and nothing at all, or nothing after `param(…)`.
 */
function eased(script: string): string {
  const letters = script
    .replaceAll(/(?<=\s)--(?=[\s\w-])/g, "-_")
    .replaceAll(/(?<=\s-[\w-]*)=/g, "_")
    .replaceAll(/`(?=[{}()|;&<>,=])./g, "__");
  return /(^|\)|#.*|#>)\s*$/.test(letters) ? `${letters}\n$null\n` : letters;
}

/** The innermost place that the grammar could not read. */
function unexpected(root: Node, script: string): SyntaxProblem {
  let wrong = root;
  let inner: Node | undefined = root;
  while (inner !== undefined) {
    if (inner.isError || inner.isMissing) wrong = inner;
    inner = inner.children.find((child) => child.hasError || child.isError);
  }
  const space = /^\s*/.exec(script.slice(wrong.startIndex))?.[0].length ?? 0;
  const token = /^(\w+|\S)/.exec(script.slice(wrong.startIndex + space))?.[0];
  return {
    ...placeOf(script, wrong.startIndex + (token === undefined ? 0 : space)),
    message: `Unexpected token '${token ?? "the end"}' in expression or statement.`,
    id: "UnexpectedToken",
  };
}

/** The grammar takes a `try` with nothing after it; PowerShell does not. */
function incompleteTry(root: Node, script: string): SyntaxProblem | undefined {
  const found = root
    .descendantsOfType("try_statement")
    .find(({ namedChildren }) => !namedChildren.some(({ type }) => /^(catch|finally)/.test(type)));
  if (found === undefined) return undefined;
  return {
    ...placeOf(script, found.startIndex),
    message: "The Try statement is missing its Catch or Finally block.",
    id: "MissingCatchOrFinally",
  };
}

function exitOf(root: Node): number | undefined {
  const list = root.namedChildren.find(({ type }) => type === "statement_list");
  for (const { text } of list?.namedChildren ?? []) {
    const code = /^exit[ \t]+(\d+)\s*;?\s*$/i.exec(text)?.[1];
    if (code !== undefined) return Number(code);
    // What may end the script before decides with which code.
    if (/\b(exit|return|throw)\b/i.test(text)) return undefined;
  }
  return undefined;
}
