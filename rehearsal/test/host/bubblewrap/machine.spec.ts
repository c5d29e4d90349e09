import { expect } from "chai";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsError } from "../../../kernel/errors.js";
import type { MachineOptions } from "../../../host/machine.js";
import { withBubblewrap } from "../../../../test/support/bubblewrap.js";
import { CASES } from "../machine-cases.js";
import { AMAZON_LINUX, ports } from "../support.js";

describe("BubblewrapMachine", function () {
  this.timeout(60_000);
  const bubblewrap = withBubblewrap();
  const machine = (world = ports(), options: Partial<MachineOptions> = {}) =>
    bubblewrap.shell.makeMachine(world, {
      ...{ privateIp: "10.0.1.23", instanceType: "t3.micro", os: AMAZON_LINUX },
      ...options,
    });
  const output = async (script: string, on = machine()) => (await on.run(script)).stdout;

  for (const [fact, cases] of Object.entries(CASES)) {
    it(`${fact}, as the built-in machine`, async () => {
      const world = ports();
      const host = machine(world);
      for (const [script, stdout, exitCode = 0] of cases) {
        const ran = await host.run(script);
        expect({ stdout: ran.stdout, exitCode: ran.exitCode }, `${script}\n${ran.stderr}`)
          .to.deep //
          .equal({ stdout, exitCode });
      }
      expect(world.met).to.deep.equal([]);
    });
  }

  describe("has what the built-in machine has not", () => {
    for (const [script, stdout] of [
      ["trap 'echo bye' EXIT; echo hi", "hi\nbye\n"],
      ["umask 077; touch /tmp/u; stat -c %a /tmp/u", "600\n"],
      ["set -o pipefail; false | true; echo $?", "1\n"],
      ["echo x > /nowhere/f; echo on", "on\n"],
      ["mkfifo /tmp/p; echo through > /tmp/p & cat /tmp/p", "through\n"],
      ["chown ec2-user:wheel /srv; stat -c '%U %G' /srv", "ec2-user wheel\n"],
    ] as const) {
      it(script, async () => expect(await output(script)).to.equal(stdout));
    }
  });

  it("shows nothing of the machine at hand but programs and libraries", async () => {
    const secret = mkdtempSync(join(tmpdir(), "fleet-secret-"));
    try {
      process.env["FLEET_TEST_SECRET"] = "visible";
      const ran = await machine().run(
        `ls / /home /root /tmp; ls ${secret} ${process.cwd()}; env; cat /proc/*/environ; ls /etc/shadow /etc/ssh`,
      );
      const folders =
        "bin boot dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var";
      const top = /^\/:\n([^]*?)\n\n/.exec(ran.stdout)?.[1]?.split("\n");
      expect(top?.filter((name) => !/^lib/.test(name))).to.deep.equal(
        folders.split(" ").filter((name) => !/^lib/.test(name)),
      );
      expect(ran.stdout).to.include("/home:\nec2-user\n\n/root:\n\n/tmp:\n");
      expect(ran.stdout).to.not.include("visible");
      for (const path of [secret, process.cwd(), "/etc/shadow", "/etc/ssh"])
        expect(ran.stderr).to.include(`cannot access '${path}'`);
    } finally {
      delete process.env["FLEET_TEST_SECRET"];
      rmSync(secret, { recursive: true });
    }
  });

  it("reaches nothing outside: no network, no processes, no settings of the kernel", async () => {
    const script =
      "tail -n +3 /proc/net/dev | cut -d: -f1; ls -d /proc/[0-9]* | wc -l; (cat /proc/sys/vm/swappiness > /proc/sys/vm/swappiness) 2>/dev/null || echo no; ls /dev/sd* /dev/vd* /dev/nvme* 2>/dev/null | wc -l";
    const [network, processes, kernel, disks] = (await output(script)).trim().split("\n");
    expect(network?.trim()).to.equal("lo");
    expect(Number(processes)).to.be.lessThan(6);
    expect([kernel, disks]).to.deep.equal(["no", "0"]);
  });

  it("keeps hosts apart, and of one host the disk together", async () => {
    const [a, b] = [machine(), machine()];
    await a.run("echo a > /usr/bin/mine; echo a > /etc/mine; X=1");
    expect(await output("cat /usr/bin/mine /etc/mine; echo [$X]", a)).to.equal("a\na\n[]\n");
    expect(await output("ls /usr/bin/mine /etc/mine 2>/dev/null", b)).to.equal("");
    expect(existsSync("/usr/bin/mine") || existsSync("/etc/mine")).to.equal(false);
  });

  it("lives in virtual time", async () => {
    const world = ports();
    const host = machine(world);
    const script = "date -u +%FT%TZ; sleep 1m 30s; date +%T; cat /proc/uptime; uptime -p";
    expect(await output(script, host)).to.equal(
      "2026-01-05T08:00:00Z\n08:01:30\n90.00 90.00\nup 1 minutes\n",
    );
    expect((await host.run("sleep 60", { withoutTime: true })).exitCode).to.equal(0);
    expect(world.clock.now).to.equal(Date.UTC(2026, 0, 5, 8, 1, 30));
  });

  it("lets sleeps of the background pass one after the other", async () => {
    const world = ports();
    await machine(world).run("sleep 10 & sleep 20 & wait");
    expect(world.clock.now - Date.UTC(2026, 0, 5, 8)).to.equal(30_000);
  });

  it("stops a script whose time is up, with all that it started", async () => {
    const world = ports();
    const host = machine(world);
    const script = "(trap '' TERM; while true; do sleep 10; echo x >> /tmp/beats; done) & wait";
    const ran = await host.run(script, { timeoutSeconds: 35 });
    expect(ran.timedOut).to.equal(true);
    expect(world.clock.now - Date.UTC(2026, 0, 5, 8)).to.equal(35_000);
    expect(await output("wc -l < /tmp/beats; ps -e | grep -c sleep", host)).to.equal("3\n0\n");
  });

  it("gives scripts their environment and folder, and the exit code of their end", async () => {
    const host = machine();
    const environment = { A: "it's $HOME", EMPTY: "" };
    const ran = await host.run('echo "$A [$EMPTY] $PWD"; exit 194', { environment, cwd: "/opt" });
    expect(ran).to.deep.equal({
      ...{ stdout: "it's $HOME [] /opt\n", stderr: "", exitCode: 194, timedOut: false },
    });
    expect((await host.run("kill -9 $$")).exitCode).to.equal(137);
  });

  it("asks AWS through the rehearsal", async () => {
    const world = ports();
    world.answer = ({ region }) => {
      if (region === "eu-west-9") throw new AwsError("ParameterNotFound", "");
      return { Parameter: { Value: "it's\na secret" } };
    };
    const host = machine(world);
    const ask = "aws ssm get-parameter --name /k --query Parameter.Value --output text";
    expect(await output(ask, host)).to.equal("it's\na secret\n");
    const refused = await host.run(`AWS_REGION=eu-west-9 ${ask}`);
    expect(refused).to.include({
      exitCode: 254,
      stderr: "\nAn error occurred (ParameterNotFound) when calling the GetParameter operation: \n",
    });
    expect(world.calls.map(({ region }) => region)).to.deep.equal([undefined, "eu-west-9"]);
  });

  it("reports what no shell rehearses, and fails it", async () => {
    const world = ports();
    const ran = await machine(world).run("command -v systemctl; systemctl start x; curl x");
    expect(ran).to.deep.equal({
      stdout: "/usr/bin/systemctl\n",
      stderr: ["systemctl", "curl"]
        .map(
          (name) =>
            `${name}: command not found (not rehearsed: a real host has it, the local shell has not)\n`,
        )
        .join(""),
      exitCode: 127,
      timedOut: false,
    });
    expect(world.met).to.deep.equal(["shell command: systemctl", "shell command: curl"]);
  });

  it("runs two scripts of one host at a time", async () => {
    const host = machine();
    const both = await Promise.all(
      ["a", "b"].map((name) => output(`uname -n; echo ${name}`, host)),
    );
    expect(both).to.deep.equal(["ip-10-0-1-23\na\n", "ip-10-0-1-23\nb\n"]);
  });

  it("forgets /tmp and the uptime at a reboot, not the disk", async () => {
    const host = machine();
    await host.run("echo a > /tmp/a; echo a > /run/a; echo b > /var/b; sleep 60");
    await host.reboot();
    expect(await output("ls /tmp /run; cat /var/b; cat /proc/uptime", host)).to.equal(
      "/run:\nlock\n\n/tmp:\nb\n0.00 0.00\n",
    );
  });

  it("has the files that the scenario gives", async () => {
    const files = { "/etc/motd": "hello\n", "/data/empty/": "" };
    expect(await output("cat /etc/motd; ls -d /data/empty", machine(ports(), { files }))).to.equal(
      "hello\n/data/empty\n",
    );
  });

  it("is called by another name when its file says so", async () => {
    const host = machine();
    await host.run("echo other > /etc/hostname");
    expect(await output("hostname; cat /proc/sys/kernel/hostname", host)).to.equal(
      "other\nother\n",
    );
  });

  for (const [how, script] of Object.entries({
    "a command": "hostnamectl set-hostname other; hostname",
    "its file": "echo other > /etc/hostname; hostname",
  })) {
    it(`takes the name that ${how} gives it, and knows it itself after a start`, async () => {
      const host = machine();
      expect(await output(script, host)).to.equal("other\n");
      await host.reboot();
      expect(host.hostname).to.equal("other");
      expect(await output("cat /etc/hostname; uname -n", host)).to.equal("other\nother\n");
    });
  }

  it("has a disk that the agent writes to, of which no link leads out", async () => {
    const host = machine();
    const outside = mkdtempSync(join(tmpdir(), "fleet-outside-"));
    try {
      writeFileSync(join(outside, "f"), "outside");
      await host.disk.mkdir("/var/lib/x/y", { recursive: true });
      await host.disk.writeFile("/var/lib/x/y/run", "#!/bin/sh\necho ran\n");
      await host.disk.chmod("/var/lib/x/y/run", 0o755);
      expect(await output("/var/lib/x/y/run", host)).to.equal("ran\n");
      await host.run(
        `ln -s ${outside}/f /var/out; ln -s ../../../../../../../..${outside} /var/up; ln -s / /var/top`,
      );
      expect(await host.disk.exists("/var/out")).to.equal(false);
      expect(await host.disk.exists("/var/up/f")).to.equal(false);
      expect(await host.disk.readFile("/var/top/etc/hostname")).to.equal("ip-10-0-1-23\n");
      await host.disk.rm("/var/lib/x", { recursive: true, force: true });
      expect(await host.disk.exists("/var/lib/x")).to.equal(false);
      expect(readFileSync(join(outside, "f"), "utf8")).to.equal("outside");
      expect(readdirSync(outside)).to.deep.equal(["f"]);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });
});
