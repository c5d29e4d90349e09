import { expect } from "chai";
import { namedQuery, readNamedQueries } from "../../queries/named-queries";
import { runQueriesDeployed, QueriedRuns } from "./world";

const ONE = "20260101t000000z-aaaaaa";
const TWO = "20260102t000000z-bbbbbb";
const ASSOCIATION = "0f2c4bd2-0ac1-4f2a-8e0a-4fd0f5a0b7d1";
const A = "111111111111";
const B = "333333333333";
const quoted = (text: string) => `'${text}'`;

describe("The named queries", () => {
  let runs: QueriedRuns;
  before(async () => {
    runs = await runQueriesDeployed([A, B], ["eu-central-1", "eu-west-1"]);
    await runs.output(ONE, A, "i-1", "b\na\n");
    await runs.output(ONE, A, "i-2", "a\r\nb\r\n");
    await runs.output(ONE, B, "i-3", "c\n", { region: "eu-west-1" });
    await runs.output(ONE, B, "i-3", "no such file\n", { region: "eu-west-1", stream: "stderr" });
    await runs.output(TWO, A, "i-1", "a\nd\n");
    await runs.output(TWO, A, "i-2", "a\nb\n");
    await runs.invocation(ONE, A, { instanceId: "i-1" });
    await runs.invocation(ONE, B, { instanceId: "i-3", status: "Failed", responseCode: 2 });
    await runs.invocation(ONE, B, { instanceId: "i-4", outputWritten: false });
  });

  it("give all output of a run", async () => {
    const [header, ...rows] = await runs.query("output-of-run", quoted(ONE));
    expect(header).to.deep.equal(["account", "region", "host", "stream", "line"]);
    expect(rows.map((row) => row.join(" ")).sort()).to.deep.equal([
      `${A} eu-central-1 i-1 stdout a`,
      `${A} eu-central-1 i-1 stdout b`,
      `${A} eu-central-1 i-2 stdout a`,
      `${A} eu-central-1 i-2 stdout b`,
      `${B} eu-west-1 i-3 stderr no such file`,
      `${B} eu-west-1 i-3 stdout c`,
    ]);
  });

  it("give errors alone", async () => {
    expect(await runs.query("errors-of-run", quoted(ONE))).to.deep.equal([
      ["account", "region", "host", "line"],
      [B, "eu-west-1", "i-3", "no such file"],
    ]);
  });

  it("count the hosts by what they answered", async () => {
    expect(await runs.query("same-answers", quoted(ONE))).to.deep.equal([
      ["hosts", "answer_begins", "examples"],
      ["2", "a\nb", `${A}/eu-central-1/i-1, ${A}/eu-central-1/i-2`],
      ["1", "c", `${B}/eu-west-1/i-3`],
    ]);
  });

  it("tell in which lines two runs differ", async () => {
    expect(await runs.query("differences", quoted(ONE), quoted(TWO))).to.deep.equal([
      ["account", "region", "host", "difference", "line"],
      [A, "eu-central-1", "i-1", "gone", "b"],
      [A, "eu-central-1", "i-1", "new", "d"],
      [B, "eu-west-1", "i-3", "gone", "c"],
    ]);
  });

  it("name the hosts that did not answer", async () => {
    const [header, ...rows] = await runs.query("no-answer", quoted(ONE));
    expect(header?.slice(0, 3)).to.deep.equal(["account", "region", "host"]);
    expect(rows.map((row) => [row[2], row[5], row[7], row[8]])).to.deep.equal([
      ["i-3", "Failed", "2", "true"],
      ["i-4", "Success", "0", "false"],
    ]);
  });

  it("take the last answer of each host where a schedule asks again and again", async () => {
    const run = "schedule-facts";
    const asked = (command: string, instanceId: string, askedAt: string, more: object = {}) =>
      runs.invocation(run, A, { instanceId, commandId: command, askedAt, ...more }, command);
    await asked("cmd-1", "i-1", "2026-01-01T09:00:00Z", { status: "Failed" });
    await asked("cmd-2", "i-1", "2026-01-02T09:00:00Z", { startedAt: "2026-01-02T09:00:01Z" });
    await asked("cmd-1", "i-2", "2026-01-01T09:00:00Z", { startedAt: "2026-01-01T09:00:01Z" });
    await asked("cmd-2", "i-2", "2026-01-02T09:00:00Z", { status: "Undeliverable" });
    await runs.output(run, A, "i-1", "old\n", { command: "cmd-1" });
    await runs.output(run, A, "i-1", "new\n", { command: "cmd-2" });
    await runs.output(run, A, "i-2", "old\n", { command: "cmd-1" });
    const [, ...silent] = await runs.query("no-answer", quoted(run));
    expect(silent.map((row) => [row[2], row[5]])).to.deep.equal([["i-2", "Undeliverable"]]);
    expect(await runs.query("latest-output", quoted(run), quoted(run))).to.deep.equal([
      ["account", "region", "host", "line"],
      [A, "eu-central-1", "i-1", "new"],
    ]);
  });

  it("read what an association of State Manager keeps, whose path begins with the host", async () => {
    const run = "schedule-i-held";
    const said = (host: string, execution: string, text: string, stream = "stdout") =>
      runs.held(`${A}/eu-central-1/${run}/${host}/${ASSOCIATION}/${execution}`, text, stream);
    await said("i-1", "first", "a\nb\n");
    await said("i-2", "second", "a\nb\n");
    await said("mi-3", "third", "e\n", "stderr");
    const [, ...all] = await runs.query("output-of-run", quoted(run));
    expect(all.map((row) => row.slice(2).join(" ")).sort()).to.deep.equal([
      "i-1 stdout a",
      "i-1 stdout b",
      "i-2 stdout a",
      "i-2 stdout b",
      "mi-3 stderr e",
    ]);
    const [, ...errors] = await runs.query("errors-of-run", quoted(run));
    expect(errors).to.deep.equal([[A, "eu-central-1", "mi-3", "e"]]);
    const [, ...answers] = await runs.query("same-answers", quoted(run));
    expect(answers).to.deep.equal([["2", "a\nb", `${A}/eu-central-1/i-1, ${A}/eu-central-1/i-2`]]);
    const [, ...changed] = await runs.query("differences", quoted(ONE), quoted(run));
    expect(changed.map((row) => row.slice(2).join(" "))).to.deep.equal(["i-3 gone c"]);
  });

  it("ask for a run: without it, nothing is read", async () => {
    for (const { name, parameters } of readNamedQueries()) {
      const none = parameters.map(() => quoted("20990101t000000z-ffffff"));
      expect(await runs.query(name, ...none), name).to.have.length(1);
    }
  });

  it("are not needed for what an article asks: any query runs as it is written", async () => {
    const sql = `SELECT split("$path",'/')[4] AS prefix, split("$path",'/')[9] AS instance, line FROM all_output WHERE line = 'c'`;
    expect(await runs.sql(sql)).to.deep.equal([
      ["prefix", "instance", "line"],
      ["output", "i-3", "c"],
    ]);
  });
});

describe("A query's file", () => {
  it("begins with what it is for, and says what stands for each question mark", () => {
    const sql = "-- Lines.\n-- ? the run\nSELECT '?', \"?\" FROM output -- why?\nWHERE run = ?\n";
    expect(namedQuery("lines.sql", sql)).to.deep.equal({
      name: "lines",
      description: "Lines.",
      parameters: ["the run"],
      sql,
    });
  });

  it("is refused without", () => {
    expect(() => namedQuery("a.sql", "SELECT 1")).to.throw(
      'queries/a.sql: expected a first line "-- what it is for", got "SELECT 1"',
    );
    expect(() => namedQuery("a.sql", "-- One.\nSELECT ?, ?")).to.throw(
      'queries/a.sql: expected a line "-- ? what it is" for each of 2 question marks, got 0',
    );
  });
});
