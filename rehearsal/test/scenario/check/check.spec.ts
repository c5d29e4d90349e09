import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkScenario } from "../../../scenario/check/check.js";
import { readScenario } from "../../../scenario/schema/scenario.js";
import { WINDOWS_IMAGE, TestCloud } from "../../support/test-cloud.js";
import { refusal } from "../../cloud/refusal.js";

describe("checkScenario", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fleet-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("calls it a mistake of the scenario to ask a Windows host for a command's output", async () => {
    const testCloud = new TestCloud();
    await testCloud.host("win", {}, WINDOWS_IMAGE);
    const file = join(folder, "windows.yaml");
    writeFileSync(
      file,
      "name: Windows\nthen: { hosts: { win: { commands: [{ command: Get-Date }] } } }",
    );
    const environment = { cloud: testCloud.cloud, stacks: [], regionNamed: String };
    expect(await refusal(checkScenario(environment, readScenario(file)))).to.equal(
      `${file}: then.hosts.win.commands: win is a Windows host, where scripts are parsed, not executed: "Get-Date" prints nothing; ask for status, packages or timeline instead`,
    );
  });
});
