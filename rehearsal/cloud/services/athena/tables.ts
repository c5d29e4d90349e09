import { AccessDenied, AwsError, messageOf, NotRehearsed } from "../../../kernel/errors.js";
import type { Caller } from "../../../kernel/operation.js";
import type { Table } from "../glue/catalog.js";
import type { Projection } from "../glue/projection.js";
import { projectionOf } from "../glue/projection.js";
import { linesOf, rowReader } from "./serde.js";
import type { Scan } from "./scan.js";
import type { Cell, LoadedTable } from "./sql/engine.js";
import { QueryFailed, queryFailed } from "./sql/failure.js";
import type { Query, TableUse } from "./sql/query.js";
import { equalitiesOf, isMentioned } from "./sql/query.js";

/** A folder of a table, with the values of its partition columns. */
interface Partition {
  readonly location: string;
  readonly values: readonly string[];
}

/** Columns that every table of Hive has beside its own. Source: Trino documentation, "Hive connector", metadata columns. */
const HIDDEN = [
  { name: "$path", type: "string" },
  { name: "$file_modified_time", type: "timestamp with time zone" },
];

/** The table that a query uses, as Glue returns it to the caller. @throws QueryFailed */
export async function tableOf(
  use: TableUse,
  caller: Caller,
  database: string | undefined,
): Promise<Table> {
  const { node, table } = use;
  const at = `line ${node.line}:${node.column}`;
  const schema = use.database ?? database;
  if (schema === undefined) {
    const words = "Schema must be specified when session schema is not set";
    throw queryFailed("MISSING_SCHEMA_NAME", `${at}: ${words}`);
  }
  const { kernel, principal, account, region } = caller;
  const ask = async <Output>(operation: string, input: object): Promise<Output> =>
    kernel.call<Output>({ principal, account, region, service: "glue", operation, input });
  try {
    const input = { DatabaseName: schema, Name: table };
    return (await ask<{ Table: Table }>("GetTable", input)).Table;
  } catch (error) {
    if (error instanceof AccessDenied) {
      throw new QueryFailed(`Insufficient permissions to execute the query. ${messageOf(error)}`);
    }
    if (!(error instanceof AwsError) || error.code !== "EntityNotFoundException") throw error;
    if (messageOf(error).startsWith("Database"))
      throw queryFailed("SCHEMA_NOT_FOUND", `${at}: Schema '${schema}' does not exist`);
    const words = `Table 'awsdatacatalog.${schema}.${table}' does not exist`;
    throw queryFailed("TABLE_NOT_FOUND", `${at}: ${words}`);
  }
}

/** Reads what a use of a table may need: the partitions that its conditions leave. @throws QueryFailed */
export async function load(
  name: string,
  table: Table,
  use: TableUse,
  query: Query,
  scan: Scan,
  withPath: boolean,
): Promise<LoadedTable> {
  const { Columns } = table.StorageDescriptor;
  const columns = [...Columns, ...table.PartitionKeys].map((column) => ({
    name: column.Name,
    type: column.Type,
  }));
  const read = rowReader(table);
  const rows: Cell[][] = [];
  for (const { location, values } of partitionsOf(table, use, query)) {
    for (const { path, text, modified } of await scan.read(location)) {
      for (const line of linesOf(text))
        rows.push([...read(line), ...values, ...(withPath ? [path, modified.getTime()] : [])]);
    }
  }
  return {
    name,
    columns: withPath ? [...columns, ...HIDDEN] : columns,
    rows,
  };
}

function partitionsOf(table: Table, use: TableUse, query: Query): Partition[] {
  const projection = projectionOf(table);
  if (projection === undefined) {
    // Without projection the partitions would be Glue's, which has none here.
    if (table.PartitionKeys.length > 0) return [];
    return [{ location: table.StorageDescriptor.Location, values: [] }];
  }
  return combinations(valuesOf(projection, use, query)).map((values) => ({
    location: located(projection, values),
    values,
  }));
}

/** The values of each partition column that the query's conditions leave. */
function valuesOf({ columns }: Projection, use: TableUse, query: Query): (readonly string[])[] {
  const wanted = equalitiesOf(query, use);
  return [...columns].map(([name, projected]) => {
    const conditions = wanted.filter(({ column }) => column === name.toLowerCase());
    const [first] = conditions;
    if (projected.kind === "injected") {
      if (first === undefined) throw notInjected(name, query);
      return left([...new Set(first.values)], conditions);
    }
    return left(projected.values, conditions);
  });
}

const left = (
  values: readonly string[],
  conditions: readonly { readonly values: readonly string[] }[],
): string[] =>
  values.filter((value) => conditions.every((condition) => condition.values.includes(value)));

/**
 * Athena's message where the WHERE names no value. A condition elsewhere in the query may reach the table by the planner's
 * rules, which are not modelled.
 */
function notInjected(column: string, query: Query): Error {
  if (isMentioned(query, column))
    return new NotRehearsed(`a condition on the injected column ${column} outside of its SELECT`);
  return queryFailed(
    "CONSTRAINT_VIOLATION",
    `For the injected projected partition column ${column}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.`,
  );
}

function combinations(columns: readonly (readonly string[])[]): string[][] {
  return columns.reduce<string[][]>(
    (all, values) => all.flatMap((before) => values.map((value) => [...before, value])),
    [[]],
  );
}

function located({ columns, template }: Projection, values: readonly string[]): string {
  const names = [...columns.keys()];
  return template.replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
    const index = names.indexOf(name);
    return values[index] ?? whole;
  });
}
