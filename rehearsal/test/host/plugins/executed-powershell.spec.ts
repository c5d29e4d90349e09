import { expect } from "chai";
import type { Ran, RunOptions } from "../../../host/machine.js";
import { configurePackage } from "../../../host/plugins/configure-package.js";
import { runPowerShellScript } from "../../../host/plugins/run-powershell-script.js";
import type { PowerShell, WindowsMachine } from "../../../host/windows-machine.js";
import { FakeAgent, linuxPackage, PACKAGE_ARN, WINDOWS_SERVER } from "../support.js";

const DONE: Ran = { stdout: "", stderr: "", exitCode: 0, timedOut: false };
const HOW = "executed by pwsh 7.4.6, not by Windows PowerShell";
const FOLDER =
  "C:\\ProgramData\\Amazon\\SSM\\InstanceData\\i-0a1b2c3d4e5f60718\\document\\orchestration";

/** Says what a script is given, and ends as the test wants it. */
class FakePowerShell implements PowerShell {
  readonly name = "pwsh 7.4.6";
  readonly given: { file: string; text: string | undefined; options: RunOptions }[] = [];
  ends: Ran = DONE;

  run(file: string, { disk }: WindowsMachine, options: RunOptions): Promise<Ran> {
    this.given.push({ file, text: disk.read(file), options });
    return Promise.resolve(this.ends);
  }
}

describe("PowerShell scripts that are executed", () => {
  let agent: FakeAgent;
  let powerShell: FakePowerShell;
  beforeEach(() => {
    powerShell = new FakePowerShell();
    agent = new FakeAgent({ os: WINDOWS_SERVER }, { powerShell });
  });
  const environment = {
    AWS_SSM_INSTANCE_ID: "i-0a1b2c3d4e5f60718",
    AWS_SSM_REGION_NAME: "eu-central-1",
    AWS_SSM_PLATFORM_NAME: WINDOWS_SERVER.platformName,
    AWS_SSM_PLATFORM_VERSION: WINDOWS_SERVER.platformVersion,
  };
  const run = (inputs: object = {}) =>
    runPowerShellScript({ runCommand: ["Get-Date", "exit 0"], ...inputs }, agent);

  it("get a command's lines as one file, the step's variables and its time", async () => {
    await agent.host.leave("D:\\work\\a.txt", "");
    await run({ timeoutSeconds: "60", workingDirectory: "D:\\work", environment: { A: "b" } });
    expect(powerShell.given).to.deep.equal([
      {
        file: `${FOLDER}\\_script.ps1`,
        text: "Get-Date\nexit 0\n",
        options: { timeoutSeconds: 60, cwd: "D:\\work", environment: { A: "b", ...environment } },
      },
    ]);
    expect(await agent.host.has(FOLDER)).to.equal(false);
  });

  it("say in the timeline and the report who executed them, and are not parsed", async () => {
    powerShell.ends = { ...DONE, stdout: "Monday\n" };
    expect(await run({ runCommand: ["if ($true) {"] })).to.deep.equal({
      status: "Success",
      exitCode: 0,
      stdout: "Monday\n",
      stderr: "",
    });
    expect(agent.reported).to.deep.equal([
      `warning: _script.ps1 of a command: ${HOW}: exit code 0: Monday`,
    ]);
    expect(agent.elsewhere).to.deep.equal([`${HOW}: _script.ps1 of a command`]);
    expect(agent.parsed).to.deep.equal([]);
  });

  it("fail with what they print, ask for a reboot with 3010", async () => {
    powerShell.ends = { ...DONE, exitCode: 1, stderr: "Get-CimInstance: not recognized\n" };
    expect(await run()).to.deep.equal({
      status: "Failed",
      exitCode: 1,
      stdout: "",
      stderr: "Get-CimInstance: not recognized\nfailed to run commands: exit status 1",
    });
    expect(agent.reported).to.deep.equal([
      `failure: _script.ps1 of a command: ${HOW}: exit code 1: Get-CimInstance: not recognized`,
    ]);
    powerShell.ends = { ...DONE, exitCode: 3010 };
    expect(await run()).to.include({ status: "SuccessAndReboot", exitCode: 3010 });
  });

  it("time out after the step's virtual time, with the agent's exit code", async () => {
    powerShell.ends = { ...DONE, exitCode: 137, stdout: "on\n", timedOut: true };
    const before = agent.now;
    expect(await run({ timeoutSeconds: "60" })).to.deep.equal({
      status: "TimedOut",
      exitCode: -1,
      stdout: "on\n",
      stderr: "",
    });
    expect(agent.now - before).to.equal(61_000);
    expect(agent.reported).to.deep.equal([
      `failure: _script.ps1 of a command: ${HOW}: stopped because it took too long: on`,
    ]);
    expect(agent.world.met).to.deep.equal([]);
    await run({ timeoutSeconds: "301" });
    expect(agent.world.met).to.deep.equal(["script that takes more than 300 s of real time"]);
  });

  it("do not start in a folder that is not there", async () => {
    expect(await run({ workingDirectory: "C:\\none" })).to.include({
      status: "Failed",
      stderr:
        "chdir C:\\none: The system cannot find the path specified.\nfailed to run commands: exit status 1",
    });
    expect(powerShell.given).to.deep.equal([]);
  });

  it("of a package run in its folder, with the agent's variables and the arguments", async () => {
    agent.serve(linuxPackage("1.0.0", { "install.ps1": "exit 0", "tool.exe": "MZ" }));
    powerShell.ends = { ...DONE, stdout: "installed\n" };
    const result = await configurePackage(
      {
        name: PACKAGE_ARN,
        action: "Install",
        version: "",
        additionalArguments: { SSM_PORT: "80" },
      },
      agent,
    );
    expect(result).to.deep.include({ status: "Success", stderr: "" });
    expect(result.stdout).to.include("install output: installed\n");
    const [{ file, text, options } = expect.fail("nothing ran")] = powerShell.given;
    const folder = agent.host.repository.folder(PACKAGE_ARN, "1.0.0");
    expect([file, text]).to.deep.equal([`${folder}\\install.ps1`, "exit 0"]);
    expect(options.cwd).to.equal(folder);
    expect(options.environment).to.include({
      ...environment,
      BWS_ACTION_NAME: "install",
      BWS_PLATFORM_NAME: "windows",
      SSM_PORT: "80",
    });
  });
});
