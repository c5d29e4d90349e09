import { expect } from "chai";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { rehearse } from "../../rehearsal/rehearse.js";
import { terminalReport } from "../../rehearsal/report/terminal.js";

const PROJECT = resolve(__dirname, "..", "..");
const FOLDER = join(PROJECT, "scenarios");

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
      const scenarios = readdirSync(FOLDER).map((file) => join(FOLDER, file));
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
