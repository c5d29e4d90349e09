import { NotRehearsed } from "../../../../kernel/errors.js";
import { functionNamed } from "./functions.js";
import type { Query, TableUse } from "./query.js";
import { parameterIndex } from "./query.js";
import type { SyntaxNode } from "./syntax.js";
import { nameOf, nodesOf, onlyNode } from "./syntax.js";

/** Begins the name of an output column to which the query gives none; Athena calls it by its place. */
export const ANONYMOUS = "\u0001";

/**
 * What means the same in DuckDB as in Trino, by Trino's grammar. All else is not rehearsed: division and decimals, whose
 * results differ; dates and times; lambdas; grouping sets; window frames.
 */
const SAME = new Set(
  (
    "Program Statements SingleStatement StatementDefault RootQuery QueryStatement With NamedQuery QueryNoWith " +
    "QueryTermDefault QueryPrimaryDefault QuerySpecification Subquery SetOperation SetQuantifier SelectList " +
    "SelectExpressionColumnName SelectLiteralColumnName RelationDefault JoinRelation JoinType JoinCriteria JoinColumnEquality " +
    "JoinColumnReference SampledRelation PatternRecognition ExpressionSourceTable SubqueryRelation " +
    "ParenthesizedRelation ColumnAliases Unnest WhereClause HavingClause GroupBy SingleGroupingSet GroupingSet " +
    "GroupingTerm SortItem Expression Predicated And Or LogicalNot Comparison ComparisonOperator Between InList " +
    "InSubquery Like NullPredicate DistinctFrom ValueExpressionDefault Concatenation SubqueryExpression Exists " +
    "SimpleCase SearchedCase WhenClause ParenthesizedExpression ColumnReference ColumnName ColumnRef QualifiedName " +
    "Dereference StringLiteral BasicStringLiteral NumericLiteral IntegerLiteral BooleanLiteral BooleanValue " +
    "NullLiteral Filter Over WindowSpecification PartitionBy LimitRowCount RowCount FetchFirst QuotedIdentifier " +
    "NonReserved InlineTable Table token"
  ).split(" "),
);

/** Reads `+`, `-` and `*`: the other two part where something is divided by 0, or is no whole number. */
const ARITHMETIC = ["+", "-", "*"];

/** How types are read by DuckDB, and the macro that lets through what Trino would. */
const CASTS: Readonly<Record<string, { readonly type: string; readonly macro: string }>> = {
  bigint: { type: "BIGINT", macro: "trino_integer" },
  integer: { type: "INTEGER", macro: "trino_integer" },
  int: { type: "INTEGER", macro: "trino_integer" },
  double: { type: "DOUBLE", macro: "trino_double" },
};

/** What stands in the translation for a use of a table. */
export interface LoadedUse {
  readonly use: TableUse;
  /** The table in DuckDB. */
  readonly loaded: string;
  /** Whether it has `$path` and `$file_modified_time`, which `*` hides. */
  readonly hasPath: boolean;
}

/** The query in DuckDB's words. @throws NotRehearsed */
export function translate(query: Query, loaded: readonly LoadedUse[]): string {
  return new Translation(query, loaded).translate(query.tree);
}

class Translation {
  private readonly characters: readonly string[];

  constructor(
    private readonly query: Query,
    private readonly loaded: readonly LoadedUse[],
  ) {
    this.characters = [...query.sql];
  }

  translate(node: SyntaxNode): string {
    const special = this.specially(node);
    if (special !== undefined) return special;
    if (!SAME.has(node.kind)) throw notRehearsed(node);
    return node.kind === "token" ? node.text : this.inOrder(node);
  }

  /** The children with what stands between them. */
  private inOrder(node: SyntaxNode): string {
    let at = node.start;
    const parts: string[] = [];
    for (const child of node.children) {
      parts.push(this.characters.slice(at, child.start).join(""), this.translate(child));
      at = child.end;
    }
    return parts.join("");
  }

  private specially(node: SyntaxNode): string | undefined {
    switch (node.kind) {
      case "UnquotedIdentifier":
        // Quoted, so that a word that only DuckDB reserves is a name.
        return `"${node.text}"`;
      case "Parameter":
        return this.query.parameters[parameterIndex(this.query, node)] ?? "";
      case "TableName":
        return this.table(node);
      case "AliasedRelation":
        return this.inOrder(node);
      case "SelectItem":
        return this.item(node);
      case "SelectAllWithoutTable":
      case "TableAllColumns":
        return this.all(node);
      case "Subscript":
        return `trino_subscript(${this.listed([node.children[0], node.children[2]])})`;
      case "ArithmeticBinary":
        return this.arithmetic(node);
      case "ArithmeticUnary":
        return this.inOrder(node);
      case "FunctionCall":
        return this.call(node);
      case "Trim":
        if (node.children.length !== 4) throw notRehearsed(node);
        return `trino_trim(${this.listed([node.children[2]])})`;
      case "Cast":
        return this.cast(node);
      default:
        return undefined;
    }
  }

