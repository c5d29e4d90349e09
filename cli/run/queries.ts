import { readNamedQueries } from "../../queries/loader/named-queries.js";
import type { Asked } from "./athena.js";

/** A query of the workgroup, as it is in this version, with the values of its question marks. */
export function namedQuery(name: string, ...values: readonly string[]): Asked {
  const found = readNamedQueries().find((query) => query.name === name);
  if (found === undefined) throw new Error(`queries/${name}.sql is not there`);
  return { sql: found.sql, values };
}
