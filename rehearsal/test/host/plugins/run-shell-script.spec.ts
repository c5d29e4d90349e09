import { expect } from "chai";
import { executionTimeout, runShellScript } from "../../../host/plugins/run-shell-script.js";
import { FakeAgent } from "../support.js";

describe("runShellScript", () => {
  let agent: FakeAgent;
  beforeEach(() => (agent = new FakeAgent()));
  const run = (inputs: object) => runShellScript({ timeoutSeconds: "3600", ...inputs }, agent);

  it("runs its commands as one script", async () => {
    expect(
      await run({ runCommand: ["a=1", ["echo $a", "echo $AWS_SSM_INSTANCE_ID"]] }),
    ).to.deep.equal({
      status: "Success",
      exitCode: 0,
      stdout: "1\ni-0a1b2c3d4e5f60718\n",
      stderr: "",
    });
    expect(agent.reported).to.deep.equal(["success: script: exit code 0: 1 | i-0a1b2c3d4e5f60718"]);
  });

  it("works in the directory that is given, which must be there", async () => {
    expect((await run({ runCommand: ["pwd"], workingDirectory: "/opt" })).stdout).to.equal(
      "/opt\n",
    );
    expect(await run({ runCommand: ["pwd"], workingDirectory: "" })).to.include({
      stdout: "/root\n",
    });
    expect(await run({ runCommand: ["pwd"], workingDirectory: "/none" })).to.deep.include({
      status: "Failed",
      exitCode: 1,
    });
  });

  it("fails with the script, in the agent's words", async () => {
    expect(await run({ runCommand: ["echo oops >&2", "exit 7"] })).to.deep.equal({
      status: "Failed",
      exitCode: 7,
      stdout: "",
      stderr: "oops\nfailed to run commands: exit status 7",
    });
  });

  it("stops what takes too long", async () => {
    const result = await run({ runCommand: ["sleep 600"], timeoutSeconds: "60" });
    expect(result).to.include({ status: "TimedOut", exitCode: 137 });
    expect(agent.reported[0]).to.match(
      /^failure: script: exit code 137, stopped because it took too long/,
    );
  });

  it("hands on that a reboot is wanted", async () => {
    expect(await run({ runCommand: ["exit 194"] })).to.include({
      status: "SuccessAndReboot",
      exitCode: 194,
      stderr: "",
    });
  });
});

describe("executionTimeout", () => {
  for (const [given, seconds] of [
    ["60", 60],
    [60, 60],
    ["5", 5],
    ["4", 3600],
    ["172801", 3600],
    ["x", 3600],
    [undefined, 3600],
    ["7.9", 7],
  ] as const) {
    it(`makes ${seconds} of ${JSON.stringify(given) ?? "nothing"}`, () =>
      expect(executionTimeout(given)).to.equal(seconds));
  }
});
