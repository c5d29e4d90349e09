import { expect } from "chai";
import { namedQuery, readNamedQueries } from "../../../queries/loader/named-queries.js";
import type { QueriedRuns } from "../queried-runs.js";
import { runQueriesDeployed } from "../queried-runs.js";

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
    expect(await runs.query("errors-of-run", quoted(ONE), quoted(ONE))).to.deep.equal([
      ["account", "region", "host", "line"],
      [B, "eu-west-1", "i-3", "no such file"],
    ]);
  });

  it("count the hosts by what they answered", async () => {
    expect(await runs.query("same-answers", quoted(ONE), quoted(ONE))).to.deep.equal([
      ["hosts", "answer_begins", "examples"],
      ["2", "a\nb", `${A}/eu-central-1/i-1, ${A}/eu-central-1/i-2`],
      ["1", "c", `${B}/eu-west-1/i-3`],
    ]);
  });

  it("return the lines in which two runs differ", async () => {
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

  describe("over a schedule in a window, which asks again and again under one run", () => {
    const RUN = quoted("schedule-disks");
    const invocation = (command: string, day: number, instanceId: string, more: object = {}) => {
      const record = { instanceId, commandId: command, askedAt: `2026-01-0${day}T09:00:00Z` };
      return runs.invocation("schedule-disks", A, { ...record, ...more }, command);
    };
    const wrote = (command: string, instance: string, text: string, stream = "stdout") =>
      runs.output("schedule-disks", A, instance, text, { command, stream });
    before(async () => {
      await invocation("cmd-z", 1, "i-1", { status: "Failed" });
      await invocation("cmd-z", 1, "i-2");
      await invocation("cmd-z", 1, "i-3", { status: "Failed" });
      await invocation("cmd-z", 1, "i-4");
      await wrote("cmd-z", "i-1", "old\n");
      await wrote("cmd-z", "i-1", "old error\n", "stderr");
      await wrote("cmd-z", "i-2", "old\n");
      await wrote("cmd-z", "i-3", "of a host that is gone\n");
      await wrote("cmd-z", "i-4", "of a host that has nothing to say any more\n");
      await runs.dayLater();
      await invocation("cmd-a", 2, "i-1");
      await invocation("cmd-a", 2, "i-2", { status: "Undeliverable" });
      await invocation("cmd-a", 2, "i-4");
      await wrote("cmd-a", "i-1", "new\n");
      await wrote("cmd-a", "i-1", "new error\n", "stderr");
    });

    it("take the last command's lines alone", async () => {
      expect(await runs.query("latest-output", RUN, RUN)).to.deep.equal([
        ["account", "region", "host", "stream", "line"],
        [A, "eu-central-1", "i-1", "stderr", "new error"],
        [A, "eu-central-1", "i-1", "stdout", "new"],
      ]);
      expect(await runs.query("errors-of-run", RUN, RUN)).to.deep.equal([
        ["account", "region", "host", "line"],
        [A, "eu-central-1", "i-1", "new error"],
      ]);
      const [, ...answers] = await runs.query("same-answers", RUN, RUN);
      expect(answers).to.deep.equal([["1", "new", `${A}/eu-central-1/i-1`]]);
    });

    it("forget what failed before, and hosts that are gone", async () => {
      const [, ...silent] = await runs.query("no-answer", RUN);
      expect(silent.map((row) => [row[2], row[5]])).to.deep.equal([["i-2", "Undeliverable"]]);
    });

    it("have all of it where everything is asked for", async () => {
      const [, ...rows] = await runs.query("output-of-run", RUN);
      expect(
        rows.filter((row) => row[2] === "i-1").map((row) => row.slice(3)),
      ).to.have.deep.members([
        ["stderr", "old error"],
        ["stderr", "new error"],
        ["stdout", "old"],
        ["stdout", "new"],
      ]);
    });
  });

  it("count each command of a run of a person, as a retry has several", async () => {
    const retry = "20260103t000000z-cccccc";
    await runs.output(retry, A, "i-1", "a\n", { command: "cmd-1" });
    await runs.invocation(retry, A, { instanceId: "i-1", commandId: "cmd-1", askedAt: "1" });
    await runs.dayLater();
    await runs.output(retry, A, "i-2", "a\n", { command: "cmd-2" });
    const more = { commandId: "cmd-2", askedAt: "2", status: "Failed" };
    await runs.invocation(retry, A, { ...more, instanceId: "i-2" });
    await runs.invocation(retry, A, { ...more, instanceId: "i-3", commandId: "cmd-1" });
    const [, ...answers] = await runs.query("same-answers", quoted(retry), quoted(retry));
    expect(answers.map(([hosts]) => hosts)).to.deep.equal(["2"]);
    const [, ...silent] = await runs.query("no-answer", quoted(retry));
    expect(silent.map((row) => row[2])).to.deep.equal(["i-2", "i-3"]);
  });

  describe("over an association, whose path has the host first", () => {
    const RUN = quoted("schedule-facts");
    const wrote = (host: string, execution: string, text: string, stream = "stdout") => {
      const folder = `${A}/eu-central-1/schedule-facts/${host}/${ASSOCIATION}/${execution}`;
      return runs.store(folder, text, stream);
    };
    before(async () => {
      await wrote("i-0aa", "execution-z", "old\n");
      await wrote("mi-0bb", "execution-z", "same\n");
      await wrote("mi-0bb", "execution-z", "a warning\n", "stderr");
      await runs.dayLater();
      await wrote("i-0aa", "execution-a", "same\n");
    });

    it("find host and stream, and each host's last execution", async () => {
      expect(await runs.query("latest-output", RUN, RUN)).to.deep.equal([
        ["account", "region", "host", "stream", "line"],
        [A, "eu-central-1", "i-0aa", "stdout", "same"],
        [A, "eu-central-1", "mi-0bb", "stderr", "a warning"],
        [A, "eu-central-1", "mi-0bb", "stdout", "same"],
      ]);
      const [, ...answers] = await runs.query("same-answers", RUN, RUN);
      const both = `${A}/eu-central-1/i-0aa, ${A}/eu-central-1/mi-0bb`;
      expect(answers).to.deep.equal([["2", "same", both]]);
      const [, ...errors] = await runs.query("errors-of-run", RUN, RUN);
      expect(errors).to.deep.equal([[A, "eu-central-1", "mi-0bb", "a warning"]]);
      const [, ...all] = await runs.query("output-of-run", RUN);
      expect(all.map((row) => row.slice(2).join(" ")).sort()).to.deep.equal([
        "i-0aa stdout old",
        "i-0aa stdout same",
        "mi-0bb stderr a warning",
        "mi-0bb stdout same",
      ]);
    });

    it("return the lines in which it differs from another run", async () => {
      await runs.output("20260104t000000z-dddddd", A, "i-0aa", "same\nmore\n");
      const [, ...rows] = await runs.query("differences", RUN, quoted("20260104t000000z-dddddd"));
      expect(rows.map((row) => row.slice(2).join(" "))).to.deep.equal([
        "i-0aa new more",
        "mi-0bb gone same",
      ]);
    });

    it("say that nobody records who did not answer", async () => {
      const [, ...rows] = await runs.query("no-answer", RUN);
      expect(rows).to.have.length(1);
      expect(rows[0]?.[5]).to.equal("NoRecord");
      expect(rows[0]?.[6]).to.include("an association");
    });
  });

  it("read what an association of State Manager keeps, whose path begins with the host", async () => {
    const run = "schedule-i-held";
    const output = (host: string, execution: string, text: string, stream = "stdout") =>
      runs.store(`${A}/eu-central-1/${run}/${host}/${ASSOCIATION}/${execution}`, text, stream);
    await output("i-1", "first", "a\nb\n");
    await output("i-2", "second", "a\nb\n");
    await output("i-2", "again", "a\nb\n");
    await output("mi-3", "third", "e\n", "stderr");
    const [, ...all] = await runs.query("output-of-run", quoted(run));
    expect(all.map((row) => row.slice(2).join(" ")).sort()).to.deep.equal([
      "i-1 stdout a",
      "i-1 stdout b",
      ...["i-2 stdout a", "i-2 stdout a"],
      ...["i-2 stdout b", "i-2 stdout b"],
      "mi-3 stderr e",
    ]);
    const [, ...errors] = await runs.query("errors-of-run", quoted(run), quoted(run));
    expect(errors).to.deep.equal([[A, "eu-central-1", "mi-3", "e"]]);
    const [, ...answers] = await runs.query("same-answers", quoted(run), quoted(run));
    expect(answers).to.deep.equal([["2", "a\nb", `${A}/eu-central-1/i-1, ${A}/eu-central-1/i-2`]]);
    const [, ...changed] = await runs.query("differences", quoted(ONE), quoted(run));
    expect(changed.map((row) => row.slice(2).join(" "))).to.deep.equal(["i-3 gone c"]);
  });

  it("ask for a run: without it, nothing is read", async () => {
    for (const { name, parameters } of readNamedQueries()) {
      const none = parameters.map(() => quoted("20990101t000000z-ffffff"));
      const [, ...rows] = await runs.query(name, ...none);
      expect(rows, name).to.have.length(name === "no-answer" ? 1 : 0);
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
  it("is whole, so what queries find the last answers by is the same in each", () => {
    const beginnings = readNamedQueries().flatMap(
      ({ sql }) => / {2}pieces AS \([^]*? {2}asked AS \([^]*?\n {2}\)/.exec(sql)?.[0] ?? [],
    );
    expect(beginnings).to.have.lengthOf(3);
    expect(new Set(beginnings)).to.have.lengthOf(1);
  });

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
