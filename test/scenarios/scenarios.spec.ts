import { expect } from "chai";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { rehearse } from "../../rehearsal/rehearse.js";
import { terminalReport } from "../../rehearsal/report/terminal.js";

const PROJECT = resolve(__dirname, "..", "..");
const FOLDER = join(PROJECT, "scenarios");

/** They last for minutes: the first has a test of its own, `npm run bench` plays the second. */
const STORMS = ["storm-1000.yaml", "storm-10000.yaml"];

describe("a launch storm", function () {
  this.timeout(600_000);

  it("of a thousand hosts ends with every host ready", async () => {
    const scenarios = [join(FOLDER, "storm-1000.yaml")];
    const report = await rehearse({ project: PROJECT, scenarios });
    expect(report.outcome, terminalReport(report, false).slice(-5_000)).to.equal("passed");
  });
});

describe("a rehearsal", function () {
  this.timeout(180_000);

  it("gives the same report every time, byte for byte", async () => {
    const files = ["second-start.yaml", "missing-pass-role.yaml"].map((file) => join(FOLDER, file));
    const report = async () =>
      JSON.stringify(await rehearse({ project: PROJECT, scenarios: files }));
    expect(await report()).to.equal(await report());
  });
});

for (const partition of ["aws", "aws-cn"]) {
  describe(`every scenario of the project, in ${partition}`, function () {
    this.timeout(180_000);

    it("passes", async () => {
      const scenarios = readdirSync(FOLDER)
        .filter((file) => !STORMS.includes(file))
        .map((file) => join(FOLDER, file));
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
