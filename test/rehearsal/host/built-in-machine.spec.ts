import { expect } from "chai";
import { machine, ports } from "./support.js";

/** Script, output, exit code (0 where it is left out). */
type Case = readonly [script: string, stdout: string, exitCode?: number];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  "is laid out like Amazon Linux 2023": [
    [". /etc/os-release; echo $ID $VERSION_ID", "amzn 2023\n"],
    ["cat /proc/sys/kernel/osrelease", "6.1.119-129.201.amzn2023.x86_64\n"],
    ["grep -c MemTotal /proc/meminfo", "1\n"],
    ["awk '$4 == \"0A\" {print $2}' /proc/net/tcp", "00000000:0016\n"],
    ["readlink /bin", "usr/bin\n"],
    ["echo $PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"],
  ],
  "knows who it is": [
    ["id", "uid=0(root) gid=0(root) groups=0(root)\n"],
    ["id -u; id -un; whoami", "0\nroot\nroot\n"],
    [
      "id ec2-user",
      "uid=1000(ec2-user) gid=1000(ec2-user) groups=1000(ec2-user),4(adm),10(wheel),190(systemd-journal)\n",
    ],
    ["id nobody1", "", 1],
    ["hostname; cat /proc/sys/kernel/hostname", "ip-10-0-1-23\nip-10-0-1-23\n"],
    [
      "uname; uname -m; uname -sr; nproc",
      "Linux\nx86_64\nLinux 6.1.119-129.201.amzn2023.x86_64\n2\n",
    ],
  ],
  "runs scripts by name where PATH and mode allow": [
    [
      "printf '#!/bin/sh\\necho $0 $1\\n' > /usr/local/bin/t; chmod 755 /usr/local/bin/t; t a",
      "/usr/local/bin/t a\n",
    ],
    ["printf 'echo hi' > /usr/local/bin/u; u", "", 127],
    [
      "cp /usr/local/bin/t /bin/v; v b; ls /usr/bin/v",
      "/bin/v b\n/usr/bin/v\n".replace("/bin/v b", "/usr/bin/v b"),
    ],
  ],
  "installs files as coreutils does": [
    ["cd /tmp; echo x > f; install f g; stat -c %a g", "755\n"],
    ["cd /tmp; install -m 0644 f /usr/local/share; stat -c %a /usr/local/share/f", "644\n"],
    ["cd /tmp; install -m u=rw,go=r f h; stat -c %a h", "644\n"],
    ["cd /tmp; install -D f /opt/new/dir/f; cat /opt/new/dir/f", "x\n"],
    ["cd /tmp; install f /nowhere/f", "", 1],
    ["install -d -m 0750 /var/lib/a/b; stat -c %a /var/lib/a/b", "750\n"],
    ["cd /tmp; install -o root -g wheel f i; install -o ghost f i", "", 1],
    ["cd /tmp; install f g /opt; ls /opt/f /opt/g; install f g /opt/f", "/opt/f\n/opt/g\n", 1],
    ["cd /tmp; install -t /srv f; cat /srv/f", "x\n"],
    ["install", "", 1],
    ["cd /tmp; ln -s f link; install g link; readlink link; cat f", "x\n".repeat(1), 0],
  ],
  "makes temporary files": [
    ['f=$(mktemp); test -f "$f" && stat -c %a "$f"', "600\n"],
    ['d=$(mktemp -d); test -d "$d" && stat -c %a "$d"', "700\n"],
    ["mktemp -p /var/tmp x.XXXXXX | cut -c1-11", "/var/tmp/x.\n"],
    ["mktemp /nowhere/x.XXX", "", 1],
    ["mktemp x.XX", "", 1],
  ],
  "takes the options that shells are started with": [
    ["sh -e -c 'false; echo no'", "", 1],
    ["printf 'false\\necho $1\\n' > /tmp/s; sh /tmp/s yes; sh -e /tmp/s no", "yes\n", 1],
    ["echo 'echo in $1' | sh -s there", "in there\n"],
    ["sh <<'E'\necho here\nE", "here\n"],
    ["sh -c 'echo $0 $1' a b", "a b\n"],
    ["echo 'if' > /tmp/bad; sh -n /tmp/bad", "", 2],
    ["sh /tmp/none", "", 127],
  ],
  "tells what it has": [
    ["df -P / | awk 'NR == 2 {print $2, $6}'", "8310764 /\n"],
    ["df /none", "", 1],
    ["free -m | awk '/^Mem/ {print $2}'", "983\n"],
    ["ss -lntH | awk '{print $4}'", "0.0.0.0:22\n"],
    ["rpm -q bash none", "bash-5.2.15-1.amzn2023.0.2.x86_64\npackage none is not installed\n", 1],
    ["rpm -qa --qf '%{NAME} %|EPOCH?{%{EPOCH}:}:{}|%{VERSION}\\n' 'ch*'", "chrony 4.3\n"],
    [
      "mkdir /tmp/l; touch /tmp/l/a; chmod 700 /tmp/l/a; ls -l /tmp/l | awk 'NR > 1 {print $1, $3, $9}'",
      "-rwx------ root a\n",
    ],
  ],
  "refuses what the host would refuse": [
    ["echo x > /nowhere/f", "", 1],
    ["cp /etc/hosts /nowhere/f", "", 1],
    ["mv /etc/fstab /nowhere/f", "", 1],
    ["mkdir /nowhere/d", "", 1],
    ["chown ghost /etc/hosts", "", 1],
    ["apt-get update", "", 127],
    ["crontab -l", "", 127],
    ["jq .", "", 127],
  ],
  "keeps what a write does not change": [
    ["cd /tmp; echo a > k; chmod 700 k; echo b > k; stat -c %a k", "700\n"],
    ["cd /tmp; echo a > t1; ln -s t1 t2; echo b > t2; cat t1; readlink t2", "b\nt1\n"],
  ],
};

describe("BuiltInMachine", () => {
  for (const [fact, cases] of Object.entries(CASES)) {
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

  for (const script of [
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
    expect(world.met).to.deep.equal(["host of Ubuntu: it is laid out like Amazon Linux 2023"]);
  });
});
