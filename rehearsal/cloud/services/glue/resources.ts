import type { Kernel } from "../../../kernel/kernel.js";
import { AwsError } from "../../../kernel/errors.js";
import type { Deployment } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import type { GlueService } from "./glue.js";
import type { Column, Table } from "./catalog.js";
import { checkProjection } from "./projection.js";

interface DatabaseInputs {
  readonly name: string;
  readonly description?: string;
  readonly locationUri?: string;
}

interface ColumnInputs {
  readonly name: string;
  readonly type?: string;
  readonly comment?: string;
}

interface TableInputs {
  readonly name: string;
  readonly databaseName: string;
  readonly description?: string;
  readonly tableType?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly partitionKeys?: readonly ColumnInputs[];
  readonly storageDescriptor?: {
    readonly location?: string;
    readonly inputFormat?: string;
    readonly outputFormat?: string;
    readonly columns?: readonly ColumnInputs[];
    readonly serDeInfo?: {
      readonly name?: string;
      readonly serializationLibrary?: string;
      readonly parameters?: Readonly<Record<string, string>>;
    };
  };
}

/** The Pulumi resource types of Glue: databases and tables of the Data Catalog. */
export function glueResources(glue: GlueService, kernel: Kernel) {
  return [databaseType(glue, kernel), tableType(glue, kernel)];
}

function databaseType(glue: GlueService, kernel: Kernel) {
  const outputs = (name: string, { account, region }: Deployment) => ({
    arn: kernel.arn("glue", region, account, `database/${name}`),
    catalogId: account,
  });
  return resourceType<DatabaseInputs>({
    type: "aws:glue/catalogDatabase:CatalogDatabase",
    models: ["name", "description", "locationUri", "tags"],
    replaceOnChanges: ["name", "catalogId"],
    autoname: "name",
    create: ({ name, description, locationUri }, at) => {
      checkName("Database", name);
      const databases = glue.databases.in(at.account, at.region);
      if (databases.has(name)) {
        throw new AwsError("AlreadyExistsException", `Database already exists.`);
      }
      const { arn, catalogId } = outputs(name, at);
      databases.set(name, {
        name,
        arn,
        tables: new Map(),
        ...(description !== undefined && { description }),
        ...(locationUri !== undefined && { locationUri }),
      });
      return { id: `${catalogId}:${name}`, outputs: { arn, catalogId } };
    },
    update: (_id, { name, description }, at) => {
      const found = glue.database(at, name);
      if (description === undefined) delete found.description;
      else found.description = description;
      return outputs(name, at);
    },
    // Glue deletes the tables with their database.
    delete: (id, at) =>
      void glue.databases.in(at.account, at.region).delete(id.slice(id.indexOf(":") + 1)),
  });
}

function tableType(glue: GlueService, kernel: Kernel) {
  const put = (inputs: TableInputs, at: Deployment) => {
    const table = tableOf(inputs, at.account);
    checkProjection(table);
    glue.database(at, inputs.databaseName).tables.set(inputs.name, table);
    const resource = `table/${inputs.databaseName}/${inputs.name}`;
    return { arn: kernel.arn("glue", at.region, at.account, resource), catalogId: at.account };
  };
  return resourceType<TableInputs>({
    type: "aws:glue/catalogTable:CatalogTable",
    models: [
      "name",
      "databaseName",
      "description",
      "tableType",
      "parameters",
      "partitionKeys",
      "storageDescriptor",
    ],
    replaceOnChanges: ["name", "databaseName", "catalogId"],
    autoname: "name",
    create: (inputs, at) => {
      checkName("Table", inputs.name);
      if (glue.database(at, inputs.databaseName).tables.has(inputs.name)) {
        throw new AwsError("AlreadyExistsException", `Table already exists.`);
      }
      const outputs = put(inputs, at);
      return { id: `${at.account}:${inputs.databaseName}:${inputs.name}`, outputs };
    },
    update: (_id, inputs, at) => put(inputs, at),
    delete: (id, at) => {
      const [, database = "", name = ""] = id.split(":");
      glue.databases.in(at.account, at.region).get(database)?.tables.delete(name);
    },
  });
}

/** Glue folds names to lower case; the provider refuses others. Athena reads names with `_` only unquoted. */
function checkName(kind: string, name: string): void {
  if (/^[^A-Z\s/]{1,255}$/.test(name)) return;
  throw new AwsError(
    "InvalidInputException",
    `${kind} name "${name}": 1-255 characters, no upper case letters`,
  );
}

function tableOf(inputs: TableInputs, account: string): Table {
  const { storageDescriptor: storage = {}, description, tableType: kind } = inputs;
  const { serDeInfo } = storage;
  return {
    Name: inputs.name,
    DatabaseName: inputs.databaseName,
    ...(description !== undefined && { Description: description }),
    ...(kind !== undefined && { TableType: kind }),
    Parameters: inputs.parameters ?? {},
    PartitionKeys: columns(inputs.partitionKeys),
    StorageDescriptor: {
      Columns: columns(storage.columns),
      Location: storage.location ?? "",
      ...(storage.inputFormat !== undefined && { InputFormat: storage.inputFormat }),
      ...(storage.outputFormat !== undefined && { OutputFormat: storage.outputFormat }),
      ...(serDeInfo !== undefined && {
        SerdeInfo: {
          ...(serDeInfo.name !== undefined && { Name: serDeInfo.name }),
          ...(serDeInfo.serializationLibrary !== undefined && {
            SerializationLibrary: serDeInfo.serializationLibrary,
          }),
          Parameters: serDeInfo.parameters ?? {},
        },
      }),
    },
    CatalogId: account,
  };
}

const columns = (given: readonly ColumnInputs[] = []): Column[] =>
  given.map(({ name, type, comment }) => ({
    Name: name,
    Type: type ?? "string",
    ...(comment !== undefined && { Comment: comment }),
  }));
