import { RunQueries } from "../../components/results/run-queries.js";
import { readNamedQueries } from "../../queries/loader/named-queries.js";
import { AccountWorld } from "../../rehearsal/test/cloud/account-world.js";
import { inMember } from "../support/account.js";
import { mockProgram } from "../support/mocked-program.js";

interface Page {
  readonly ResultSet: {
    readonly Rows: readonly { readonly Data: readonly { readonly VarCharValue?: string }[] }[];
  };
}

/** The component's tables and workgroup in the local cloud, over a bucket with output. */
export class QueriedRuns {
  constructor(readonly world: AccountWorld) {}

  /** What a step of a command printed. */
  async output(
    run: string,
    account: string,
    instance: string,
    text: string,
    { region = "eu-central-1", stream = "stdout", command = `cmd-${run}` } = {},
  ): Promise<void> {
    const folder = `output/${account}/${region}/${run}/${command}/${instance}`;
    await this.put(`${folder}/awsrunShellScript/linux/${stream}`, text);
  }

  /** What a step printed of an association, in the folder of one execution. */
  async store(folder: string, text: string, stream: string): Promise<void> {
    await this.put(`output/${folder}/awsrunShellScript/linux/${stream}`, text);
  }

  /** Lets a day pass. */
  async dayLater(): Promise<void> {
    const { clock } = this.world.cloud;
    await clock.run(clock.now + 24 * 3_600_000);
  }

  /** How a host answered, as the runbook records it. */
  async invocation(
    run: string,
    account: string,
    more: { instanceId: string } & Record<string, unknown>,
    execution = more.instanceId,
  ) {
    const usual = { name: "web", platform: "Linux", status: "Success", statusDetails: "Success" };
    const record = { run, account, ...usual, responseCode: 0, outputWritten: true, ...more };
    const key = `invocations/${account}/eu-central-1/${run}/${execution}-${more.instanceId}.jsonl`;
    await this.put(key, `${JSON.stringify(record)}\n`);
  }

  async query(name: string, ...parameters: string[]) {
    const found = readNamedQueries().find((query) => query.name === name);
    if (found === undefined) throw new Error(`no query is called ${name}`);
    return this.sql(found.sql, ...parameters);
  }

  /** The rows, the header first. */
  async sql(sql: string, ...parameters: string[]): Promise<(string | undefined)[][]> {
    const { world } = this;
    const { QueryExecutionId } = await world.call<{ QueryExecutionId: string }>(
      "athena",
      "StartQueryExecution",
      {
        QueryString: sql,
        WorkGroup: "cf-runs",
        QueryExecutionContext: { Database: "cf_runs" },
        ...(parameters.length > 0 && { ExecutionParameters: parameters }),
      },
    );
    await world.cloud.clock.run();
    const execution = { QueryExecutionId };
    const { QueryExecution } = await world.call<{
      QueryExecution: { Status: { State: string; StateChangeReason?: string } };
    }>("athena", "GetQueryExecution", execution);
    const { State, StateChangeReason } = QueryExecution.Status;
    if (State !== "SUCCEEDED") throw new Error(StateChangeReason ?? State);
    const page = await world.call<Page>("athena", "GetQueryResults", execution);
    return page.ResultSet.Rows.map(({ Data }) => Data.map(({ VarCharValue }) => VarCharValue));
  }

  private async put(Key: string, text: string): Promise<void> {
    await this.world.call("s3", "PutObject", { Bucket: "central", Key, Body: Buffer.from(text) });
  }
}

/** Declares the component and puts what it declares into a local cloud. */
export async function runQueriesDeployed(
  accountIds: readonly string[],
  regions: readonly string[],
): Promise<QueriedRuns> {
  const world = new AccountWorld();
  const kmsKeyArn = await world.key();
  await world.create("aws:s3/bucket:Bucket", "central", { bucket: "central" });
  const program = await mockProgram({});
  const queries = readNamedQueries();
  const args = { prefix: "cf", bucket: "central", kmsKeyArn, accountIds, regions, queries };
  new RunQueries("queries", args, inMember());
  await program.settled();
  const order = ["CatalogDatabase", "CatalogTable", "Workgroup", "NamedQuery"];
  for (const kind of order) {
    for (const { type, name, inputs } of program.resources)
      if (type.endsWith(`:${kind}`)) await world.create(type, name, inputs);
  }
  return new QueriedRuns(world);
}
