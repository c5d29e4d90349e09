import { expect } from "chai";
import { checkRun } from "../../../scenario/check/runs.js";
import { expectedRun, givenRun } from "../../../scenario/schema/run-schema.js";
import { startRun } from "../../../scenario/play/runs.js";
import type { Environment } from "../../../scenario/setup/environment.js";
import { TestCloud, REGION } from "../../support/test-cloud.js";
import { refusal } from "../../cloud/refusal.js";

const runs = {
  accounts: ["333333333333"],
  runbook: "cf-run-script",
  runbookArns: {},
  buckets: { [REGION]: "outputs" },
  keyArns: [],
  database: "cf_runs",
  workgroup: "cf-runs",
  administrationRoleArn: "arn",
  executionRoleName: "role",
  readerRoleName: "reader",
  scripts: { ports: {} },
};

async function stageWith(objects: Readonly<Record<string, string>> = {}): Promise<Environment> {
  const testCloud = new TestCloud();
  await testCloud.create("aws:s3/bucket:Bucket", "outputs", { bucket: "outputs" });
  for (const [Key, Body] of Object.entries(objects)) {
    await testCloud.call("s3", "PutObject", { Bucket: "outputs", Key, Body });
  }
  const place = { account: "222222222222", partition: "aws", regions: [REGION] };
  const outputs = { ...place, prefix: "cf", runs };
  const stacks = [{ name: "log", account: "222222222222", resources: [], outputs }];
  return { cloud: testCloud.cloud, stacks, regionNamed: String };
}

const givenWith = (values: object) => givenRun.parse({ id: "one", ...values });

describe("a run of a scenario", () => {
  it("is of the library or a script of its own, and never both", () => {
    for (const values of [{}, { script: "ports", linux: "ss" }, { id: "One", linux: "ss" }]) {
      expect(givenRun.safeParse({ id: "one", ...values }).success).to.equal(false);
    }
    expect(givenWith({ linux: "ss", windows: "x" }).maxErrors).to.equal("0");
  });

  it("calls it a mistake to name a script that there is not, or to write one that AWS would change", async () => {
    const environment = await stageWith();
    expect(await refusal(startRun(environment, givenWith({ script: "port" })))).to.equal(
      'run.script: the library has no "port"; it has ports; did you mean "ports"?',
    );
    expect(await refusal(startRun(environment, givenWith({ linux: "echo {{ x }}" })))).to.match(
      /^run\.linux:1: expected no \{\{ x \}\}, which/,
    );
    const none = { ...environment, stacks: [] };
    expect(await refusal(startRun(none, givenWith({ linux: "ss" })))).to.equal(
      "no stack runs scripts in accounts: set fleet:runAccounts of the log stack",
    );
  });

  it("calls it a mistake to name a Region or a resource group that there is not", async () => {
    const environment = await stageWith();
    environment.cloud.resourceGroups.addGroup("333333333333", REGION, "web-servers", "Role");
    const run = { linux: "ss", regions: ["eu-centrl-1"], group: "web-server" };
    expect(await refusal(startRun(environment, givenWith(run)))).to.equal(
      [
        `run.regions: expected Regions of the log stack (${REGION}), got "eu-centrl-1"; did you mean "${REGION}"?`,
        'run.group: expected a resource group that a stack makes or a schedule names (web-servers), got "web-server"; did you mean "web-servers"?',
      ].join("\n"),
    );
  });

  it("has the parameters that its script takes, as fleet run checks them", async () => {
    const linux = "# Says it.\n# @parameter Word pattern=[a-z]+ What to say.\necho $SSM_Word\n";
    const environment = await stageWith();
    const parameters = { Wort: "a", executionTimeout: "long" };
    expect(await refusal(startRun(environment, givenWith({ linux, parameters })))).to.equal(
      [
        'run.parameters.Wort: expected a parameter of the script (Word, executionTimeout), got "Wort"; did you mean "Word"?',
        "run.parameters.Word: expected a value, got none; the script has no default for it",
        'run.parameters.executionTimeout: expected a number of seconds from 1 to 172800, got "long"',
      ].join("\n"),
    );
    const words = givenWith({ linux, parameters: { Word: "A1" } });
    expect(await refusal(startRun(environment, words))).to.equal(
      'run.parameters.Word: expected a text like [a-z]+, got "A1"',
    );
  });

  it("is held against what is in the buckets", async () => {
    const answer = { instanceId: "i-1", commandId: "c", statusDetails: "Failed", responseCode: 3 };
    const environment = await stageWith({
      "invocations/333333333333/r/one/e.jsonl": `${JSON.stringify(answer)}\n`,
      "invocations/333333333333/r/two/e.jsonl": "of another run",
    });
    const wanted = expectedRun.parse({
      ends: ["Success"],
      recorded: 2,
      failure: "lost",
      hosts: { web: { status: "Success" } },
    });
    expect(checkRun(environment, "one", wanted)).to.deep.equal([
      {
        expectation: 'run one: its ends in accounts and Regions is ["Success"]',
        holds: false,
        found: "[]",
      },
      { expectation: "run one: hosts recorded is 2", holds: false, found: "1" },
      { expectation: 'run one: a failure has "lost"', holds: false, found: "none" },
      { expectation: "run one: web is recorded", holds: false, found: "others are" },
    ]);
    const [count] = checkRun(environment, "one", expectedRun.parse({ recorded: 1 }));
    expect(count).to.deep.equal({ expectation: "run one: hosts recorded is 1", holds: true });
  });

  it("is held against what the automation in the log account says of its locations", async () => {
    const environment = await stageWith();
    const at = (account: string, status: string) => ({
      status,
      reason: `${account} ${status}`,
      location: { Accounts: [account], Regions: ["r"] },
    });
    const parent = {
      parameters: { RunId: ["one"] },
      multiTarget: {},
      status: "Success",
      steps: [at("222222222222", "Success"), at("333333333333", "Failed")],
    };
    environment.cloud.ssm.automations.executions.in("222222222222", "r").set("p", parent as never);
    const check = (values: object) => checkRun(environment, "one", expectedRun.parse(values));
    expect(
      check({
        status: "Success",
        locations: { Failed: 1, Success: 1 },
        stacks: { log: "Success" },
        failure: "333333333333 Failed",
      }).map(({ holds }) => holds),
    ).to.deep.equal([true, true, true, true]);
    expect(
      check({ status: "Failed", locations: { Success: 2 }, stacks: { log: "Failed" } }),
    ).to.deep.equal([
      { expectation: 'run one: its status is ["Failed"]', holds: false, found: '["Success"]' },
      {
        expectation: 'run one: its accounts and Regions is [["Success",2]]',
        holds: false,
        found: '[["Failed",1],["Success",1]]',
      },
      { expectation: 'run one: log: its ends is ["Failed"]', holds: false, found: '["Success"]' },
    ]);
  });
});
