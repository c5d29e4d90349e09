// The tables over what runs leave in the buckets. No crawler: partitions are projected, so a run can be queried as soon as
// its first line is there. Source: Athena user guide, "Use partition projection with Amazon Athena".
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

type Table = Omit<aws.glue.CatalogTableArgs, "databaseName" | "name">;
type Columns = { name: string; type: string; comment: string }[];

/** Where runs keep their output, and which accounts and Regions take part. */
export interface RunStore {
  /** Name of the central bucket. */
  readonly bucket: pulumi.Input<string>;
  /** Names of the buckets of Regions that have one of their own. @default none */
  readonly otherBuckets?: readonly pulumi.Input<string>[];
  /** Ids of the accounts that scripts run in, sorted. */
  readonly accountIds: readonly string[];
  /** Regions of the hosts. */
  readonly regions: readonly string[];
}

/** Every line that hosts printed, by account, Region and run; queries must name the run. */
export const outputTable = (store: RunStore): Table => ({
  description: "What hosts printed, line by line; name the run in WHERE",
  ...projected(store, "output"),
  storageDescriptor: lines(pulumi.interpolate`s3://${store.bucket}/output/`),
});

/** The lines of all runs, for people who do not know the run. It reads everything: the workgroup's limit ends it. */
export const allOutputTable = (store: RunStore): Table => ({
  description: "What hosts printed in all runs; reads everything that is kept",
  ...(hasOthers(store)
    ? partitioned(store, ["bucket"], pulumi.interpolate`s3://${bucketOf(store)}/output/`)
    : external({})),
  storageDescriptor: lines(pulumi.interpolate`s3://${store.bucket}/output/`),
});

/** How each host of a run answered. */
export const invocationsTable = (store: RunStore): Table => ({
  description: "How each host of a run answered; name the run in WHERE",
  ...projected(store, "invocations"),
  storageDescriptor: {
    ...text(pulumi.interpolate`s3://${store.bucket}/invocations/`),
    columns: invocationColumns,
    serDeInfo: {
      name: "json",
      serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
      parameters: { "ignore.malformed.json": "false" },
    },
  },
});

const hasOthers = ({ otherBuckets = [] }: RunStore): boolean => otherBuckets.length > 0;

/** Where there are several buckets, which one is a partition as well. */
const bucketOf = (store: RunStore): pulumi.Input<string> =>
  hasOthers(store) ? "${bucket}" : store.bucket;

const projected = (store: RunStore, folder: string): Table =>
  partitioned(
    store,
    ["account", "region", "run", ...(hasOthers(store) ? (["bucket"] as const) : [])],
    pulumi.interpolate`s3://${bucketOf(store)}/${folder}/\${account}/\${region}/\${run}/`,
  );

type PartitionKey = "account" | "region" | "run" | "bucket";

function partitioned(
  { bucket, otherBuckets = [], accountIds, regions }: RunStore,
  keys: readonly PartitionKey[],
  template: pulumi.Output<string>,
): Table {
  const listed = (values: readonly pulumi.Input<string>[]) => ({
    type: "enum",
    values: pulumi.all([...values]).apply((known) => known.join(",")),
  });
  const kinds: Record<PartitionKey, { type: string; values?: pulumi.Output<string> }> = {
    account: listed(accountIds),
    region: listed(regions),
    // Nobody could list the runs: a query brings the one that it wants.
    run: { type: "injected" },
    bucket: listed([bucket, ...otherBuckets]),
  };
  const properties = keys.flatMap((key): [string, pulumi.Input<string>][] => {
    const { type, values } = kinds[key];
    const listing: [string, pulumi.Input<string>][] = values
      ? [[`projection.${key}.values`, values]]
      : [];
    return [[`projection.${key}.type`, type], ...listing];
  });
  return {
    ...external({
      "projection.enabled": "true",
      ...Object.fromEntries<pulumi.Input<string>>(properties),
      "storage.location.template": template,
    }),
    partitionKeys: keys.map((key) => ({ name: key, type: "string", comment: keyComments[key] })),
  };
}

const keyComments: Readonly<Record<PartitionKey, string>> = {
  account: "Account of the host",
  region: "Region of the host",
  run: "Id of the run",
  bucket: "Bucket that the host writes to",
};

/** Glue's word for tables whose objects are not Athena's own. */
const external = (more: Record<string, pulumi.Input<string>>): Table => ({
  tableType: "EXTERNAL_TABLE",
  parameters: { EXTERNAL: "TRUE", ...more },
});

const text = (location: pulumi.Output<string>) => ({
  location,
  inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
  outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
});

/** Whole lines whatever is in them; Windows ends them with a carriage return, which goes. */
const lines = (location: pulumi.Output<string>) => ({
  ...text(location),
  columns: [{ name: "line", type: "string", comment: "One line of the output" }],
  serDeInfo: {
    name: "lines",
    serializationLibrary: "org.apache.hadoop.hive.serde2.RegexSerDe",
    // `(?s)`: a line may hold what Java takes for the end of one, as U+2028; without it, the row would be NULL.
    parameters: { "input.regex": "(?s)(.*?)\\r?", "serialization.format": "1" },
  },
});

/** As the runbook's record step writes them; names of columns have no case. */
const invocationColumns: Columns = [
  { name: "commandid", type: "string", comment: "Id of the command" },
  { name: "instanceid", type: "string", comment: "Id of the host" },
  { name: "name", type: "string", comment: "Name of the host" },
  { name: "platform", type: "string", comment: "Linux, Windows or macOS" },
  { name: "status", type: "string", comment: "Success, or how it failed" },
  { name: "statusdetails", type: "string", comment: "The same in more words" },
  {
    name: "responsecode",
    type: "int",
    comment: "Exit code of the script; -1 where it did not run",
  },
  { name: "askedat", type: "string", comment: "When the command was sent, UTC" },
  { name: "startedat", type: "string", comment: "When the script began, UTC" },
  { name: "endedat", type: "string", comment: "When it ended, UTC" },
  { name: "outputwritten", type: "boolean", comment: "Whether what it printed is in the bucket" },
  { name: "document", type: "string", comment: "The Command document" },
];
