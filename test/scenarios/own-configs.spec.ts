import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Programs } from "../../rehearsal/program/programs.js";
import { rehearse } from "../../rehearsal/rehearse.js";
import { terminalReport } from "../../rehearsal/report/terminal.js";
import type { OwnConfig } from "../support/own-configs.js";
import { IN_CHINA, own, OWN_CONFIGS, writeStacks } from "../support/own-configs.js";
import { PROJECT } from "../support/scenarios.js";

describe("Without a scenario, npm run rehearse", function () {
  this.timeout(180_000);
  const programs = new Programs();
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fleet-own-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  after(() => programs.close());

  const rehearsed = async ({ stacks }: OwnConfig, partition?: string) => {
    writeStacks(folder, stacks);
    const options = { project: PROJECT, stackConfig: folder, programs };
    const report = await rehearse({ ...options, ...(partition !== undefined && { partition }) });
    const [scenario] = report.scenarios;
    if (scenario === undefined) throw new Error("nothing was rehearsed");
    return { scenario, text: terminalReport(report, false).slice(-5_000) };
  };

  for (const [name, config] of Object.entries(OWN_CONFIGS)) {
    const partitions = IN_CHINA.has(name) ? [undefined, "aws-cn"] : [undefined];
    for (const partition of partitions) {
      it(`rehearses ${name}${partition === undefined ? "" : `, in ${partition}`}`, async () => {
        const { scenario, text } = await rehearsed(config, partition);
        const { notRehearsed = [] } = config;
        const broken = scenario.expectations.filter(({ holds }) => !holds);
        expect(broken, text).to.deep.equal([]);
        expect(scenario.notRehearsed.map(({ subject }) => subject)).to.deep.equal(notRehearsed);
        expect(scenario.outcome).to.equal(notRehearsed.length > 0 ? "not rehearsed" : "passed");
      });
    }
  }

  it("fails where a schedule fails, and says that people would be notified", async () => {
    const night = {
      document: "AWS-RunShellScript",
      parameters: { commands: "exit 3" },
      target: "tag:Name=web",
      schedule: "cron(0 3 ? * * *)",
    };
    const { scenario } = await rehearsed({ stacks: own({ schedules: { night } }) });
    const broken = scenario.expectations.filter(({ holds }) => !holds);
    expect(scenario.outcome).to.equal("failed");
    expect(broken.map(({ expectation }) => expectation)).to.deep.equal([
      "0 messages are in topics",
      "member/cf-night ended: Success",
    ]);
  });

  it("fails where a host does not become what it asks for", async () => {
    const [first, ...others] = own().log?.["packages"] as object[];
    const packages = [{ ...first, install: "exit 7" }, ...others];
    const { scenario } = await rehearsed({ stacks: own({}, { packages }) });
    const broken = scenario.expectations.filter(({ holds }) => !holds);
    expect(broken.map(({ expectation }) => expectation)).to.include('web: status is "Success"');
  });
});
