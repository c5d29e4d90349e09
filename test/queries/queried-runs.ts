import { RunQueries } from "../../components/results/run-queries.js";
import { readNamedQueries } from "../../queries/loader/named-queries.js";
import { queryRows } from "../../rehearsal/test/cloud/services/athena/query-cloud.js";
import { TestCloud } from "../../rehearsal/test/support/test-cloud.js";
import { inMember } from "../support/account.js";
import { mockProgram } from "../support/mocked-program.js";

/** The component's tables and workgroup in the local cloud, over a bucket with output. */
export class QueriedRuns {
  constructor(readonly testCloud: TestCloud) {}

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
    const { clock } = this.testCloud.cloud;
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
  sql(sql: string, ...parameters: string[]): Promise<(string | undefined)[][]> {
    return queryRows(this.testCloud, sql, ...parameters);
  }

  private async put(Key: string, text: string): Promise<void> {
    await this.testCloud.call("s3", "PutObject", {
      Bucket: "central",
      Key,
      Body: Buffer.from(text),
    });
  }
}

/** Declares the component and puts what it declares into a local cloud. */
export async function runQueriesDeployed(
  accountIds: readonly string[],
  regions: readonly string[],
): Promise<QueriedRuns> {
  const testCloud = new TestCloud();
  const kmsKeyArn = await testCloud.key();
  await testCloud.create("aws:s3/bucket:Bucket", "central", { bucket: "central" });
  const program = await mockProgram({});
  const queries = readNamedQueries();
  const args = { prefix: "cf", bucket: "central", kmsKeyArn, accountIds, regions, queries };
  new RunQueries("queries", args, inMember());
  await program.settled();
  const order = ["CatalogDatabase", "CatalogTable", "Workgroup", "NamedQuery"];
  for (const kind of order) {
    for (const { type, name, inputs } of program.resources)
      if (type.endsWith(`:${kind}`)) await testCloud.create(type, name, inputs);
  }
  return new QueriedRuns(testCloud);
}
