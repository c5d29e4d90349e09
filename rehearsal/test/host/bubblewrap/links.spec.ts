import { expect } from "chai";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BubblewrapShell } from "../../../host/bubblewrap/shell.js";
import type { Machine, MachineOptions } from "../../../host/machine.js";
import { withBubblewrap } from "../../../../test/support/bubblewrap.js";
import { AMAZON_LINUX, ports } from "../support.js";

describe("A host behind bubblewrap whose script plants links", function () {
  withBubblewrap();
  this.timeout(30_000);
  let shell: BubblewrapShell;
  let outside: string;
  let secret: string;
  beforeEach(() => {
    shell = new BubblewrapShell();
    outside = mkdtempSync(join(tmpdir(), "fleet-outside-"));
    secret = join(outside, "secret");
    writeFileSync(secret, "secret");
  });
  afterEach(() => {
    shell.close();
    // Whatever the test did, nothing outside has changed.
    const now = readdirSync(outside).map((name) => [
      name,
      readFileSync(join(outside, name), "utf8"),
    ]);
    rmSync(outside, { recursive: true });
    expect(now).to.deep.equal([["secret", "secret"]]);
  });

  const machine = (files: MachineOptions["files"] = {}, world = ports()): Machine =>
    shell.makeMachine(world, {
      ...{ privateIp: "10.0.1.23", instanceType: "t3.micro", os: AMAZON_LINUX },
      files,
    });

  it("writes no answer of a call through one", async () => {
    const script = `calls=/usr/libexec/rehearsal/calls; call=$(mktemp -d $calls/call.XXXXXXXXXX)
      printf 'date\\0' > $call/arguments; : > $call/environment
      ln -s ${secret} $call/stdout; ln -s ${outside}/new $call/stderr; mkfifo $call/done; exec 9<>$call/done
      echo \${call##*/} > $calls/pipe; read -t 1 code <&9; echo over`;
    const host = machine();
    expect((await host.run(script)).stdout).to.equal("over\n");
    expect((await host.run("date +%Y")).stdout).to.equal("2026\n");
  });

  it("answers no call that is a link itself, or whose arguments are one", async () => {
    const world = ports();
    const script = `cd /usr/libexec/rehearsal/calls; ln -s ${outside} call.AAAA; echo call.AAAA > pipe
      mkdir call.BBBB; ln -s ${secret} call.BBBB/arguments; : > call.BBBB/environment; echo call.BBBB > pipe`;
    await machine({}, world).run(script);
    expect(world.met).to.deep.equal([]);
  });

  it("reads no name of the machine through one", async () => {
    const host = machine();
    await host.run(`ln -sf ${secret} /etc/hostname`);
    expect((await host.run("hostname; uname -n")).stdout).not.to.contain("secret");
    expect(host.hostname).not.to.contain("secret");
  });

  it("writes no name of a host through one", async () => {
    const host = machine();
    await host.run(`ln -sf ${secret} /etc/hostname; hostnamectl set-hostname other`);
    await host.run("hostnamectl set-hostname again");
    await host.reboot();
  });

  for (const [what, plant] of Object.entries({
    "a pipe": "mkfifo /etc/hostname",
    "a folder": "mkdir /etc/hostname",
    "a link to itself": "ln -s hostname /etc/hostname",
    nothing: "true",
  })) {
    it(`goes on where the host's name is ${what}`, async () => {
      const host = machine();
      await host.run(`rm /etc/hostname; ${plant}`);
      expect((await host.run("echo well; hostname > /dev/null")).stdout).to.equal("well\n");
    });
  }

  it("puts the next script in its place instead of where it leads", async () => {
    const host = machine();
    await host.run(`ln -sf ${secret} /usr/libexec/rehearsal/calls/_script.sh`);
    expect((await host.run("echo next")).stdout).to.equal("next\n");
  });

  for (const folder of ["/tmp", "/run"]) {
    it(`empties ${folder} at a reboot, and not what it leads to`, async () => {
      const host = machine();
      await host.run(`rmdir ${folder} 2>/dev/null || rm -rf ${folder}; ln -s ${outside} ${folder}`);
      await host.reboot();
      expect((await host.run(`ls -A ${folder}; test -L ${folder} || echo own`)).stdout).to.equal(
        folder === "/run" ? "lock\nown\n" : "own\n",
      );
    });
  }

  it("empties /tmp of a link, and not what that leads to", async () => {
    const host = machine();
    await host.run(`ln -s ${outside} /tmp/link; mkdir /tmp/d; ln -s ${outside} /tmp/d/link`);
    await host.reboot();
    expect((await host.run("ls -A /tmp")).stdout).to.equal("");
  });

  it("is not mounted on where a folder for programs leads elsewhere", async () => {
    const world = ports();
    const host = machine({}, world);
    mkdirSync(join(outside, "..", "fleet-never"), { recursive: true });
    await host.run("mv /etc /old; ln -s /oldroot/tmp/fleet-never /etc");
    expect((await host.run("echo x")).exitCode).to.equal(127);
    expect(world.met[0]).to.match(/^script on a host whose \/etc\/ld\.so\.cache was replaced/);
    expect(readdirSync(join(outside, "..", "fleet-never"))).to.deep.equal([]);
    rmSync(join(outside, "..", "fleet-never"), { recursive: true });
  });

  it("has files that the scenario gives inside, wherever their path leads", async () => {
    const up = `${"/..".repeat(12)}${outside}/new`;
    const host = machine({ [up]: "given" });
    expect((await host.run(`cat ${outside}/new`)).stdout).to.equal("given");
  });

  it("is safe while a script swaps folders for links", async () => {
    const host = machine();
    // What runs in the background ends with its script, so the disk is used while the script runs.
    const swapping = host.run(
      `mkdir -p /var/a /var/real; end=$((SECONDS + 3)); while [ $SECONDS -lt $end ]; do
        rm -rf /var/a; mkdir /var/a; rm -rf /var/a; ln -s ${outside} /var/a; done`,
    );
    let done = false;
    void swapping.then(() => (done = true));
    while (!done) {
      await host.disk.writeFile("/var/a/new", "x").catch(() => undefined);
      await host.disk.rm("/var/a/secret", { recursive: true, force: true }).catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});
