import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { MEMBER, REGION } from "../../../support/test-cloud.js";
import { refusal } from "../../refusal.js";
import type { Page } from "./query-cloud.js";
import { RUN_ACCOUNT, QueryCloud, RUN } from "./query-cloud.js";

const OTHER = "333333333333";
const OF_RUN = `run = '${RUN}'`;
const FOLDER = `output/${RUN_ACCOUNT}/eu-central-1/${RUN}`;

describe("A query of Athena", () => {
  let testCloud: QueryCloud;
  beforeEach(async () => {
    testCloud = new QueryCloud();
    await testCloud.prepare();
  });

  it("reads lines with the partitions that they are in", async () => {
    await testCloud.output("i-1", "one\r\ntwo\n\nfour");
    await testCloud.output("i-2", "other run", { run: `${RUN}-2` });
    expect(await testCloud.rows(`SELECT * FROM output WHERE ${OF_RUN}`)).to.deep.equal([
      ["line", "account", "run"],
      ["one", RUN_ACCOUNT, RUN],
      ["two", RUN_ACCOUNT, RUN],
      ["", RUN_ACCOUNT, RUN],
      ["four", RUN_ACCOUNT, RUN],
    ]);
  });

  it('tells by "$path" where a line comes from, which * does not show', async () => {
    await testCloud.output("i-1", "one");
    const host = `split("$path",'/')[9] AS host, split("$path",'/')[12]`;
    expect(await testCloud.rows(`SELECT ${host}, o.* FROM output o WHERE ${OF_RUN}`)).to.deep.equal(
      [
        ["host", "_col1", "line", "account", "run"],
        ["i-1", "stdout", "one", RUN_ACCOUNT, RUN],
      ],
    );
  });

  it('orders by "$file_modified_time", when an object was written, which * does not show', async () => {
    const { clock } = testCloud.cloud;
    await testCloud.output("i-2", "first");
    await clock.run(clock.now + 1000);
    await testCloud.output("i-1", "second");
    const sql = `FROM output o WHERE ${OF_RUN} ORDER BY "$file_modified_time"`;
    expect(await testCloud.rows(`SELECT o.* ${sql} DESC`)).to.deep.equal([
      ["line", "account", "run"],
      ["second", RUN_ACCOUNT, RUN],
      ["first", RUN_ACCOUNT, RUN],
    ]);
    expect(await testCloud.reason(`SELECT "$file_modified_time" ${sql}`)).to.include(
      "not rehearsed",
    );
  });

  it("takes parameters for question marks, in their order", async () => {
    await testCloud.output("i-1", "one");
    await testCloud.output("i-2", "two", { account: OTHER });
    const sql = "SELECT line FROM output WHERE account = ? AND run IN (?)";
    expect(await testCloud.rows(sql, `'${OTHER}'`, `'${RUN}'`)).to.deep.equal([["line"], ["two"]]);
    expect(await testCloud.reason(sql)).to.equal(
      "FAILED: INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected 2 but found 0",
    );
    const unquoted = testCloud.query(sql, { ExecutionParameters: ["x", "y OR 1=1"] });
    expect(await refusal(unquoted)).to.equal(
      "InvalidRequestException: line 1:1: mismatched input 'x'",
    );
  });

  it("reads JSON by columns whose names have no case; NULL is no value", async () => {
    const hosts = [
      { instanceId: "i-1", responseCode: 3, outputWritten: true },
      { instanceId: "i-2" },
    ];
    const key = `invocations/${RUN_ACCOUNT}/eu-central-1/${RUN}/exec-1.jsonl`;
    await testCloud.put(key, hosts.map((host) => `${JSON.stringify(host)}\n`).join(""));
    const sql = `SELECT instanceId, responsecode, outputwritten FROM invocations WHERE ${OF_RUN}`;
    expect(await testCloud.rows(sql)).to.deep.equal([
      ["instanceId", "responsecode", "outputwritten"],
      ["i-1", "3", "true"],
      ["i-2", undefined, undefined],
    ]);
    await testCloud.put(key, "not JSON\n");
    expect(await testCloud.reason(sql)).to.equal(
      "FAILED: HIVE_CURSOR_ERROR: Row is not a valid JSON Object: not JSON",
    );
  });

  it("unpacks what ends in .gz, and passes over what begins with _ or a point", async () => {
    await testCloud.put(`${FOLDER}/a.gz`, gzipSync("packed\n"));
    await testCloud.put(`${FOLDER}/_b`, "hidden\n");
    await testCloud.put(`${FOLDER}/.c/d`, "hidden\n");
    expect(await testCloud.rows(`SELECT line FROM output WHERE ${OF_RUN}`)).to.deep.equal([
      ["line"],
      ["packed"],
    ]);
  });

  it("needs a value for a partition that is injected", async () => {
    const message =
      "FAILED: CONSTRAINT_VIOLATION: For the injected projected partition column run, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.";
    expect(await testCloud.reason("SELECT * FROM output")).to.equal(message);
    expect(await testCloud.reason("SELECT * FROM output WHERE account = '1'")).to.equal(message);
    expect(
      await testCloud.reason(`SELECT * FROM (SELECT * FROM output) WHERE ${OF_RUN}`),
    ).to.include("not rehearsed: a condition on the injected column run outside of its SELECT");
  });

  it("reads only the partitions that its conditions leave", async () => {
    await testCloud.output("i-1", "0123456789");
    await testCloud.output("i-2", "0123456789", { account: OTHER });
    const scanned = async (more: string) => {
      const { execution } = await testCloud.query(`SELECT * FROM output WHERE ${OF_RUN} ${more}`);
      return execution.Statistics["DataScannedInBytes"];
    };
    expect(await scanned("")).to.equal(20);
    expect(await scanned(`AND account = '${RUN_ACCOUNT}'`)).to.equal(10);
    expect(await scanned(`AND account = '${RUN_ACCOUNT}' AND account = '${OTHER}'`)).to.equal(0);
  });

  it("is cancelled when it reads more than its workgroup allows", async () => {
    testCloud = new QueryCloud();
    await testCloud.prepare({ bytesScannedCutoffPerQuery: 10_485_760 });
    const sql = `SELECT count(*) FROM output WHERE ${OF_RUN}`;
    await testCloud.output("i-1", "x".repeat(10_485_760));
    expect(await testCloud.reason(sql)).to.equal("SUCCEEDED: no reason");
    await testCloud.output("i-2", "y");
    expect(await testCloud.reason(sql)).to.equal("CANCELLED: Bytes scanned limit was exceeded");
  });

  it("puts its results into the workgroup's location, as CSV with its quotes", async () => {
    await testCloud.output("i-1", 'say "hi"');
    const { id, execution } = await testCloud.query(
      `SELECT line, CAST(NULL AS varchar) AS nothing FROM output WHERE ${OF_RUN}`,
      { ResultConfiguration: { OutputLocation: "s3://elsewhere/" } },
    );
    expect(execution.ResultConfiguration.OutputLocation).to.equal(`s3://outputs/queries/${id}.csv`);
    const { Body } = await testCloud.call<{ Body: Uint8Array }>("s3", "GetObject", {
      Bucket: "outputs",
      Key: `queries/${id}.csv`,
    });
    expect(Buffer.from(Body).toString()).to.equal('"line","nothing"\n"say ""hi""",\n');
  });

  it("gives results in pages of a thousand rows, the header among them", async () => {
    await testCloud.output("i-1", Array.from({ length: 1500 }, (_, line) => `${line}\n`).join(""));
    const { id } = await testCloud.query(`SELECT line FROM output WHERE ${OF_RUN}`);
    const page = (more: object) =>
      testCloud.call<Page>("athena", "GetQueryResults", { QueryExecutionId: id, ...more });
    const first = await page({});
    expect(first.ResultSet.Rows.length).to.equal(1000);
    const second = await page({ NextToken: first.NextToken });
    expect(second.ResultSet.Rows.length).to.equal(501);
    expect(second.ResultSet.Rows[0]).to.deep.equal({ Data: [{ VarCharValue: "999" }] });
    expect(second.NextToken).to.equal(undefined);
    expect(await refusal(page({ MaxResults: 1001 }))).to.include("MaxResults must be between");
  });

  it("says what it waits for, and can be stopped", async () => {
    const { QueryExecutionId } = await testCloud.call<{ QueryExecutionId: string }>(
      "athena",
      "StartQueryExecution",
      { QueryString: "SELECT 1", WorkGroup: "cf-runs" },
    );
    const execution = { QueryExecutionId };
    expect(await refusal(testCloud.call("athena", "GetQueryResults", execution))).to.equal(
      "InvalidRequestException: Query has not yet finished. Current state: QUEUED",
    );
    await testCloud.call("athena", "StopQueryExecution", execution);
    await testCloud.cloud.clock.run();
    expect(await refusal(testCloud.call("athena", "GetQueryResults", execution))).to.equal(
      "InvalidRequestException: Query did not finish successfully. Final query state: CANCELLED",
    );
  });

  it("is the same query where the token is the same", async () => {
    const token = { ClientRequestToken: "a".repeat(32) };
    const { id } = await testCloud.query("SELECT 1", token);
    expect((await testCloud.query("SELECT 1", token)).id).to.equal(id);
    expect(await refusal(testCloud.query("SELECT 2", token))).to.equal(
      "InvalidRequestException: Idempotent parameters do not match",
    );
  });

  it("fails where a database, a table or a column is not there", async () => {
    const why = (sql: string, more: object = {}) => testCloud.reason(sql, more);
    expect(await why("SELECT 1 FROM nope")).to.equal(
      "FAILED: TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.cf_runs.nope' does not exist",
    );
    expect(await why("SELECT 1 FROM other.nope")).to.equal(
      "FAILED: SCHEMA_NOT_FOUND: line 1:15: Schema 'other' does not exist",
    );
    expect(await why("SELECT 1 FROM output", { QueryExecutionContext: {} })).to.include(
      "MISSING_SCHEMA_NAME",
    );
    expect(await why(`SELECT\n  lin FROM output WHERE ${OF_RUN}`)).to.equal(
      "FAILED: COLUMN_NOT_FOUND: line 2:3: Column 'lin' cannot be resolved",
    );
    expect(await why("SELECT 1 FROM output WHERE run = 7")).to.equal(
      "FAILED: TYPE_MISMATCH: line 1:32: Cannot apply operator: varchar = integer",
    );
  });

  it("is refused where it is no SQL", async () => {
    expect(await refusal(testCloud.query("SELEC 1"))).to.include(
      "InvalidRequestException: line 1:1: mismatched input 'SELEC'",
    );
  });

  it("is not rehearsed where it is something else than a query", async () => {
    expect(await refusal(testCloud.query("MSCK REPAIR TABLE output"))).to.include(
      "not rehearsed: Athena's statement MSCK",
    );
    expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal(["Athena's statement MSCK"]);
  });

  describe("of a caller with few permissions", () => {
    const all = ["athena:StartQueryExecution", "glue:GetTable"];
    const store = ["s3:GetObject", "s3:ListBucket", "s3:PutObject"];
    const without = async (missing: string) => {
      await testCloud.output("i-1", "one");
      const session = await testCloud.worker(
        [...all, ...store].filter((permission) => permission !== missing),
      );
      return testCloud.reason(`SELECT * FROM output WHERE ${OF_RUN}`, {}, session);
    };

    it("succeeds with all of them", async () => {
      expect(await without("")).to.equal("SUCCEEDED: no reason");
    });

    it("fails without the table", async () => {
      expect(await without("glue:GetTable")).to.equal(
        `FAILED: Insufficient permissions to execute the query. User: arn:aws:sts::${MEMBER}:assumed-role/worker/me is not authorized to perform: glue:GetTable on resource: arn:aws:glue:${REGION}:${MEMBER}:catalog because no identity-based policy allows the glue:GetTable action`,
      );
    });

    it("fails without the list of the objects", async () => {
      expect(await without("s3:ListBucket")).to.equal(
        `FAILED: Permission denied on S3 path: s3://outputs/${FOLDER}`,
      );
    });

    it("fails without the objects", async () => {
      expect(await without("s3:GetObject")).to.equal(
        `FAILED: Permission denied on S3 path: s3://outputs/${FOLDER}/cmd-1/i-1/awsrunShellScript/linux/stdout`,
      );
    });

    it("fails where its results cannot be written", async () => {
      expect(await without("s3:PutObject")).to.match(
        /^FAILED: Access denied when writing output to url: s3:\/\/outputs\/queries\/[0-9a-f-]{36}.csv . Please ensure/,
      );
    });

    it("does not start without its workgroup", async () => {
      expect(await refusal(without("athena:StartQueryExecution"))).to.include(
        `is not authorized to perform: athena:StartQueryExecution on resource: arn:aws:athena:${REGION}:${MEMBER}:workgroup/cf-runs`,
      );
    });
  });
});
