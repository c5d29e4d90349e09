import { createRequire } from "node:module";
import { AwsError, NotRehearsed } from "../../../../kernel/errors.js";

/** A node of a statement's syntax tree, named as in Trino's grammar; a token is a node without children. */
export interface SyntaxNode {
  /** e.g. `QuerySpecification`; of tokens `token`. */
  readonly kind: string;
  readonly text: string;
  /** Characters from the start of the statement; `end` is behind the last. */
  readonly start: number;
  readonly end: number;
  /** From 1, as in Athena's messages. */
  readonly line: number;
  readonly column: number;
  readonly children: readonly SyntaxNode[];
}

/** Statements that Athena takes and that are no queries: some in Hive's language, which is another grammar. */
const OTHER_STATEMENTS =
  /^\s*(ALTER|ANALYZE|CALL|CREATE|DEALLOCATE|DELETE|DESC|DESCRIBE|DROP|EXECUTE|EXPLAIN|GRANT|INSERT|MERGE|MSCK|OPTIMIZE|PREPARE|REVOKE|SHOW|START|UNLOAD|UPDATE|USE|VACUUM)\b/i;

/** ANTLR's, of which the package exports no usable types. */
interface Tree {
  readonly start?: { readonly start: number; readonly line: number; readonly column: number };
  readonly stop?: { readonly stop: number };
  readonly symbol?: {
    readonly start: number;
    readonly stop: number;
    readonly line: number;
    readonly column: number;
    readonly text: string;
  };
  getChildCount(): number;
  getChild(index: number): Tree;
}

/**
 * Reads a query by Trino's grammar, which is the language of Athena's engine version 3.
 * @throws AwsError InvalidRequestException; NotRehearsed for other statements than queries.
 */
export async function parseQuery(sql: string): Promise<SyntaxNode> {
  const other = OTHER_STATEMENTS.exec(sql)?.[1];
  if (other !== undefined) throw new NotRehearsed(`Athena's statement ${other.toUpperCase()}`);
  // Loaded by the first query: half a second that rehearsals without one do not pay.
  const { TrinoSqlLexer, TrinoSqlParser } = grammar();
  const { CharStreams, CommonTokenStream } = await import("antlr4ng");
  const mistakes: string[] = [];
  const listener = {
    syntaxError: (_of: unknown, _symbol: unknown, line: number, column: number, words: string) =>
      void mistakes.push(`line ${line}:${column + 1}: ${words}`),
    reportAmbiguity: () => undefined,
    reportAttemptingFullContext: () => undefined,
    reportContextSensitivity: () => undefined,
  };
  const lexer = new TrinoSqlLexer(CharStreams.fromString(sql));
  const parser = new TrinoSqlParser(new CommonTokenStream(lexer));
  for (const recognizer of [lexer, parser]) {
    recognizer.removeErrorListeners();
    recognizer.addErrorListener(listener);
  }
  const tree = parser.program() as unknown as Tree;
  const [first] = mistakes;
  // Athena lists what it expects in Trino's words; ANTLR's are nearly the same.
  if (first !== undefined) throw new AwsError("InvalidRequestException", first);
  return nodeOf(tree, [...sql]);
}

function nodeOf(tree: Tree, characters: readonly string[]): SyntaxNode {
  const { symbol } = tree;
  if (symbol !== undefined) {
    const { text, line, column } = symbol;
    const isEnd = text === "<EOF>";
    const start = isEnd ? characters.length : symbol.start;
    const end = isEnd ? start : symbol.stop + 1;
    return {
      kind: "token",
      text: isEnd ? "" : text,
      start,
      end,
      line,
      column: column + 1,
      children: [],
    };
  }
  // What stands for nothing, as the kind of a plain JOIN, has no place in the text.
  const children = Array.from({ length: tree.getChildCount() }, (_, index) =>
    nodeOf(tree.getChild(index), characters),
  ).filter(({ kind, children: own }) => kind === "token" || own.length > 0);
  const start = children[0]?.start ?? 0;
  const end = children.at(-1)?.end ?? start;
  return {
    kind: tree.constructor.name.replace(/Context$/, ""),
    text: characters.slice(start, end).join(""),
    start,
    end,
    line: tree.start?.line ?? 1,
    column: (tree.start?.column ?? 0) + 1,
    children,
  };
}

/** All nodes of some kinds below a node, in their order, the node itself among them. */
export function nodesOf(node: SyntaxNode, ...kinds: readonly string[]): SyntaxNode[] {
  const below = node.children.flatMap((child) => nodesOf(child, ...kinds));
  return kinds.includes(node.kind) ? [node, ...below] : below;
}

/** The node itself, or what it consists of where that is one node: down to a kind. */
export function onlyNode(node: SyntaxNode, ...kinds: readonly string[]): SyntaxNode | undefined {
  if (kinds.includes(node.kind)) return node;
  const [child, ...others] = node.children;
  return child === undefined || others.length > 0 ? undefined : onlyNode(child, ...kinds);
}

/** An identifier without its quotes, in lower case: Trino's names have no case. */
export function nameOf(text: string): string {
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  return (quoted === undefined ? text : quoted.replaceAll('""', '"')).toLowerCase();
}

type Lexer = typeof import("dt-sql-parser/dist/lib/trino/TrinoSqlLexer.js");
type Parser = typeof import("dt-sql-parser/dist/lib/trino/TrinoSqlParser.js");

/** By require, as the package's files import each other without extensions, which Node's own import() does not find. */
function grammar(): Lexer & Parser {
  const load = createRequire(__filename);
  const lexer = load("dt-sql-parser/dist/lib/trino/TrinoSqlLexer.js") as Lexer;
  const parser = load("dt-sql-parser/dist/lib/trino/TrinoSqlParser.js") as Parser;
  return { ...lexer, ...parser };
}
