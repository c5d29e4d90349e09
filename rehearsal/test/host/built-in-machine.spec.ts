import { expect } from "chai";
import { BUILT_IN_CASES, CASES } from "./machine-cases.js";
import { machine, ports } from "./support.js";

describe("BuiltInMachine", () => {
  for (const [fact, cases] of Object.entries({
    ...CASES,
    "differs from a real one": BUILT_IN_CASES,
  })) {
    describe(fact, () => {
      const world = ports();
      const host = machine(world);
      for (const [script, stdout, exitCode = 0] of cases) {
        it(script, async () => {
          const ran = await host.run(script);
          expect({ stdout: ran.stdout, exitCode: ran.exitCode }, ran.stderr).to.deep.equal({
            stdout,
            exitCode,
          });
          expect(world.met).to.deep.equal([]);
        });
      }
    });
  }

  it("reports a command that a real host has, and fails it", async () => {
    const world = ports();
    const ran = await machine(world).run(
      "command -v systemctl && systemctl start x 2>/dev/null; echo $?",
    );
    expect(ran.stdout).to.equal("/usr/bin/systemctl\n127\n");
    expect(world.met).to.deep.equal(["shell command: systemctl"]);
  });

  const timeouts: [script: string, stdout: string, exitCode: number, seconds: number][] = [
    ["timeout 50 sleep 100", "", 124, 50],
    ["timeout 1m sleep 100", "", 124, 60],
    ["timeout 100 sleep 50", "", 0, 50],
    ["timeout 0 sleep 70", "", 0, 70],
    ["timeout 5 printf '%s' \"a'b\"", "a'b", 0, 0],
    ["printf x | timeout 5 cat", "x", 0, 0],
    ["timeout 5 sh -c 'exit 3'", "", 3, 0],
  ];
  for (const [script, stdout, exitCode, seconds] of timeouts) {
    it(`${script} takes ${seconds} s`, async () => {
      const world = ports();
      const start = world.clock.now;
      const ran = await machine(world).run(script);
      expect([ran.stdout, ran.exitCode], ran.stderr).to.deep.equal([stdout, exitCode]);
      expect(Math.round((world.clock.now - start) / 1000)).to.equal(seconds);
      expect(world.met).to.deep.equal([]);
    });
  }

  it("reports a command that takes longer than its timeout", async () => {
    const world = ports();
    const ran = await machine(world).run("timeout 5 sh -c 'sleep 9; true'");
    expect(ran.exitCode).to.equal(127);
    expect(world.met).to.deep.equal([
      "shell command: timeout 5 sh -c sleep 9; true, whose command takes longer",
    ]);
  });

  for (const script of [
    "timeout -k 5 10 true",
    "df --output=size",
    "install -s a b",
    "umask 077",
    "trap 'x' EXIT",
    "date -d yesterday",
    "rpm -i x",
    "sh -l",
  ]) {
    it(`reports the use that it does not know: ${script}`, async () => {
      const world = ports();
      expect((await machine(world).run(script)).exitCode).to.equal(127);
      expect(world.met).to.have.lengthOf(1);
    });
  }

  it("runs what its first line says is a shell script, and no other", async () => {
    const world = ports();
    const host = machine(world);
    expect((await host.run("#!/usr/bin/env bash\necho shell")).stdout).to.equal("shell\n");
    expect(await host.run("#!/usr/bin/env python3\nprint('x')")).to.deep.equal({
      stdout: "",
      stderr: "python3: not rehearsed: the built-in shell runs shell scripts only\n",
      exitCode: 127,
      timedOut: false,
    });
    expect(world.met).to.deep.equal(["script for python3"]);
  });

  it("lives in virtual time", async () => {
    const world = ports();
    const host = machine(world);
    const ran = await host.run(
      "date -u +%FT%TZ; sleep 90; date +%T; cat /proc/uptime; uptime -p; touch /tmp/f; stat /tmp/f | grep Modify",
    );
    expect(ran.stdout).to.equal(
      "2026-01-05T08:00:00Z\n08:01:30\n90.00 90.00\nup 1 minutes\nModify: 2026-01-05T08:01:30.000Z\n",
    );
  });

  it("stops a script whose time is up", async () => {
    const world = ports();
    const started = world.clock.now;
    const ran = await machine(world).run("while true; do sleep 10; done", { timeoutSeconds: 35 });
    expect(ran.timedOut).to.equal(true);
    expect(world.clock.now - started).to.equal(35_000);
  });

  it("gives scripts their environment, and those they start", async () => {
    const ran = await machine().run("echo $A; sh -c 'echo $A'", {
      environment: { A: "it's $HOME" },
    });
    expect(ran.stdout).to.equal("it's $HOME\nit's $HOME\n");
  });

  it("keeps the environments of scripts apart, and their disk together", async () => {
    const host = machine();
    await host.run("A=1; export A; cd /tmp; echo x > f");
    expect((await host.run("echo [$A] $PWD; cat /tmp/f")).stdout).to.equal("[] /root\nx\n");
  });

  it("forgets /tmp and the uptime at a reboot, not the disk", async () => {
    const world = ports();
    const host = machine(world);
    await host.run("echo a > /tmp/a; echo b > /var/b; sleep 60");
    await host.reboot();
    expect((await host.run("ls /tmp; cat /var/b; cat /proc/uptime")).stdout).to.equal(
      "b\n0.00 0.00\n",
    );
  });

  it("has the files that the scenario gives", async () => {
    const files = { "/etc/motd": "hello\n", "/data/empty/": "" };
    expect(
      (await machine(ports(), { files }).run("cat /etc/motd; ls -d /data/empty")).stdout,
    ).to.equal("hello\n/data/empty\n");
  });

  it("reports a system that it only resembles", () => {
    const world = ports();
    const os = {
      platformType: "Linux",
      platformName: "Ubuntu",
      platformVersion: "22.04",
      architecture: "arm64",
    } as const;
    machine(world, { os });
    expect(world.met).to.deep.equal([
      "host of Ubuntu 22.04: it is laid out like Amazon Linux 2023",
    ]);
  });
});
