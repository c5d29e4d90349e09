import { expect } from "chai";
import { Double } from "./double.js";
import type { DoubleSetup } from "./double-setup.js";

const web = { tags: { Role: "web" } };
const HOME = "eu-central-1";
const A = "222222222222";
const B = "333333333333";
const uptime = ["--command", "uptime", "--target", "tag:Role=web", "--yes"];
const three: DoubleSetup["accounts"] = {
  [A]: {
    [HOME]: [
      { id: "i-a1", ...web },
      { id: "i-a2", ...web },
    ],
  },
  [B]: { [HOME]: [{ id: "i-b1", ...web }] },
};
const lines = (text: string) => text.trimEnd().split("\n");
const runIn = (text: string) => /\d{8}t\d{6}z-[0-9a-f]{6}/.exec(text)?.[0] ?? "";
const failing = { status: "Failed", statusDetails: "Failed", responseCode: 3 };
const rows = () => [
  ["hosts", "answer_begins", "examples"],
  ["3", "up 3 days", "…"],
];

describe("the output of fleet run", function () {
  this.timeout(60_000);

  it("prints one document with --json", async () => {
    const aws = new Double({ accounts: three, rows, answers: { "i-b1": failing } });
    const { code, out } = await aws.fleet([...uptime, "--json"]);
    const result = JSON.parse(out) as {
      locations: {
        account: string;
        status: string;
        hosts: { instanceId: string; status: string }[];
      }[];
      answers: { hosts: number }[];
      exitCode: number;
    };
    expect([code, result.exitCode, result.answers.map(({ hosts }) => hosts)]).to.deep.equal([
      2,
      2,
      [3],
    ]);
    expect(
      result.locations.map(({ account, status, hosts }) => [account, status, hosts.length]),
    ).to.deep.equal([
      [A, "done", 2],
      [B, "failed", 1],
    ]);
    expect(Object.keys(result)).to.deep.equal([
      "run",
      "automations",
      "plan",
      "isOver",
      "exitCode",
      "locations",
      "answers",
    ]);
  });

  it("reports the state of the hosts even if Athena returns no answers", async () => {
    const aws = new Double({ accounts: three, rows: () => "Query exhausted the limit of bytes" });
    const { code, out, errors } = await aws.fleet(uptime);
    expect([code, lines(out).at(-1), lines(errors).at(-1)]).to.deep.equal([
      2,
      `Run ${runIn(out)} is over: 3 of 3 hosts well.`,
      "the answers cannot be read: QueryFailed: failed: Query exhausted the limit of bytes",
    ]);
  });

  it("has an automation for each bucket, and reads what the hosts of a Region answered in its own", async () => {
    const aws = new Double({
      regions: [HOME, "eu-west-1"],
      accounts: {
        [A]: { [HOME]: [{ id: "i-a1", ...web }], "eu-west-1": [{ id: "i-w1", ...web }] },
      },
      outputs: { buckets: { [HOME]: "central", "eu-west-1": "own" } },
    });
    const { code, out } = await aws.fleet([...uptime, "--regions", "all"]);
    expect([code, lines(out).at(-1)]).to.deep.equal([
      0,
      `Run ${runIn(out)} is over: 2 of 2 hosts well.`,
    ]);
    const started = aws.started.map(({ parameters, targetLocations }) => [
      parameters["OutputBucket"]?.[0],
      targetLocations.map(({ Regions }) => Regions.join()),
    ]);
    expect(started).to.deep.equal([
      ["central", [HOME]],
      ["own", ["eu-west-1"]],
    ]);
  });
});
