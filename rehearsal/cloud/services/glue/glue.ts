import type { Kernel } from "../../../kernel/kernel.js";
import type { Access } from "../../../kernel/access.js";
import { AwsError } from "../../../kernel/errors.js";
import type { Caller } from "../../../kernel/operation.js";
import { operation } from "../../../kernel/operation.js";
import { Regional } from "../../../kernel/regional.js";
import type { ResourceType, Service } from "../../../kernel/resource.js";
import type { Database, Table } from "./catalog.js";
import { glueResources } from "./resources.js";

type Place = { readonly account: string; readonly region: string };

interface DatabaseInput {
  readonly Name: string;
  readonly CatalogId?: string;
}

interface TableInput {
  readonly DatabaseName: string;
  readonly Name: string;
  readonly CatalogId?: string;
}

interface TablesInput {
  readonly DatabaseName: string;
  readonly CatalogId?: string;
}

/**
 * Glue's Data Catalog: databases and tables, which Athena reads. An operation on a table is checked at the catalog, the
 * database and the table. Source: Glue developer guide, "Specifying AWS Glue resource ARNs".
 */
export class GlueService implements Service {
  readonly databases = new Regional<Database>();
  readonly resourceTypes: readonly ResourceType[];

  constructor(private readonly kernel: Kernel) {
    this.resourceTypes = glueResources(this, kernel);
  }

  /** @throws AwsError EntityNotFoundException */
  database({ account, region }: Place, name: string): Database {
    const found = this.databases.in(account, region).get(name);
    if (found !== undefined) return found;
    throw new AwsError("EntityNotFoundException", `Database ${name} not found.`);
  }

  /** @throws AwsError EntityNotFoundException */
  table(place: Place, databaseName: string, name: string): Table {
    const found = this.database(place, databaseName).tables.get(name);
    if (found !== undefined) return found;
    throw new AwsError("EntityNotFoundException", `Table ${name} not found.`);
  }

  readonly operations = {
    GetDatabase: operation<DatabaseInput, object>({
      access: ({ Name }, caller) => this.access("glue:GetDatabase", caller, Name),
      run: ({ Name }, caller) => ({ Database: described(this.database(caller, Name), caller) }),
    }),
    GetDatabases: operation<object, object>({
      access: (_input, caller) => this.access("glue:GetDatabases", caller),
      run: (_input, caller) => ({
        DatabaseList: [...this.databases.in(caller.account, caller.region).values()].map((found) =>
          described(found, caller),
        ),
      }),
    }),
    GetTable: operation<TableInput, { Table: Table }>({
      access: ({ DatabaseName, Name }, caller) =>
        this.access("glue:GetTable", caller, DatabaseName, Name),
      run: ({ DatabaseName, Name }, caller) => ({ Table: this.table(caller, DatabaseName, Name) }),
    }),
    GetTables: operation<TablesInput, { TableList: Table[] }>({
      access: ({ DatabaseName }, caller) => {
        const tables = this.databases.in(caller.account, caller.region).get(DatabaseName)?.tables;
        return this.access("glue:GetTables", caller, DatabaseName, ...(tables?.keys() ?? []));
      },
      run: ({ DatabaseName }, caller) => ({
        TableList: [...this.database(caller, DatabaseName).tables.values()],
      }),
    }),
    GetPartitions: operation<TablesInput & { readonly TableName: string }, object>({
      access: ({ DatabaseName, TableName }, caller) =>
        this.access("glue:GetPartitions", caller, DatabaseName, TableName),
      run: ({ DatabaseName, TableName }, caller) => {
        this.table(caller, DatabaseName, TableName);
        // Projected partitions are nowhere but in the table's properties, and nothing here makes others.
        return { Partitions: [] };
      },
    }),
  };

  private access(
    action: string,
    { account, region }: Caller,
    database?: string,
    ...tables: readonly string[]
  ): Access[] {
    const resources = [
      "catalog",
      ...(database === undefined ? [] : [`database/${database}`]),
      ...tables.map((table) => `table/${database ?? ""}/${table}`),
    ];
    return resources.map((resource) => ({
      action,
      resource: this.kernel.arn("glue", region, account, resource),
      resourceAccount: account,
    }));
  }
}

const described = (found: Database, { account }: Caller) => ({
  Name: found.name,
  ...(found.description !== undefined && { Description: found.description }),
  ...(found.locationUri !== undefined && { LocationUri: found.locationUri }),
  CatalogId: account,
});
