import { expect } from "chai";
import { MEMBER, TestCloud, REGION } from "../../../support/test-cloud.js";
import { refusal } from "../../refusal.js";

const DATABASE = "aws:glue/catalogDatabase:CatalogDatabase";
const TABLE = "aws:glue/catalogTable:CatalogTable";

describe("Glue's Data Catalog", () => {
  let testCloud: TestCloud;
  beforeEach(() => (testCloud = new TestCloud()));

  const database = (name = "cf_runs") => testCloud.create(DATABASE, "runs", { name });
  const table = (parameters: Record<string, string> = {}, more: object = {}) =>
    testCloud.create(TABLE, "output", {
      name: "output",
      databaseName: "cf_runs",
      tableType: "EXTERNAL_TABLE",
      parameters: { EXTERNAL: "TRUE", ...parameters },
      partitionKeys: [{ name: "run", type: "string" }],
      storageDescriptor: {
        location: "s3://bucket/output/",
        columns: [{ name: "line", type: "string" }],
        serDeInfo: { serializationLibrary: "org.apache.hadoop.hive.serde2.RegexSerDe" },
      },
      ...more,
    });
  const projected = (more: Record<string, string> = {}) =>
    table({
      "projection.enabled": "true",
      "projection.run.type": "injected",
      "storage.location.template": "s3://bucket/output/${run}",
      ...more,
    });

  it("gives a table as it was declared", async () => {
    await database();
    const { state } = await table();
    expect(state["arn"]).to.equal(`arn:aws:glue:${REGION}:${MEMBER}:table/cf_runs/output`);
    const input = { DatabaseName: "cf_runs", Name: "output" };
    expect(await testCloud.call("glue", "GetTable", input)).to.deep.equal({
      Table: {
        Name: "output",
        DatabaseName: "cf_runs",
        TableType: "EXTERNAL_TABLE",
        Parameters: { EXTERNAL: "TRUE" },
        PartitionKeys: [{ Name: "run", Type: "string" }],
        StorageDescriptor: {
          Columns: [{ Name: "line", Type: "string" }],
          Location: "s3://bucket/output/",
          SerdeInfo: {
            SerializationLibrary: "org.apache.hadoop.hive.serde2.RegexSerDe",
            Parameters: {},
          },
        },
        CatalogId: MEMBER,
      },
    });
  });

  it("lists databases and their tables, which have no partitions but projected ones", async () => {
    await database();
    await projected();
    const { DatabaseList } = await testCloud.call<{ DatabaseList: object[] }>(
      "glue",
      "GetDatabases",
      {},
    );
    expect(DatabaseList).to.deep.equal([{ Name: "cf_runs", CatalogId: MEMBER }]);
    const names = { DatabaseName: "cf_runs" };
    const { TableList } = await testCloud.call<{ TableList: { Name: string }[] }>(
      "glue",
      "GetTables",
      names,
    );
    expect(TableList.map(({ Name }) => Name)).to.deep.equal(["output"]);
    const partitions = { ...names, TableName: "output" };
    expect(await testCloud.call("glue", "GetPartitions", partitions)).to.deep.equal({
      Partitions: [],
    });
  });

  it("asks for leave at the catalog, the database and the table", async () => {
    await database();
    await table();
    const at = (resource: string) => `arn:aws:glue:${REGION}:${MEMBER}:${resource}`;
    const needed = ["catalog", "database/cf_runs", "table/cf_runs/output"].map(at);
    const read = async (Resource: string[]) => {
      const session = await testCloud.worker(["glue:GetTable"], { Resource });
      const input = { DatabaseName: "cf_runs", Name: "output" };
      return refusal(testCloud.call("glue", "GetTable", input, session));
    };
    expect(await read(needed)).to.equal("it was taken");
    for (const missing of needed) {
      testCloud = new TestCloud();
      await database();
      await table();
      expect(await read(needed.filter((permission) => permission !== missing))).to.include(
        `is not authorized to perform: glue:GetTable on resource: ${missing}`,
      );
    }
  });

  it("refuses existing names, missing ones, and names in upper case", async () => {
    expect(await refusal(table())).to.include(
      "EntityNotFoundException: Database cf_runs not found.",
    );
    await database();
    expect(await refusal(database())).to.include(
      "AlreadyExistsException: Database already exists.",
    );
    expect(await refusal(database("Runs"))).to.include('Database name "Runs"');
    await table();
    expect(await refusal(table())).to.include("AlreadyExistsException: Table already exists.");
    const missing = { DatabaseName: "cf_runs", Name: "errors" };
    expect(await refusal(testCloud.call("glue", "GetTable", missing))).to.equal(
      "EntityNotFoundException: Table errors not found.",
    );
  });

  for (const [what, properties, problem] of [
    ["without a type", { "projection.run.type": "" }, 'projection.run.type ""'],
    ["of an unknown type", { "projection.run.type": "list" }, 'projection.run.type "list"'],
    ["of an enum without values", { "projection.run.type": "enum" }, "lists no values"],
    [
      "whose template lacks a partition",
      { "storage.location.template": "s3://bucket/output" },
      "has no placeholder ${run}",
    ],
  ] as const) {
    it(`refuses a projection ${what}`, async () => {
      await database();
      expect(await refusal(projected(properties))).to.include(problem);
    });
  }

  it("does not rehearse projections of dates", async () => {
    await database();
    expect(await refusal(projected({ "projection.run.type": "date" }))).to.include(
      "not rehearsed: partition projection of type date",
    );
  });

  it("loses the tables with their database", async () => {
    const created = await database();
    await table();
    await testCloud.deployer().delete(created);
    await database();
    expect(await testCloud.call("glue", "GetTables", { DatabaseName: "cf_runs" })).to.deep.equal({
      TableList: [],
    });
  });
});
