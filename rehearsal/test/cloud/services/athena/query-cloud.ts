import type { RoleSession } from "../../../../kernel/principal.js";
import { TestCloud } from "../../../support/test-cloud.js";

/** The account whose runs are in the tables. */
export const RUN_ACCOUNT = "111111111111";
export const RUN = "20260101t000000z-abc123";

/** A workgroup, the tables of runs and some outputs, in one account. */
export class QueryCloud extends TestCloud {
  /** Puts the output of a step into the bucket, as the agent does. */
  async output(instance: string, text: string, more: Partial<Output> = {}): Promise<void> {
    const { account = RUN_ACCOUNT, run = RUN, stream = "stdout" } = more;
    const folder = `output/${account}/eu-central-1/${run}/cmd-1/${instance}`;
    await this.put(`${folder}/awsrunShellScript/linux/${stream}`, text);
  }

  async put(Key: string, text: string | Uint8Array): Promise<void> {
    const Body = typeof text === "string" ? Buffer.from(text) : text;
    await this.call("s3", "PutObject", { Bucket: "outputs", Key, Body });
  }

  /** Bucket, database, tables and workgroup. */
  async prepare(configuration: object = {}): Promise<void> {
    await this.create("aws:s3/bucket:Bucket", "outputs", { bucket: "outputs" });
    await this.create("aws:glue/catalogDatabase:CatalogDatabase", "runs", { name: "cf_runs" });
    await this.table("output", REGEX, [{ name: "line", type: "string" }]);
    await this.table("invocations", JSON_SERDE, [
      { name: "instanceid", type: "string" },
      { name: "responsecode", type: "int" },
      { name: "outputwritten", type: "boolean" },
    ]);
    await this.create("aws:athena/workgroup:Workgroup", "runs", {
      name: "cf-runs",
      configuration: {
        resultConfiguration: { outputLocation: "s3://outputs/queries/" },
        ...configuration,
      },
    });
  }

  query(sql: string, more: object = {}, principal?: RoleSession): Promise<Ended> {
    return queryEnded(this, sql, more, principal);
  }

  /** The rows of a query that succeeds, the header first. */
  rows(sql: string, ...parameters: string[]): Promise<Rows> {
    return queryRows(this, sql, ...parameters);
  }

  /** Why a query ended as it did. */
  async reason(sql: string, more: object = {}, principal?: RoleSession): Promise<string> {
    const { Status } = (await this.query(sql, more, principal)).execution;
    return `${Status.State}: ${Status.StateChangeReason ?? "no reason"}`;
  }

  private table(name: string, serDeInfo: object, columns: object[]) {
    return this.create("aws:glue/catalogTable:CatalogTable", name, {
      name,
      databaseName: "cf_runs",
      tableType: "EXTERNAL_TABLE",
      parameters: {
        "projection.enabled": "true",
        "projection.account.type": "enum",
        "projection.account.values": `${RUN_ACCOUNT},333333333333`,
        "projection.run.type": "injected",
        "storage.location.template": `s3://outputs/${name}/\${account}/eu-central-1/\${run}`,
      },
      partitionKeys: [{ name: "account" }, { name: "run" }],
      storageDescriptor: { location: `s3://outputs/${name}/`, columns, serDeInfo },
    });
  }
}

/** Runs a query in the workgroup of the runs to its end. */
async function queryEnded(
  testCloud: TestCloud,
  sql: string,
  more: object = {},
  principal?: RoleSession,
): Promise<Ended> {
  const QueryExecutionContext = { Database: "cf_runs" };
  const { QueryExecutionId: id } = await testCloud.call<{ QueryExecutionId: string }>(
    "athena",
    "StartQueryExecution",
    { QueryString: sql, WorkGroup: "cf-runs", QueryExecutionContext, ...more },
    principal,
  );
  await testCloud.cloud.clock.run();
  const input = { QueryExecutionId: id };
  type Answer = { QueryExecution: Ended["execution"] };
  const { QueryExecution } = await testCloud.call<Answer>("athena", "GetQueryExecution", input);
  return { id, execution: QueryExecution };
}

/** The rows of a query that succeeds in the workgroup of the runs, the header first. */
export async function queryRows(
  testCloud: TestCloud,
  sql: string,
  ...parameters: string[]
): Promise<Rows> {
  const more = parameters.length === 0 ? {} : { ExecutionParameters: parameters };
  const { id, execution } = await queryEnded(testCloud, sql, more);
  if (execution.Status.State !== "SUCCEEDED")
    throw new Error(execution.Status.StateChangeReason ?? execution.Status.State);
  const page = await testCloud.call<Page>("athena", "GetQueryResults", { QueryExecutionId: id });
  return page.ResultSet.Rows.map(({ Data }) => Data.map(({ VarCharValue }) => VarCharValue));
}

type Rows = (string | undefined)[][];

interface Output {
  readonly account: string;
  readonly run: string;
  readonly stream: string;
}

interface Ended {
  readonly id: string;
  readonly execution: {
    readonly Status: { readonly State: string; readonly StateChangeReason?: string };
    readonly Statistics: Readonly<Record<string, number>>;
    readonly ResultConfiguration: { readonly OutputLocation: string };
  };
}

export interface Page {
  readonly ResultSet: {
    readonly Rows: readonly { readonly Data: readonly { readonly VarCharValue?: string }[] }[];
  };
  readonly NextToken?: string;
}

const REGEX = {
  serializationLibrary: "org.apache.hadoop.hive.serde2.RegexSerDe",
  parameters: { "input.regex": "(?s)(.*?)\\r?" },
};
const JSON_SERDE = { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe" };
