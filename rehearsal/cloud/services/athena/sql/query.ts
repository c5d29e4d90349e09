import type { SyntaxNode } from "./syntax.js";
import { nameOf, nodesOf, onlyNode, parseQuery } from "./syntax.js";
import { queryFailed } from "./failure.js";

/** A condition that a query has for a column of a table: it equals one of these. */
export interface Equality {
  readonly column: string;
  readonly values: readonly string[];
}

/** One use of a table in a query; a table that is joined with itself is used twice. */
export interface TableUse {
  readonly node: SyntaxNode;
  /** Where the query names none, it is the one of the query's context. */
  readonly database?: string;
  readonly table: string;
  /** What columns are qualified by. */
  readonly alias: string;
  readonly hasAlias: boolean;
  /** The SELECT that reads it. */
  readonly specification: SyntaxNode;
}

/** A query with what it reads. */
export interface Query {
  readonly sql: string;
  readonly tree: SyntaxNode;
  /** What stands for the `?`, in their order. */
  readonly parameters: readonly string[];
  readonly uses: readonly TableUse[];
}

/** @throws AwsError InvalidRequestException; QueryFailed; NotRehearsed */
export async function readQuery(sql: string, parameters: readonly string[]): Promise<Query> {
  const tree = await parseQuery(sql);
  const wanted = nodesOf(tree, "Parameter").length;
  if (wanted !== parameters.length) {
    throw queryFailed(
      "INVALID_PARAMETER_USAGE",
      `line 1:1: Incorrect number of parameters: expected ${wanted} but found ${parameters.length}`,
    );
  }
  return { sql, tree, parameters, uses: usesOf(tree) };
}

function usesOf(tree: SyntaxNode): TableUse[] {
  const named = nodesOf(tree, "NamedQuery").map(({ children }) => nameOf(children[0]?.text ?? ""));
  const found: TableUse[] = [];
  const visit = (node: SyntaxNode, specification: SyntaxNode, around?: SyntaxNode): void => {
    if (node.kind === "TableName") {
      const parts = nodesOf(node, "UnquotedIdentifier", "QuotedIdentifier").map(({ text }) =>
        nameOf(text),
      );
      const [table = "", database] = parts.reverse();
      if (database === undefined && named.includes(table)) return;
      const alias = aliasOf(around);
      found.push({
        node,
        table,
        ...(database !== undefined && { database }),
        alias: alias ?? table,
        hasAlias: alias !== undefined,
        specification,
      });
      return;
    }
    const inside = node.kind === "QuerySpecification" ? node : specification;
    const relation = node.kind === "AliasedRelation" ? node : around;
    for (const child of node.children) visit(child, inside, relation);
  };
  visit(tree, tree);
  return found;
}

function aliasOf(relation: SyntaxNode | undefined): string | undefined {
  const name = relation?.children.find(({ kind }) => /^(Unq|Q)uotedIdentifier$/.test(kind));
  return name === undefined ? undefined : nameOf(name.text);
}

/** The conditions for columns of a table that must hold for each row, as its SELECT's WHERE says. */
export function equalitiesOf(query: Query, use: TableUse): Equality[] {
  const where = use.specification.children.find(({ kind }) => kind === "WhereClause");
  const condition = where?.children.at(-1);
  if (condition === undefined) return [];
  return conjuncts(condition).flatMap((conjunct) => equality(query, use, conjunct) ?? []);
}

/** Whether a condition on the column stands anywhere else in the query. */
export function isMentioned(query: Query, column: string): boolean {
  return nodesOf(query.tree, "Predicated")
    .filter(({ children }) => children.length > 1)
    .some((predicated) =>
      nodesOf(predicated, "ColumnReference").some(({ text }) => columnName(text) === column),
    );
}

function conjuncts(node: SyntaxNode): SyntaxNode[] {
  if (node.kind === "And") {
    return node.children.filter(({ kind }) => kind !== "token").flatMap(conjuncts);
  }
  const inside = bracketed(node);
  return inside === undefined ? [node] : conjuncts(inside);
}

/** The content of brackets, if the node is only brackets. */
function bracketed(node: SyntaxNode): SyntaxNode | undefined {
  const found = onlyNode(node, "ParenthesizedExpression");
  return found?.children[1];
}

function equality(query: Query, use: TableUse, node: SyntaxNode): Equality | undefined {
  const predicated = onlyNode(node, "Predicated");
  const [left, predicate] = predicated?.children ?? [];
  if (left === undefined || predicate === undefined) return undefined;
  const reference = onlyNode(left, "ColumnReference");
  const column = reference === undefined ? undefined : columnOf(reference, use);
  if (column === undefined) return undefined;
  const operands = operandsOf(predicate);
  if (operands === undefined) return undefined;
  const literals = operands.map((operand) => literalOf(query, operand));
  const [number] = literals.filter((text) => text !== undefined && /^-?\d/.test(text));
  if (number !== undefined) {
    const type = Math.abs(Number(number)) > 2_147_483_647 ? "bigint" : "integer";
    const { line, column: at } = predicate;
    const problem =
      predicate.kind === "InList"
        ? `IN value and list items must be of the same type: varchar`
        : `Cannot apply operator: varchar = ${type}`;
    throw queryFailed("TYPE_MISMATCH", `line ${line}:${at}: ${problem}`);
  }
  const values = literals.map(unquoted);
  return values.includes(undefined)
    ? undefined
    : { column, values: values.flatMap((value) => value ?? []) };
}

/** What a column is compared with by `=` or `IN`. */
function operandsOf(predicate: SyntaxNode): SyntaxNode[] | undefined {
  const operands = predicate.children.filter(({ kind }) => kind !== "token");
  if (predicate.kind === "Comparison") {
    const [operator, value] = operands;
    return operator?.text === "=" && value !== undefined ? [value] : undefined;
  }
  const isNegated = predicate.children[0]?.text.toUpperCase() === "NOT";
  return predicate.kind === "InList" && !isNegated ? operands : undefined;
}

function columnOf(reference: SyntaxNode, { alias }: TableUse): string | undefined {
  const parts = reference.text.split(".");
  const qualifier = parts.length > 1 ? nameOf(parts.at(-2) ?? "") : alias;
  return qualifier === alias ? columnName(reference.text) : undefined;
}

const columnName = (text: string): string => nameOf(text.split(".").at(-1) ?? "");

function literalOf(query: Query, node: SyntaxNode): string | undefined {
  const parameter = onlyNode(node, "Parameter");
  if (parameter !== undefined) return query.parameters[parameterIndex(query, parameter)];
  return onlyNode(node, "StringLiteral", "NumericLiteral")?.text;
}

export function parameterIndex({ tree }: Query, node: SyntaxNode): number {
  return nodesOf(tree, "Parameter").findIndex(({ start }) => start === node.start);
}

const unquoted = (literal: string | undefined): string | undefined =>
  /^'(.*)'$/s.exec(literal ?? "")?.[1]?.replaceAll("''", "'");
