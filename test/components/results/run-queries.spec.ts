import { expect } from "chai";
import type { RunQueriesArgs } from "../../../components/results/run-queries.js";
import { RunQueries } from "../../../components/results/run-queries.js";
import { readNamedQueries } from "../../../queries/loader/named-queries.js";
import { inMember } from "../../support/account.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

const args: RunQueriesArgs = {
  prefix: "cf-x",
  bucket: "central",
  kmsKeyArn: "arn:aws:kms:eu-central-1:111111111111:key/1",
  accountIds: ["222222222222", "333333333333"],
  regions: ["eu-central-1", "eu-west-1"],
  queries: [{ name: "all", description: "All.", parameters: ["run"], sql: "SELECT ?" }],
};

const TABLE = "aws:glue/catalogTable:CatalogTable";

describe("RunQueries", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await mockProgram({});
  });

  const declared = async (more: Partial<RunQueriesArgs> = {}) => {
    new RunQueries("queries", { ...args, ...more }, inMember());
    await program.settled();
  };
  const table = (name: string) =>
    program.all(TABLE).find(({ inputs }) => inputs["name"] === name)?.inputs;

  it("projects the partitions of the output by account, Region and run", async () => {
    await declared();
    expect(table("output")?.["parameters"]).to.deep.equal({
      EXTERNAL: "TRUE",
      "projection.enabled": "true",
      "projection.account.type": "enum",
      "projection.account.values": "222222222222,333333333333",
      "projection.region.type": "enum",
      "projection.region.values": "eu-central-1,eu-west-1",
      "projection.run.type": "injected",
      "storage.location.template": "s3://central/output/${account}/${region}/${run}/",
    });
    expect(table("invocations")?.["parameters"]).to.include({
      "storage.location.template": "s3://central/invocations/${account}/${region}/${run}/",
    });
    expect(table("all_output")?.["parameters"]).to.deep.equal({ EXTERNAL: "TRUE" });
  });

  it("projects the bucket too where Regions have their own", async () => {
    await declared({ otherBuckets: ["west"] });
    for (const [name, template] of [
      ["output", "s3://${bucket}/output/${account}/${region}/${run}/"],
      ["invocations", "s3://${bucket}/invocations/${account}/${region}/${run}/"],
      ["all_output", "s3://${bucket}/output/"],
    ] as const) {
      expect(table(name)?.["parameters"], name).to.include({
        "projection.bucket.type": "enum",
        "projection.bucket.values": "central,west",
        "storage.location.template": template,
      });
    }
  });

  it("keeps whole lines, without the end that Windows gives them", async () => {
    await declared();
    const { columns, serDeInfo } = table("output")?.["storageDescriptor"] as {
      columns: { name: string }[];
      serDeInfo: { parameters: Record<string, string> };
    };
    expect(columns.map(({ name }) => name)).to.deep.equal(["line"]);
    const pattern = serDeInfo.parameters["input.regex"] ?? "";
    const regex = new RegExp(`^(?:${pattern.replace("(?s)", "")})$`, "s");
    for (const line of ["", "a", "a\rb", "a\u2028b"]) {
      expect(regex.exec(line)?.[1]).to.equal(line);
      expect(regex.exec(`${line}\r`)?.[1]).to.equal(line);
    }
  });

  it("lets nobody put results elsewhere, leave them unencrypted or read without a limit", async () => {
    await declared();
    expect(program.only("aws:athena/workgroup:Workgroup").inputs).to.deep.equal({
      name: "cf-x-runs",
      description: "Queries over what scripts printed on hosts",
      forceDestroy: true,
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        requesterPaysEnabled: false,
        bytesScannedCutoffPerQuery: 10_737_418_240,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: "s3://central/queries/",
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: args.kmsKeyArn },
        },
      },
    });
  });

  it("has the queries in its workgroup, for its database", async () => {
    await declared({ queryLimitBytes: 20_000_000 });
    expect(program.only("aws:athena/namedQuery:NamedQuery").inputs).to.deep.equal({
      name: "all",
      description: "All.",
      database: "cf_x_runs",
      workgroup: "cf-x-runs",
      query: "SELECT ?",
    });
  });

  it("says all that is wrong at once", () => {
    const wrong = { ...args, accountIds: [], regions: [], queryLimitBytes: 1000 };
    expect(() => new RunQueries("queries", wrong, inMember())).to.throw(
      [
        'RunQueries "queries": invalid arguments',
        "  accountIds: expected at least one, got none",
        "  regions: expected at least one, got none",
        "  queryLimitBytes: expected a whole number of bytes from 10485760 on, got 1000",
      ].join("\n"),
    );
  });

  it("has the queries of the project for these tables", () => {
    expect(readNamedQueries().map(({ name }) => name)).to.deep.equal([
      "differences",
      "errors-of-run",
      "latest-output",
      "no-answer",
      "output-of-run",
      "same-answers",
    ]);
  });
});
