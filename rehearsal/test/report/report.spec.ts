import { expect } from "chai";
import { join, resolve } from "node:path";
import { median } from "../../report/figures.js";
import { rehearse } from "../../rehearse.js";
import type { Report, ScenarioReport } from "../../report/schema.js";
import { terminalReport } from "../../report/terminal.js";
import { oneHostStacks } from "../../../test/support/one-host.js";

const PROJECT = resolve(__dirname, "..", "..", "..");
const SCENARIOS = ["private-network", "failing-install", "missing-pass-role", "terminated-midway"];

describe("the report", function () {
  this.timeout(240_000);
  const stackConfig = oneHostStacks();
  let report: Report;
  before(async () => {
    const scenarios = SCENARIOS.map((name) => join(PROJECT, "scenarios", `${name}.yaml`));
    report = await rehearse({ project: PROJECT, stackConfig: stackConfig(), scenarios });
  });
  const scenario = (name: string): ScenarioReport => {
    const found = report.scenarios.find(({ file }) => file === `scenarios/${name}.yaml`);
    if (found === undefined) throw new Error(`no scenario ${name}`);
    return found;
  };
  const only = (name: string) => {
    const [host] = scenario(name).hosts;
    if (host === undefined) throw new Error(`no host in ${name}`);
    return host;
  };

  it("reports how long a host took from running to ready, and what that cost", () => {
    const { running = 0, ready = 0, runs, price } = only("private-network");
    // A launch may raise more than one event; one of the runs has done the work.
    const run = runs.find(({ steps }) => steps.some(({ name }) => name === "record"));
    if (run === undefined) throw new Error("there is no run");
    expect(running).to.equal(15);
    expect(running + ready).to.be.closeTo(run.start + run.seconds, 1e-9);
    const scripts = run.steps.filter(({ action }) => action === "aws:executeScript");
    expect(run.billedSteps).to.equal(run.steps.length - scripts.length);
    const begun = scripts.map(({ seconds }) => Math.ceil(seconds));
    expect(run.scriptSeconds).to.equal(begun.reduce((sum, seconds) => sum + seconds, 0));
    const total = (field: "billedSteps" | "scriptSeconds") =>
      runs.reduce((sum, run) => sum + run[field], 0);
    const [billedSteps, scriptSeconds] = [total("billedSteps"), total("scriptSeconds")];
    expect(price).to.be.closeTo(billedSteps * 0.002 + scriptSeconds * 0.00003, 1e-4);
    expect(scenario("private-network").totals).to.deep.equal({
      hosts: 1,
      ready: 1,
      failed: 0,
      medianReady: ready,
      longestReady: ready,
      runs: runs.length,
      billedSteps,
      scriptSeconds,
      price,
      // The run that found another one at work is paid for, too.
      pricePerReady: price,
      otherRuns: 0,
      otherPrice: 0,
    });
  });

  it("reports which of a launch's two runs bootstraps, in the timeline and at the step", () => {
    const [first, second] = only("private-network").runs;
    const text = `another run is at it: ${first?.executionId ?? ""}`;
    expect(second?.steps[0]?.printed?.split("\n")[0]).to.equal(text);
    const { timeline } = scenario("private-network");
    expect(timeline.filter((entry) => entry.text.endsWith(text))).to.have.lengthOf(1);
  });

  it("counts a host that failed, and one whose start is lost, as failed and not as ready", () => {
    for (const name of ["failing-install", "missing-pass-role"]) {
      const { hosts, ready, failed } = scenario(name).totals;
      expect({ hosts, ready, failed }).to.deep.equal({ hosts: 1, ready: 0, failed: 1 });
      expect(only(name)).not.to.have.property("ready");
    }
  });

  it("does not count a host as ready that was terminated while its run succeeded", () => {
    const { hosts, ready } = scenario("terminated-midway").totals;
    expect({ hosts, ready }).to.deep.equal({ hosts: 1, ready: 0 });
    const { runs, ...host } = only("terminated-midway");
    expect(runs.map(({ status }) => status)).to.deep.equal(["Success", "Success"]);
    expect(host).not.to.have.property("ready");
  });

  it("has the host's commands with the end of what they wrote", () => {
    const [command] = only("failing-install").commands;
    expect(command).to.include({ document: "AWS-ConfigureAWSPackage", status: "Failed" });
    expect(command?.steps.map(({ action, exitCode }) => [action, exitCode])).to.deep.equal([
      ["aws:configurePackage", 1],
    ]);
    expect(command?.steps[0]?.output).to.include("install errors: cp: cannot copy");
  });

  it("reports for which host a call was denied, and has the dead letter", () => {
    const { calls, deadLetters } = scenario("missing-pass-role");
    const { instanceId } = only("missing-pass-role");
    // Two events, the tags' and the start's.
    expect(calls.denied.map((call) => [call.action, call.instanceId])).to.deep.equal([
      ["iam:PassRole", instanceId],
      ["iam:PassRole", instanceId],
    ]);
    expect(deadLetters.map((letter) => [letter.code, letter.instanceId])).to.deep.equal([
      ["NO_PERMISSIONS", instanceId],
      ["NO_PERMISSIONS", instanceId],
    ]);
    expect(only("missing-pass-role").calls).to.deep.include({
      call: "ssm:StartAutomationExecution",
      outcome: "denied",
      times: 2,
    });
  });

  it("has the messages of topics and queues about a failed run, and its host", () => {
    const { instanceId } = only("failing-install");
    const { messages } = scenario("failing-install");
    expect(
      messages.map((message) => [message.place.split(" ")[0], message.instanceId]),
    ).to.deep.equal([
      ["queue", instanceId],
      ["topic", instanceId],
    ]);
    for (const { text } of messages) expect(text).to.include('"Status":"Failed"');
  });

  it("counts every call by the role that made it", () => {
    for (const { calls } of report.scenarios) {
      const count = (outcome: string) =>
        calls.byPrincipal
          .filter((counted) => counted.outcome === outcome)
          .reduce((sum, { times }) => sum + times, 0);
      expect([count("allowed"), count("denied")]).to.deep.equal([
        calls.allowed,
        calls.denied.length,
      ]);
      expect(calls.byPrincipal.map(({ principal }) => principal).join(" ")).to.not.include("/");
    }
  });

  it("shows the figures at the terminal", () => {
    const text = terminalReport(report, false);
    const { ready = 0, price } = only("private-network");
    const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
    const time = `+${two(ready / 60)}:${two(ready % 60)}`;
    expect(text).to.include(
      `1 of 1 hosts ready, ${time} after running (median), ${time} (longest)`,
    );
    expect(text).to.include("0 of 1 hosts ready\n");
    expect(text).to.match(/\$0\.\d{4} for \d+ steps and .* of 2 runs; only Automation is priced\n/);
    expect(text).to.include(`$${price.toFixed(4)} for a host that is ready, all of its runs\n`);
    expect(Math.max(...text.split("\n").map((line) => line.length))).to.be.at.most(100);
  });
});

describe("the median", () => {
  const cases: [numbers: number[], median: number | undefined][] = [
    [[], undefined],
    [[3], 3],
    [[10, 2], 6],
    [[9, 1, 5], 5],
  ];
  for (const [numbers, middle] of cases) {
    it(`of ${JSON.stringify(numbers)} is ${middle ?? "none"}`, () => {
      expect(median(numbers)).to.equal(middle);
    });
  }
});
