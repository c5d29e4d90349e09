import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { NamedQuery } from "../../queries/loader/named-queries.js";
import type { InAccount } from "../account.js";
import { ArgumentError } from "../arguments.js";
import { runDatabaseName, runWorkgroupName } from "../names.js";
import type { RunStore } from "./run-tables.js";
import { allOutputTable, invocationsTable, outputTable } from "./run-tables.js";

export interface RunQueriesArgs extends RunStore {
  /** Begins every fixed name: 1-20 characters. */
  readonly prefix: string;
  /** ARN of the key that encrypts results. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** How much one query may read, in bytes: at least `leastQueryLimit`. @default `defaultQueryLimit` */
  readonly queryLimitBytes?: number;
  /** Queries that people find in the workgroup. */
  readonly queries: readonly NamedQuery[];
}

/** The least that the provider takes: 10 MiB. */
export const leastQueryLimit = 10_485_760;
/** 10 GiB: some five cents at Athena's list price. */
export const defaultQueryLimit = 10_737_418_240;

/**
 * SQL over what scripts printed: a Glue database with tables over the buckets, and an Athena
 * workgroup whose results are encrypted and whose queries have a limit. A run can be queried as
 * soon as its hosts have written, as no crawler stands between.
 *
 * @example
 * new RunQueries("run-queries", { prefix: "cf", bucket, kmsKeyArn, accountIds: ["222222222222"], regions: ["eu-central-1"], queries: readNamedQueries() }, { provider });
 */
export class RunQueries extends pulumi.ComponentResource {
  /** Name of the database. */
  readonly database: pulumi.Output<string>;
  /** Name of the workgroup. */
  readonly workgroup: pulumi.Output<string>;

  constructor(name: string, args: RunQueriesArgs, opts: InAccount) {
    check(name, args);
    super("fleet:index:RunQueries", name, { prefix: args.prefix }, opts);
    const database = this.tables(name, args);
    const workgroup = this.results(name, args);
    for (const { name: query, description, sql } of args.queries) {
      new aws.athena.NamedQuery(
        `${name}-${query}`,
        { name: query, description, database, workgroup, query: sql },
        { parent: this, deleteBeforeReplace: true },
      );
    }
    this.database = database;
    this.workgroup = workgroup;
    this.registerOutputs({ database: this.database, workgroup: this.workgroup });
  }

  private tables(name: string, { prefix, ...store }: RunQueriesArgs): pulumi.Output<string> {
    const database = new aws.glue.CatalogDatabase(
      `${name}-database`,
      { name: runDatabaseName(prefix), description: "What scripts printed on hosts" },
      { parent: this, deleteBeforeReplace: true },
    );
    const tables = {
      output: outputTable(store),
      all_output: allOutputTable(store),
      invocations: invocationsTable(store),
    };
    for (const [table, args] of Object.entries(tables)) {
      new aws.glue.CatalogTable(
        `${name}-${table.replace("_", "-")}`,
        { name: table, databaseName: database.name, ...args },
        { parent: this, deleteBeforeReplace: true },
      );
    }
    return database.name;
  }

  private results(name: string, args: RunQueriesArgs): pulumi.Output<string> {
    const { prefix, bucket, kmsKeyArn, queryLimitBytes = defaultQueryLimit } = args;
    const workgroup = new aws.athena.Workgroup(
      `${name}-workgroup`,
      {
        name: runWorkgroupName(prefix),
        description: "Queries over what scripts printed on hosts",
        // Named queries and the history of queries go with it.
        forceDestroy: true,
        configuration: {
          // A query's author cannot put results elsewhere, or leave them unencrypted.
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          requesterPaysEnabled: false,
          bytesScannedCutoffPerQuery: queryLimitBytes,
          engineVersion: { selectedEngineVersion: "Athena engine version 3" },
          resultConfiguration: {
            outputLocation: pulumi.interpolate`s3://${bucket}/queries/`,
            encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn },
          },
        },
      },
      { parent: this, deleteBeforeReplace: true },
    );
    return workgroup.name;
  }
}

function check(name: string, args: RunQueriesArgs): void {
  const { accountIds, regions, queryLimitBytes = defaultQueryLimit } = args;
  const problems: pulumi.InputPropertyErrorDetails[] = [];
  const lists = { accountIds, regions };
  for (const [propertyPath, list] of Object.entries(lists)) {
    if (list.length === 0)
      problems.push({ propertyPath, reason: "expected at least one, got none" });
  }
  if (!Number.isInteger(queryLimitBytes) || queryLimitBytes < leastQueryLimit) {
    const reason = `expected a whole number of bytes from ${leastQueryLimit} on, got ${queryLimitBytes}`;
    problems.push({ propertyPath: "queryLimitBytes", reason });
  }
  if (problems.length > 0) throw new ArgumentError(`RunQueries "${name}"`, problems);
}
