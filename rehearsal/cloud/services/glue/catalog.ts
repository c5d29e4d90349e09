import type { Arn } from "../../../kernel/arn.js";

/** Names of columns with their types, as Glue keeps them. */
export interface Column {
  readonly Name: string;
  readonly Type: string;
  readonly Comment?: string;
}

/** Where a table's rows are, and how they are read. */
export interface StorageDescriptor {
  readonly Columns: readonly Column[];
  readonly Location: string;
  readonly InputFormat?: string;
  readonly OutputFormat?: string;
  readonly SerdeInfo?: {
    readonly Name?: string;
    readonly SerializationLibrary?: string;
    readonly Parameters: Readonly<Record<string, string>>;
  };
}

/** A table as Glue's API gives it. */
export interface Table {
  readonly Name: string;
  readonly DatabaseName: string;
  readonly Description?: string;
  readonly TableType?: string;
  readonly Parameters: Readonly<Record<string, string>>;
  readonly PartitionKeys: readonly Column[];
  readonly StorageDescriptor: StorageDescriptor;
  readonly CatalogId: string;
}

export interface Database {
  readonly name: string;
  readonly arn: Arn;
  description?: string;
  locationUri?: string;
  readonly tables: Map<string, Table>;
}
