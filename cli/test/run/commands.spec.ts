import { expect } from "chai";
import { Double } from "./double.js";
import type { DoubleAnswer, DoubleHost, DoubleSetup } from "./double-setup.js";

const web = { tags: { Role: "web" } };
const host = (id: string): DoubleHost => ({ id, ...web });
const HOME = "eu-central-1";
const A = "222222222222";
const B = "333333333333";
const uptime = ["--command", "uptime", "--target", "tag:Role=web", "--yes"];
const failing: DoubleAnswer = { status: "Failed", statusDetails: "Failed", responseCode: 3 };
const lines = (text: string) => text.trimEnd().split("\n");
const runIn = (text: string) => /\d{8}t\d{6}z-[0-9a-f]{6}/.exec(text)?.[0] ?? "";
/** Failed in the first run, well in a retry. */
const onceBad = (run: string): DoubleAnswer => (run.includes("-r") ? {} : failing);

describe("fleet run retry", function () {
  this.timeout(60_000);
  const sixty = Array.from({ length: 60 }, (_, index) => host(`i-a${index}`));
  const accounts: DoubleSetup["accounts"] = {
    [A]: { [HOME]: [...sixty, host("i-well")] },
    [B]: { [HOME]: [host("i-b1")] },
  };
  const answers = Object.fromEntries(sixty.map(({ id }) => [id, onceBad]));

  it("runs the same again on the hosts that failed, 50 ids an automation, under a name of the run's", async () => {
    const aws = new Double({ accounts, answers });
    const first = await aws.fleet(uptime);
    const run = runIn(first.out);
    expect(first.code).to.equal(2);
    const { code, out, errors } = await aws.fleet(["retry", run, "--failed", "--yes"]);
    expect([code, lines(errors)[0], lines(out).at(-1)]).to.deep.equal([
      0,
      `Run ${run}-r1: 2 automations started`,
      `Run ${run}-r1 is over: 60 of 60 hosts well.`,
    ]);
    const [original, ...again] = aws.started;
    const same = (name: string) => again.map(({ parameters }) => parameters[name]?.join());
    for (const name of ["Document", "Parameters", "OutputBucket", "MaxErrors"]) {
      expect(same(name)).to.deep.equal(again.map(() => original?.parameters[name]?.join()));
    }
    expect(
      again.map(({ parameters }) => [
        parameters["TargetKey"]?.[0],
        parameters["TargetValues"]?.length,
      ]),
    ).to.deep.equal([
      ["InstanceIds", 50],
      ["InstanceIds", 10],
    ]);
    expect(
      again.map(({ targetLocations }) => targetLocations.map(({ Accounts }) => Accounts)),
    ).to.deep.equal([[[A]], [[A]]]);
  });

  it("tries whole accounts again that have recorded nothing", async () => {
    const aws = new Double({ accounts, refusing: [B] });
    const run = runIn((await aws.fleet(uptime)).out);
    await aws.fleet(["retry", run, "--failed", "--yes", "--detach"]);
    const [, again] = aws.started;
    expect([
      again?.parameters["TargetKey"],
      again?.targetLocations.map(({ Accounts }) => Accounts),
    ]).to.deep.equal([["tag:Role"], [[B]]]);
  });

  it("does nothing where all are well, and asks before it touches more than one host", async () => {
    const well = new Double({ accounts });
    const run = runIn((await well.fleet(uptime)).out);
    const retry = await well.fleet(["retry", run, "--failed"]);
    expect([retry.code, retry.out]).to.deep.equal([0, `Run ${run}: all its hosts are well.\n`]);
    const bad = new Double({ accounts, answers });
    const second = runIn((await bad.fleet(uptime)).out);
    const refused = await bad.fleet(["retry", second, "--failed"]);
    expect([refused.code, bad.started.length]).to.deep.equal([1, 1]);
    expect(refused.errors).to.match(/^It runs on 60 hosts in 1 account: nobody is there to ask/);
  });
});

