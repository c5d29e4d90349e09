import { AwsError, NotRehearsed } from "../../../kernel/errors.js";
import type { Table } from "./catalog.js";

/** How Athena makes the values of a partition column. */
export type Projected =
  { readonly kind: "enum"; readonly values: readonly string[] } | { readonly kind: "injected" };

/** How Athena finds a table's partitions from its properties alone. */
export interface Projection {
  /** By partition column, in the order of the keys. */
  readonly columns: ReadonlyMap<string, Projected>;
  /** e.g. `s3://bucket/output/${account}/${region}/${run}` */
  readonly template: string;
}

/** Athena's other types of projection, which nothing here uses. */
const NOT_REHEARSED = ["integer", "date"];

/**
 * What `projection.*` among a table's properties says; undefined where projection is off.
 * Source: Athena user guide, "Set up partition projection" and "Supported types for partition projection".
 * @throws AwsError
 */
export function projectionOf(table: Table): Projection | undefined {
  const { Parameters: properties, PartitionKeys: keys } = table;
  if (properties["projection.enabled"]?.toLowerCase() !== "true") return undefined;
  const columns = new Map(
    keys.map(({ Name }) => [Name, projectedColumn(table, Name, properties)] as const),
  );
  const keyed = keys.map(({ Name }) => `${Name}=\${${Name}}`).join("/");
  const location = table.StorageDescriptor.Location.replace(/\/*$/, "/");
  const template = properties["storage.location.template"] ?? `${location}${keyed}`;
  for (const name of columns.keys()) {
    if (!template.includes(`\${${name}}`)) {
      throw invalid(
        table,
        `the storage.location.template "${template}" has no placeholder \${${name}}`,
      );
    }
  }
  return { columns, template };
}

/** Glue takes any property; what Athena cannot read is refused here when it is deployed, as no query would succeed. */
export function checkProjection(table: Table): void {
  projectionOf(table);
}

function projectedColumn(
  table: Table,
  name: string,
  properties: Readonly<Record<string, string>>,
): Projected {
  const kind = properties[`projection.${name}.type`];
  if (kind === "injected") return { kind };
  if (kind === "enum") {
    const values = properties[`projection.${name}.values`]?.split(",").map((value) => value.trim());
    if (values === undefined || values.some((value) => value === "")) {
      throw invalid(table, `projection.${name}.values lists no values`);
    }
    return { kind, values };
  }
  if (kind === undefined) throw invalid(table, `projection.${name}.type is missing`);
  throw NOT_REHEARSED.includes(kind)
    ? new NotRehearsed(`partition projection of type ${kind}`)
    : invalid(table, `projection.${name}.type "${kind}": enum, integer, date or injected`);
}

function invalid({ DatabaseName, Name }: Table, why: string): AwsError {
  return new AwsError("INVALID_TABLE_PROPERTY", `Table ${DatabaseName}.${Name}: ${why}`);
}
