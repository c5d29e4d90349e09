import { expect } from "chai";
import { rehearse } from "../../rehearsal/rehearse.js";
import { terminalReport } from "../../rehearsal/report/terminal.js";
import { PROJECT, scenarioFile, SCENARIOS } from "../support/scenarios.js";

describe("a launch storm", function () {
  this.timeout(600_000);

  it("of a thousand hosts ends with every host ready", async () => {
    const scenarios = [scenarioFile("storm-1000.yaml")];
    const report = await rehearse({ project: PROJECT, scenarios });
    expect(report.outcome, terminalReport(report, false).slice(-5_000)).to.equal("passed");
  });
});

describe("a run over a hundred accounts", function () {
  this.timeout(600_000);

  it("reaches two thousand hosts, each account by a deployment of its own", async () => {
    const scenarios = [scenarioFile("run-many-accounts.yaml")];
    const report = await rehearse({ project: PROJECT, scenarios });
    expect(report.outcome, terminalReport(report, false).slice(-5_000)).to.equal("passed");
    expect(report.stacks).to.have.length(102);
  });
});

describe("a rehearsal", function () {
  this.timeout(180_000);

  it("gives the same report every time, byte for byte", async () => {
    const files = ["second-start.yaml", "missing-pass-role.yaml"].map(scenarioFile);
    const report = async () =>
      JSON.stringify(await rehearse({ project: PROJECT, scenarios: files }));
    expect(await report()).to.equal(await report());
  });
});

for (const partition of ["aws", "aws-cn"]) {
  describe(`every scenario but the storms, in ${partition}`, function () {
    this.timeout(180_000);

    it("passes", async () => {
      const scenarios = SCENARIOS.map(scenarioFile);
      const report = await rehearse({ project: PROJECT, partition, scenarios });
      const failed = report.scenarios.filter(({ outcome }) => outcome !== "passed");
      const details = terminalReport({ ...report, scenarios: failed }, false);
      expect(
        failed.map(({ name }) => name),
        details,
      ).to.deep.equal([]);
      expect(report.scenarios).to.have.length(scenarios.length);
      expect(report.outcome).to.equal("passed");
    });
  });
}
