import { expect } from "chai";
import { runPowerShellScript } from "../../../host/plugins/run-powershell-script.js";
import { runShellScript } from "../../../host/plugins/run-shell-script.js";
import { FakeAgent, WINDOWS_SERVER } from "../support.js";

describe("runPowerShellScript", () => {
  let agent: FakeAgent;
  beforeEach(() => (agent = new FakeAgent({ os: WINDOWS_SERVER })));
  const run = (...runCommand: string[]) =>
    runPowerShellScript({ runCommand }, agent, "rename, step windows");

  it("parses a script, does not run it, and says so", async () => {
    expect(await run("Rename-Computer -NewName web", "exit 0")).to.deep.equal({
      status: "Success",
      exitCode: 0,
      stdout: "_script.ps1 of rename, step windows: parsed, not executed\n",
      stderr: "",
      parsedOnly: true,
    });
    expect(agent.reported).to.deep.equal([
      "warning: _script.ps1 of rename, step windows: parsed, not executed",
    ]);
    expect(agent.parsed).to.deep.equal(["_script.ps1 of rename, step windows"]);
    expect(agent.world.met).to.deep.equal([]);
  });

  it("fails where the syntax is wrong, with the place and PowerShell's words", async () => {
    expect(await run("Get-Date", "if ($true) {")).to.deep.equal({
      status: "Failed",
      exitCode: 1,
      stdout: "",
      stderr: [
        "At _script.ps1:2 char:12",
        "+ if ($true) {",
        "+            ~",
        "Missing closing '}' in statement block or type definition.",
        "    + CategoryInfo          : ParserError: (:) [], ParseException",
        "    + FullyQualifiedErrorId : MissingEndCurlyBrace",
        "failed to run commands: exit status 1",
      ].join("\n"),
    });
    expect(agent.reported).to.deep.equal([
      "failure: _script.ps1 of rename, step windows: line 2, column 12: Missing closing '}' in statement block or type definition.",
    ]);
  });

  it("asks for a reboot where the script's end is exit 3010, and fails for another number", async () => {
    expect(await run("exit 3010")).to.include({ status: "SuccessAndReboot", exitCode: 3010 });
    expect(await run("exit 2")).to.include({
      status: "Failed",
      exitCode: 2,
      stderr: "failed to run commands: exit status 2",
    });
    expect(agent.reported[1]).to.equal(
      "warning: _script.ps1 of rename, step windows: parsed, not executed; its end is exit 2",
    );
  });

  it("reports what the parser cannot read as not rehearsed", async () => {
    expect((await run("git log --format=%h")).status).to.equal("Success");
    expect(agent.world.met).to.deep.equal([
      "PowerShell that the parser here cannot read: _script.ps1 of rename, step windows, line 1",
    ]);
  });

  it("is not rehearsed on Linux, and shell scripts fail on Windows as there", async () => {
    const linux = new FakeAgent();
    await runPowerShellScript({ runCommand: ["Get-Date"] }, linux);
    expect(linux.world.met).to.deep.equal(["aws:runPowerShellScript on Linux"]);
    expect(await runShellScript({ runCommand: ["date"] }, agent)).to.deep.equal({
      status: "Failed",
      exitCode: 1,
      stdout: "",
      stderr:
        "Plugin with name aws:runShellScript is not supported in current platform!\nMicrosoft Windows Server 2022 Datacenter v10.0.20348",
    });
  });
});
