import type { QueryResult } from "./sql/engine.js";
import { own } from "../../../own.js";

/** Rows on one page, the header's among them. Source: Athena API reference, GetQueryResults. */
export const PAGE = 1000;

const PRECISION: Readonly<Record<string, number>> = {
  varchar: 2_147_483_647,
  bigint: 19,
  integer: 10,
  double: 17,
};

/** As Athena writes it: every value in quotes, NULL as nothing at all. */
export function csvOf({ columns, rows }: QueryResult): string {
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  const lines = [
    columns.map(({ name }) => quoted(name)),
    ...rows.map((row) => row.map((value) => (value === null ? "" : quoted(value)))),
  ];
  return lines.map((line) => `${line.join(",")}\n`).join("");
}

/** Athena's own is binary and for its own use; here it is JSON. */
export function metadataOf(result: QueryResult): string {
  return JSON.stringify({ ColumnInfo: columnInfo(result) });
}

/** One page of results: the first row of the first is the header. */
export function pageOf(result: QueryResult, start: number, size: number): object {
  const header = result.columns.map(({ name }) => name);
  const rows = [header, ...result.rows];
  const next = start + size;
  return {
    UpdateCount: 0,
    ResultSet: {
      Rows: rows.slice(start, next).map((row) => ({
        Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
      })),
      ResultSetMetadata: { ColumnInfo: columnInfo(result) },
    },
    ...(next < rows.length && { NextToken: Buffer.from(String(next)).toString("base64url") }),
  };
}

function columnInfo({ columns }: QueryResult): object[] {
  return columns.map(({ name, type }) => ({
    CatalogName: "hive",
    SchemaName: "",
    TableName: "",
    Name: name,
    Label: name,
    Type: type,
    Precision: own(PRECISION, type) ?? 0,
    Scale: 0,
    Nullable: "UNKNOWN",
    CaseSensitive: type === "varchar",
  }));
}
