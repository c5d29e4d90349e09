import { expect } from "chai";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { Pwsh } from "../../../host/powershell/pwsh.js";
import { WindowsMachine } from "../../../host/windows-machine.js";
import { withCommands } from "../../../../test/support/path.js";
import { withFakePwsh } from "../../../../test/support/pwsh.js";

// A script of bash stands for pwsh and takes scripts for bash: this proves how pwsh is called, what it can see and what
// becomes of its end. It cannot prove that a real pwsh starts behind these walls, nor what PowerShell makes of a script.
describe("Pwsh (by a stand-in: no PowerShell runs)", function () {
  this.timeout(30_000);
  const fake = withFakePwsh();
  const FILE = "C:\\Tool\\install.ps1";
  const machine = (script: string, files = {}) =>
    new WindowsMachine((length) => "1".repeat(length), { [FILE]: script, ...files });
  const run = (script: string, options = {}) => fake.pwsh.run(FILE, machine(script), options);

  it("is called with the script's file, in its folder, and knows its version", async () => {
    expect(fake.pwsh.name).to.equal("pwsh 7.4.6");
    expect(await run("pwd; echo wrong >&2; exit 7")).to.deep.equal({
      stdout: "pwsh -NoProfile -NonInteractive -File /disk/C/Tool/install.ps1\n/disk/C/Tool\n",
      stderr: "wrong\n",
      exitCode: 7,
      timedOut: false,
    });
  });

  it("keeps the exit code that asks for a reboot, which Linux cuts to 8 bits", async () => {
    expect(await run("exit 3010")).to.include({ exitCode: 3010 });
  });

  it("has no variable but its own, the host's name, and a folder for temporary files on the disk", async () => {
    process.env["FLEET_TEST_SECRET"] = "visible";
    try {
      const { stdout } = await run("env; hostname; ls -d $TEMP", { environment: { SSM_A: "b c" } });
      const lines = stdout
        .split("\n")
        .slice(1)
        .filter((line) => !/^(_|PWD|SHLVL)=/.test(line));
      expect(lines.toSorted()).to.deep.equal([
        "",
        "/disk/C/Windows/Temp",
        "EC2AMAZ-1111111",
        "HOME=/tmp",
        "LANG=en_US.UTF-8",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "POWERSHELL_TELEMETRY_OPTOUT=1",
        "POWERSHELL_UPDATECHECK=Off",
        "SSM_A=b c",
        "TEMP=/disk/C/Windows/Temp",
        "TMP=/disk/C/Windows/Temp",
        "TMPDIR=/disk/C/Windows/Temp",
      ]);
    } finally {
      delete process.env["FLEET_TEST_SECRET"];
    }
  });

  it("sees no file of a user, no network and no other process, and writes on its disk only", async () => {
    const ran = await run(
      `ls -d /home /root /etc/passwd ${process.cwd()} 2>/dev/null; cat /proc/net/dev | grep -c :; ls /proc | grep -c '^[0-9]'
       for at in / /usr /usr/bin ${fake.folder} /proc/sys/kernel; do touch $at/x 2>/dev/null && echo "$at is written"; done; true`,
    );
    const [interfaces, processes, ...others] = ran.stdout.trim().split("\n").slice(1);
    expect(interfaces).to.equal("1");
    expect(Number(processes)).to.be.lessThan(8);
    expect(others).to.deep.equal([]);
  });

  it("leaves what it wrote on the host's disk, and nothing on the machine at hand", async () => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("fleet-windows-"));
    const before = folders();
    const host = machine("echo done > ../state.txt; rm old.txt", { "C:\\Tool\\old.txt": "1" });
    await fake.pwsh.run(FILE, host, {});
    expect(host.disk.read("C:\\state.txt")).to.equal("done\n");
    expect(await host.disk.exists("C:\\Tool\\old.txt")).to.equal(false);
    expect(folders()).to.deep.equal(before);
  });

  it("is stopped with all that it started when its time is over", async () => {
    expect(await run("echo on; sleep 60 & sleep 60", { timeoutSeconds: 1 })).to.include({
      stdout: "pwsh -NoProfile -NonInteractive -File /disk/C/Tool/install.ps1\non\n",
      timedOut: true,
    });
  });

  it("is refused where it does not answer with its version", () => {
    const pwsh = "#!/bin/sh\necho 'You must install .NET' >&2\nexit 1\n";
    withCommands({ pwsh }, () => {
      expect(() => new Pwsh()).to.throw(
        /^--powershell pwsh: \S+\/pwsh -Version: expected "PowerShell <version>" behind bubblewrap, found "You must install .NET"; install PowerShell 7 as a separate package or archive, or use --powershell parse$/,
      );
    });
  });
});

describe("Pwsh where something is missing", () => {
  it("is refused without bubblewrap, with what to install", function () {
    if (process.platform !== "linux") this.skip();
    const act = () => {
      expect(() => new Pwsh()).to.throw(
        "--powershell pwsh: expected the command bwrap on the PATH, found none; install your distribution's package bubblewrap, or use --powershell parse",
      );
    };
    withCommands({ pwsh: "#!/bin/sh\n" }, act, { alone: true });
  });

  it("is refused without pwsh, with what to install", function () {
    if (process.platform !== "linux") this.skip();
    const act = () => {
      expect(() => new Pwsh()).to.throw(
        "--powershell pwsh: expected the command pwsh on the PATH, found none; install PowerShell 7, or use --powershell parse",
      );
    };
    withCommands({ bwrap: "#!/bin/sh\n" }, act, { alone: true });
  });
});