  private listed(nodes: readonly (SyntaxNode | undefined)[]): string {
    return nodes.flatMap((node) => (node === undefined ? [] : [this.translate(node)])).join(", ");
  }

  private table(node: SyntaxNode): string {
    const found = this.loaded.find(({ use }) => use.node === node);
    if (found === undefined) return this.inOrder(onlyNode(node, "TableRef") ?? node);
    return found.use.hasAlias ? found.loaded : `${found.loaded} AS "${found.use.table}"`;
  }

  /** A column is called as it is written; what has no name gets one by which it is known again. */
  private item(node: SyntaxNode): string {
    const text = this.inOrder(node);
    if (node.children.length > 1) return text;
    if (onlyNode(node, "SelectAllWithoutTable", "TableAllColumns") !== undefined) return text;
    const column = onlyNode(node, "SelectLiteralColumnName", "ColumnReference");
    if (column === undefined) return `${text} AS "${ANONYMOUS}${node.start}"`;
    return `${text} AS "${(column.text.split(".").at(-1) ?? "").replace(/^"|"$/g, "")}"`;
  }

  private all(node: SyntaxNode): string {
    const text = node.kind === "TableAllColumns" ? this.inOrder(node) : node.text;
    const qualifier = node.kind === "TableAllColumns" ? nameOf(node.children[0]?.text ?? "") : "";
    const hides = this.loaded.some(
      ({ use, hasPath }) =>
        hasPath &&
        use.specification.start <= node.start &&
        use.specification.end >= node.end &&
        (qualifier === "" || qualifier === use.alias),
    );
    return hides ? `${text} EXCLUDE ("$path", "$file_modified_time")` : text;
  }

  private arithmetic(node: SyntaxNode): string {
    const operator = node.children[1]?.text ?? "";
    if (!ARITHMETIC.includes(operator)) throw notRehearsed(node);
    return this.inOrder(node);
  }

  private call(node: SyntaxNode): string {
    const [name, ...rest] = node.children;
    const trino = name?.text.toLowerCase() ?? "";
    const values = rest
      .filter(({ kind }) => kind === "Expression")
      .map((argument) => this.translate(argument));
    if (trino === "concat") return `(${values.join(" || ")})`;
    if (trino === "if") {
      const [condition = "", yes = "", no = "NULL"] = values;
      return `CASE WHEN ${condition} THEN ${yes} ELSE ${no} END`;
    }
    const duck = functionNamed(trino);
    if (duck === undefined) throw new NotRehearsed(`Athena's function ${trino}`);
    const last = rest.at(-1);
    const start = name?.end ?? node.start;
    // What follows the name stands as it is: DISTINCT, ORDER BY, FILTER, OVER.
    const after = { ...node, start, children: rest, end: last?.end ?? node.end };
    return duck + this.inOrder(after);
  }

  private cast(node: SyntaxNode): string {
    const [verb, , value, , type] = node.children;
    if (value === undefined || type === undefined || verb === undefined) throw notRehearsed(node);
    const wanted = type.text.toLowerCase();
    const isTry = verb.text.toUpperCase() === "TRY_CAST";
    if (wanted === "varchar") return `trino_varchar(${this.translate(value)})`;
    const found = CASTS[wanted];
    if (found === undefined) throw new NotRehearsed(`Athena's cast as ${wanted}`);
    return `CAST(${found.macro}(${this.translate(value)}, ${isTry}) AS ${found.type})`;
  }
}

function notRehearsed({ kind, text }: SyntaxNode): NotRehearsed {
  const words = kind.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  const shown = text.replace(/\s+/g, " ");
  return new NotRehearsed(`Athena's SQL: ${words}: ${shown.slice(0, 60)}`);
}

/** Whether the query reads where a row comes from, or since when it is there. */
export function readsPath({ tree }: Query): boolean {
  return nodesOf(tree, "QuotedIdentifier").some(({ text }) =>
    ["$path", "$file_modified_time"].includes(nameOf(text)),
  );
}
