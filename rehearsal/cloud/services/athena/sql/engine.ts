import type { DuckDBConnection, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import { NotRehearsed } from "../../../../kernel/errors.js";
import { queryFailed } from "./failure.js";
import { MACROS, UNSURE } from "./functions.js";
import type { Query } from "./query.js";
import { nameOf, nodesOf } from "./syntax.js";
import { ANONYMOUS } from "./translation.js";

/** The types of a table's cells. */
export type Cell = string | number | boolean | null;

export interface LoadedColumn {
  readonly name: string;
  /** Hive's type, as Glue has it. */
  readonly type: string;
}

export interface LoadedTable {
  readonly name: string;
  readonly columns: readonly LoadedColumn[];
  readonly rows: Iterable<readonly Cell[]>;
}

export interface ResultColumn {
  readonly name: string;
  /** Trino's type. */
  readonly type: string;
}

export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  /** Values as Athena writes them; null is NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}

const TYPES: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  varchar: "VARCHAR",
  int: "INTEGER",
  integer: "INTEGER",
  bigint: "BIGINT",
  boolean: "BOOLEAN",
  double: "DOUBLE",
  // Of no column that Glue knows: milliseconds, to be ordered by. As a result it is not rehearsed.
  "timestamp with time zone": "TIMESTAMP",
};

/** One thread: the order of rows that no ORDER BY settles is the same in every run. No files, no network. */
const SETTINGS = { threads: "1", enable_external_access: "false" };

/**
 * Runs a translated query over these tables by DuckDB, in a database of its own in memory.
 * @throws QueryFailed; NotRehearsed
 */
export async function runQuery(
  query: Query,
  translated: string,
  tables: readonly LoadedTable[],
): Promise<QueryResult> {
  // Loaded by the first query, as it is a native module of 70 MB.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", SETTINGS);
  try {
    const connection = await instance.connect();
    await connection.run("SET integer_division = true");
    await connection.run("SET default_null_order = 'nulls_last'");
    for (const macro of MACROS) await connection.run(macro);
    for (const table of tables) await load(connection, table);
    const reader = await connection.runAndReadAll(translated);
    const types = reader.columnTypes();
    const columns = reader.columnNames().map((name, index) => ({
      name: name.startsWith(ANONYMOUS) ? `_col${index}` : name,
      type: typeName(types[index]),
    }));
    const rows = reader
      .getRows()
      .map((row) => row.map((value, index) => written(value, columns[index]?.type ?? "")));
    connection.closeSync();
    return { columns, rows };
  } catch (error) {
    throw failureOf(error, query);
  } finally {
    instance.closeSync();
  }
}

async function load(connection: DuckDBConnection, table: LoadedTable): Promise<void> {
  const { DuckDBTimestampValue } = await import("@duckdb/node-api");
  const columns = table.columns.map(({ name, type }) => {
    const found = TYPES[type.toLowerCase()];
    if (found === undefined) throw new NotRehearsed(`a column of type ${type} in Athena`);
    return { name, type: found };
  });
  const declared = columns.map(({ name, type }) => `"${name.replaceAll('"', '""')}" ${type}`);
  await connection.run(`CREATE TABLE ${table.name} (${declared.join(", ")})`);
  const appender = await connection.createAppender(table.name);
  for (const row of table.rows) {
    for (const [index, { type }] of columns.entries()) {
      const cell = row[index] ?? null;
      if (cell === null) appender.appendNull();
      else if (type === "VARCHAR") appender.appendVarchar(String(cell));
      else if (type === "BOOLEAN") appender.appendBoolean(cell === true);
      else if (type === "INTEGER") appender.appendInteger(Number(cell));
      else if (type === "TIMESTAMP")
        appender.appendTimestamp(new DuckDBTimestampValue(BigInt(cell) * 1000n));
      else if (type === "BIGINT") appender.appendBigInt(BigInt(cell));
      else appender.appendDouble(Number(cell));
    }
    appender.endRow();
  }
  appender.closeSync();
}

/** Trino's name of a type. */
function typeName(type: DuckDBType | undefined): string {
  const text = String(type);
  if (text.endsWith("[]")) return "array";
  const found = {
    VARCHAR: "varchar",
    BOOLEAN: "boolean",
    INTEGER: "integer",
    BIGINT: "bigint",
    HUGEINT: "bigint",
    DOUBLE: "double",
    '"NULL"': "unknown",
    SQLNULL: "unknown",
  }[text];
  if (found === undefined) throw new NotRehearsed(`a result of type ${text} in Athena`);
  return found;
}

function written(value: DuckDBValue, type: string): string | null {
  if (value === null) return null;
  if (type === "array") {
    const items = (value as { readonly items: readonly DuckDBValue[] }).items;
    return `[${items.map((item) => written(item, "") ?? "null").join(", ")}]`;
  }
  if (type === "double") return javaDouble(Number(value));
  return String(value);
}

/** As Java writes a double, with a point always, and as a power of ten from ten million on. */
export function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** DuckDB's refusal in Athena's words where it is the query's fault; all else is not rehearsed. */
function failureOf(error: unknown, query: Query): unknown {
  if (!(error instanceof Error) || error.constructor !== Error) return error;
  const { message } = error;
  const text = message.replace(/^[A-Z][A-Za-z ]+ Error: /, "");
  if (text.startsWith(UNSURE))
    return new NotRehearsed(`Athena's SQL: ${text.slice(UNSURE.length)}`);
  const named = /^(INVALID_[A-Z_]+): (.*)/s.exec(text);
  if (named !== null) return queryFailed(named[1] ?? "", named[2] ?? "");
  const unknown = /^(?:Referenced )?[Cc]olumn "([^"]+)" (?:not found|referenced that exists)/.exec(
    text,
  )?.[1];
  if (unknown !== undefined) {
    const at = place(query, unknown);
    return queryFailed("COLUMN_NOT_FOUND", `${at}: Column '${unknown}' cannot be resolved`);
  }
  const ungrouped = /^column "?([^" ]+)"? must appear in the GROUP BY clause/.exec(text)?.[1];
  if (ungrouped !== undefined) {
    const words = `'${ungrouped}' must be an aggregate expression or appear in GROUP BY clause`;
    return queryFailed("EXPRESSION_NOT_AGGREGATE", `${place(query, ungrouped)}: ${words}`);
  }
  return new NotRehearsed("Athena's SQL", message.split("\n")[0] ?? message);
}

function place({ tree }: Query, column: string): string {
  const found = nodesOf(tree, "ColumnReference", "ColumnRef").find(
    ({ text }) => nameOf(text.split(".").at(-1) ?? "") === column.toLowerCase(),
  );
  return `line ${found?.line ?? 1}:${found?.column ?? 1}`;
}