describe("fleet run list, status and stop", function () {
  this.timeout(60_000);
  const accounts: DoubleSetup["accounts"] = { [A]: { [HOME]: [host("i-a1")] } };

  it("show runs that another caller has started, and stop them", async () => {
    const aws = new Double({ accounts });
    const first = runIn((await aws.fleet([...uptime, "--detach"])).out);
    const second = runIn((await aws.fleet([...uptime, "--detach"])).out);
    const listed = await aws.fleet(["list"]);
    expect(
      lines(listed.out).map((line) =>
        line.replace(/cf-run-[0-9a-f]{12}/, "DOCUMENT").replace(/ +/g, " "),
      ),
    ).to.deep.equal([
      "RUN DOCUMENT TARGET PLACES STATUS BY",
      `${second} DOCUMENT tag:Role=web 1 running ann`,
      `${first} DOCUMENT tag:Role=web 1 running ann`,
    ]);
    const going = new Double({ accounts });
    const run = runIn((await going.fleet([...uptime, "--detach"])).out);
    const stopped = await going.fleet(["stop", run]);
    expect([
      stopped.code,
      stopped.out,
      going.started.map((execution) => execution.stopped),
    ]).to.deep.equal([
      0,
      `Run ${run} is being stopped: hosts that run the script may finish it, no others begin.\n`,
      [true],
    ]);
    const over = await going.fleet(["stop", run]);
    expect(over.out).to.equal(`Run ${run} is over already.\n`);
    const status = await going.fleet(["status", run]);
    expect([status.code, lines(status.out).at(-1)]).to.deep.equal([
      0,
      `Run ${run} is over: 1 of 1 host well.`,
    ]);
  });

  it("show targets as they were said, the library's names, and ids in one piece", async () => {
    const key = "Role".repeat(30);
    const tags = { "cf.ec2.bootstrap.enabled": "true", [key]: "web" };
    const aws = new Double({
      accounts: { [A]: { [HOME]: [{ id: "i-a1", tags }] } },
      shares: { "cf-run-script": [A], "cf-script-ports": [A] },
    });
    await aws.fleet(["--document", "ports", "--target", "all", "--detach"]);
    const long = ["--command", "uptime", "--target", `tag:${key}=web`, "--detach"];
    const run = runIn((await aws.fleet(long)).out);
    const rows = lines((await aws.fleet(["list"])).out).map((line) => line.split(/ +/));
    expect(rows.map(([id]) => id).filter(Boolean)).to.deep.equal(["RUN", run, rows.at(-1)?.[0]]);
    expect(rows.at(-1)?.slice(1)).to.deep.equal(["ports", "all", "1", "running", "ann"]);
  });

  it("say so where AWS knows no such run", async () => {
    const aws = new Double({ accounts });
    const unknown = await aws.fleet(["status", "20200101t000000z-abcdef"]);
    expect([unknown.code, unknown.errors]).to.deep.equal([
      1,
      "there is no run 20200101t000000z-abcdef; npx fleet run list shows the runs that AWS remembers, which is those of the last 30 days\n",
    ]);
    const wrong = await aws.fleet(["stop", "No Run"]);
    expect([wrong.code, wrong.errors]).to.deep.equal([
      1,
      'expected the id of a run, such as 20261122t153000z-3fa9c1, got "No Run"\n',
    ]);
  });
});

describe("fleet run results", function () {
  this.timeout(60_000);
  const accounts: DoubleSetup["accounts"] = { [A]: { [HOME]: [host("i-a1")] } };
  const run = "20261122t153000z-3fa9c1";

  it("asks Athena for lines, groups, differences or rows of one's own SQL", async () => {
    const questions: string[] = [];
    const rows = (sql: string, values: readonly string[]) => {
      questions.push([/^--.*/.exec(sql)?.[0] ?? sql, ...values].join(" "));
      return [
        ["host", "line"],
        ["i-a1", "up 3 days"],
      ];
    };
    const aws = new Double({ accounts, rows });
    aws.file("own.sql", "SELECT '?' FROM output WHERE run = ? OR run = ? -- really?");
    const { out } = await aws.fleet(["results", run]);
    expect(lines(out)).to.deep.equal(["HOST  LINE", "i-a1  up 3 days"]);
    await aws.fleet(["results", run, "--stderr"]);
    await aws.fleet(["results", run, "--group"]);
    const earlier = "20261121t153000z-3fa9c1";
    await aws.fleet(["results", run, "--diff", earlier]);
    const own = await aws.fleet(["results", run, "--query", "own.sql", "--json"]);
    expect(JSON.parse(own.out)).to.deep.equal({ run, rows: [{ host: "i-a1", line: "up 3 days" }] });
    expect(questions).to.deep.equal([
      `-- Everything that the hosts of a run printed, line by line. '${run}'`,
      `-- What the hosts of a run printed as errors. '${run}' '${run}'`,
      `-- Hosts by what they answered: how many gave each answer, and five of them. '${run}' '${run}'`,
      `-- What hosts print now and did not before, and the other way round: the lines in which two runs differ. '${earlier}' '${run}'`,
      `SELECT '?' FROM output WHERE run = ? OR run = ? -- really? '${run}' '${run}'`,
    ]);
  });

  it("reports why Athena returns none, and what is wrong with the options", async () => {
    const aws = new Double({ accounts, rows: () => "Bytes scanned limit was exceeded" });
    const over = await aws.fleet(["results", run]);
    expect([over.code, over.errors]).to.deep.equal([
      1,
      "Athena's query failed: Bytes scanned limit was exceeded\n",
    ]);
    const both = await aws.fleet(["results", run, "--group", "--diff", run]);
    expect([both.code, both.errors]).to.deep.equal([1, "expected one of --group and --diff\n"]);
    const none = await aws.fleet(["results", run, "--query", "none.sql"]);
    expect([none.code, none.errors.slice(0, 62)]).to.deep.equal([
      1,
      "--query: expected a file that can be read, got none.sql: ENOEN",
    ]);
  });
});

describe("fleet run prune", function () {
  this.timeout(60_000);

  it("unshares and deletes documents that runs have made, after it has asked", async () => {
    const aws = new Double({ accounts: { [A]: { [HOME]: [host("i-a1")] } } });
    await aws.fleet([...uptime, "--detach"]);
    const refused = await aws.fleet(["prune"]);
    expect([refused.code, refused.errors, aws.createdDocuments.size]).to.deep.equal([
      1,
      "1 document of scripts will be deleted: nobody is there to ask; --yes deletes them\n",
      1,
    ]);
    const { code } = await aws.fleet(["prune", "--yes"]);
    expect([code, aws.createdDocuments.size]).to.deep.equal([0, 0]);
    const calls = aws.calls.filter((call) => /Modify|Delete/.test(call));
    expect(calls).to.deep.equal([
      "ssm:ModifyDocumentPermission",
      "ssm:ModifyDocumentPermission",
      "ssm:DeleteDocument",
    ]);
    expect((await aws.fleet(["prune", "--yes"])).out).to.equal("there is nothing to prune\n");
  });
});
