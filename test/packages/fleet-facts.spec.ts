import { expect } from "chai";
import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host, Shell } from "./fleet-facts-shells.js";
import { inJustBash, inShell, onPath, TOOL } from "./fleet-facts-shells.js";

const FACTS =
  "kernel os hostname architecture memory disks listeningPorts packages uptimeSeconds".split(" ");

const PORTS = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n";
const DF = "Filesystem     1024-blocks    Used Available Capacity Mounted on\n";

const FULL: Host = {
  files: {
    "/proc/sys/kernel/osrelease": "6.1.102-108.177.amzn2023.x86_64\n",
    "/proc/sys/kernel/hostname": "ip-10-0-0-7.ec2.internal\n",
    "/etc/os-release":
      'NAME="Amazon Linux"\nVERSION="2023"\nID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"\n',
    "/proc/meminfo":
      "MemTotal:        8127420 kB\nMemFree:          100000 kB\nMemAvailable:    7300000 kB\nSwapTotal: 0 kB\n",
    "/proc/uptime": "12345.67 98765.43\n",
    "/proc/net/tcp":
      `${PORTS}   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000\n` +
      "   1: 00000000:0016 00000000:0000 0A 00000000:00000000\n" +
      "   2: 0700000A:9C40 08080808:01BB 01 00000000:00000000\n" +
      "   3: 00000000:1F91 00000000:0000 07 00000000:00000000\n",
    "/proc/net/tcp6":
      `${PORTS}   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A\n` +
      "   1: 00000000000000000000000000000000:FFFF 00000000000000000000000000000000:0000 0A\n",
    "/proc/net/udp":
      `${PORTS} 100: 00000000:0044 00000000:0000 07 00000000:00000000\n` +
      " 101: 0700000A:D431 08080808:0035 01 00000000:00000000\n" +
      " 102: 0100007F:0143 0100007F:1234 07 00000000:00000000\n",
  },
  commands: {
    uname: "aarch64\n",
    df:
      `${DF}devtmpfs              4096       0      4096       0% /dev\n` +
      "tmpfs              4063708       0   4063708       0% /dev/shm\n" +
      "/dev/nvme0n1p1     8310764 1560000   6750764      19% /\n" +
      "//files/my share  52428800 1048576  51380224       2% /mnt/my share\n" +
      "overlay            8310764 1560000   6750764      19% /var/lib/docker/overlay2/a/merged\n" +
      "proc                     0       0         0       -  /proc\n" +
      "cgroup2                  0       0         0       0% /sys/fs/cgroup\n",
    "dpkg-query":
      "install ok installed\tbash\t5.2.15-2+b2\n" +
      "deinstall ok config-files\tgone\t1.0\n" +
      "install ok installed\tlibc6\t2.36-9\n" +
      "install ok installed\tlibc6\t2.36-9\n" +
      "hold ok installed\ttzdata\t1:2024a-0\n",
  },
};

const FULL_FACTS = {
  kernel: { release: "6.1.102-108.177.amzn2023.x86_64" },
  os: { id: "amzn", version: "2023", name: "Amazon Linux" },
  hostname: "ip-10-0-0-7.ec2.internal",
  architecture: "aarch64",
  memory: { totalBytes: 8127420 * 1024, availableBytes: 7300000 * 1024 },
  disks: [
    { mount: "/", sizeBytes: 8310764 * 1024, usedBytes: 1560000 * 1024 },
    { mount: "/mnt/my share", sizeBytes: 52428800 * 1024, usedBytes: 1048576 * 1024 },
  ],
  listeningPorts: [
    { protocol: "tcp", port: 22 },
    { protocol: "tcp", port: 8080 },
    { protocol: "tcp", port: 65535 },
    { protocol: "udp", port: 68 },
  ],
  packages: [
    { name: "bash", version: "5.2.15-2+b2" },
    { name: "libc6", version: "2.36-9" },
    { name: "tzdata", version: "1:2024a-0" },
  ],
  uptimeSeconds: 12345,
};

describe("fleet-facts", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleet-facts-"));
  after(() => rmSync(folder, { recursive: true }));

  const shells: Shell[] = [{ name: "just-bash", run: inJustBash }];
  for (const name of ["sh", "dash", "bash"]) {
    const shell = onPath(name);
    if (shell !== undefined)
      shells.push({ name: `the machine's ${name}`, run: inShell(folder, shell) });
  }

  for (const { name, run } of shells) {
    describe(`in ${name}`, () => {
      const facts = async (host: Host, ...args: string[]): Promise<unknown> => {
        const { stdout, stderr, status } = await run(host, ...args);
        expect({ stderr, status }).to.deep.equal({ stderr: "", status: 0 });
        expect(stdout).to.match(/^\{.*\}\n$/);
        return JSON.parse(stdout);
      };
      const os = (content: string | Uint8Array) =>
        facts({ files: { "/etc/os-release": content } }, "os");

      it("reports all facts, in their order", async () => {
        const output = await facts(FULL);
        expect(output).to.deep.equal(FULL_FACTS);
        expect(Object.keys(output as object)).to.deep.equal(FACTS);
      });

      it("leaves out what the host cannot report", async () => {
        expect(await facts({})).to.deep.equal({});
      });

      it("leaves out what makes no sense", async () => {
        const files = {
          "/etc/os-release": "no assignment\n",
          "/proc/meminfo": "MemTotal: many kB\n",
          "/proc/uptime": "long\n",
          "/proc/sys/kernel/osrelease": "",
        };
        expect(await facts({ files, commands: { df: DF, "dpkg-query": "" } })).to.deep.equal({});
      });

      it("reports part of a fact where the host has only part of it", async () => {
        const files = {
          "/proc/meminfo": "MemTotal: 1024 kB\n",
          "/usr/lib/os-release": "ID=alpine\n",
        };
        expect(await facts({ files })).to.deep.equal({
          os: { id: "alpine" },
          memory: { totalBytes: 1048576 },
        });
      });

      it("reports that no port is listened on", async () => {
        expect(await facts({ files: { "/proc/net/tcp": PORTS } })).to.deep.equal({
          listeningPorts: [],
        });
      });

      it("asks the commands where there are no files, and the files where there are no commands", async () => {
        expect(await facts({ commands: { hostname: "web-1\n" } })).to.deep.equal({
          hostname: "web-1",
        });
        const files = { "/etc/hostname": "web-2\n", "/proc/sys/kernel/arch": "x86_64\n" };
        expect(await facts({ files })).to.deep.equal({ hostname: "web-2", architecture: "x86_64" });
      });

      it("lists the packages of rpm, sorted and without keys", async () => {
        const rpm =
          "installed\tzlib\t1.2.11-33\ninstalled\tgpg-pubkey\td832c631-6515c85e\ninstalled\tbind-utils\t32:9.18-1\n";
        expect(await facts({ commands: { rpm, "dpkg-query": "" } }, "packages")).to.deep.equal({
          packages: [
            { name: "bind-utils", version: "32:9.18-1" },
            { name: "zlib", version: "1.2.11-33" },
          ],
        });
      });

      it("reports only the facts that are named, each once", async () => {
        expect(await facts(FULL, "memory", "os", "memory")).to.deep.equal({
          os: FULL_FACTS.os,
          memory: FULL_FACTS.memory,
        });
      });

      it("keeps texts with any characters", async () => {
        const odd =
          'a "quoted" \\ back\\\\slash, a\ttab, $HOME `id` é 語 😀 \u0001\u001f\u007f and\na second line';
        expect(
          await os(`# NAME=no\nNAME=${assigned(odd)}\nVERSION_ID='it "is" \\n'\nID=a\\ b # no\n`),
        ).to.deep.equal({
          os: { id: "a b", version: 'it "is" \\n', name: odd },
        });
      });

      it("runs nothing that a file says", async () => {
        expect(await os('ID="$(echo no)"\nexit 3\nNAME=`echo no`\n')).to.deep.equal({
          os: { id: "$(echo no)", name: "`echo" },
        });
      });

      it("escapes the names of mounts and of packages", async () => {
        const commands = {
          df: `${DF}/dev/sdb1 10 5 5 50% /mnt/a "b" \\c\n`,
          "dpkg-query": 'install ok installed\ta"b\\\t1\u0001\n',
        };
        expect(await facts({ commands })).to.deep.equal({
          disks: [{ mount: '/mnt/a "b" \\c', sizeBytes: 10240, usedBytes: 5120 }],
          packages: [{ name: 'a"b\\', version: "1\u0001" }],
        });
      });

      it("prints its version", async () => {
        const { stdout, status } = await run({}, "--version");
        expect({ stdout, status }).to.deep.equal({ stdout: "fleet-facts 1.0.0\n", status: 0 });
      });

      it("prints its options and facts", async () => {
        const { stdout, status } = await run({}, "--help");
        expect(status).to.equal(0);
        for (const word of ["--help", "--version", ...FACTS]) expect(stdout).to.include(word);
      });

      const refused: [argument: string, message: string][] = [
        ["--all", 'unknown option "--all"; expected one of: --help --version'],
        ["-h", 'unknown option "-h"; expected one of: --help --version'],
        ["disk", `unknown fact "disk"; expected one of: ${FACTS.join(" ")}`],
        ["kernel os", `unknown fact "kernel os"; expected one of: ${FACTS.join(" ")}`],
        ["", `unknown fact ""; expected one of: ${FACTS.join(" ")}`],
        ["*", `unknown fact "*"; expected one of: ${FACTS.join(" ")}`],
      ];
      for (const [argument, message] of refused) {
        it(`refuses the argument "${argument}"`, async () => {
          expect(await run(FULL, "os", argument)).to.deep.equal({
            stdout: "",
            stderr: `fleet-facts: ${message}\n`,
            status: 2,
          });
        });
      }
    });
  }

  describe("on this machine", () => {
    const run = inShell(folder, "/bin/sh");

    it("reports facts that it knows, in valid JSON", () => {
      const output = JSON.parse(execFileSync("/bin/sh", [TOOL], { encoding: "utf8" })) as object;
      expect(FACTS).to.include.members(Object.keys(output));
    });

    it("keeps any text, with the machine's awk", () => {
      const character = fc.oneof(
        fc.constantFrom('"', "\\", "'", "\n", "\t", "$", "`", " "),
        fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      );
      const text = fc
        .string({ unit: character, minLength: 1, maxLength: 12 })
        .filter((text) => !text.includes("\0"));
      return fc.assert(
        fc.asyncProperty(text, text, text, async (id, version, name) => {
          const lines = [
            `ID=${assigned(id)}`,
            `NAME=${assigned(name)}`,
            `VERSION_ID=${assigned(version)}`,
          ];
          const { stdout } = await run({ files: { "/etc/os-release": lines.join("\n") } }, "os");
          expect(JSON.parse(stdout)).to.deep.equal({ os: { id, version, name } });
        }),
        { numRuns: 20 },
      );
    });

    it("puts U+FFFD for bytes that are not UTF-8", async () => {
      const bytes = Buffer.from("NAME='\xff \xc3( \xed\xa0\x80 \xc3\xa9 \xf0\x9f\x98'\n", "latin1");
      const { stdout } = await run({ files: { "/etc/os-release": bytes } }, "os");
      expect(JSON.parse(stdout)).to.deep.equal({
        os: { name: "\ufffd \ufffd( \ufffd\ufffd\ufffd é \ufffd\ufffd\ufffd" },
      });
    });

    it("reports without awk what needs none", async () => {
      const { stdout, status } = await inShell(folder, "/bin/sh", [])(FULL);
      expect(status).to.equal(0);
      expect(Object.keys(JSON.parse(stdout) as object)).to.deep.equal([
        "kernel",
        "hostname",
        "architecture",
        "uptimeSeconds",
      ]);
    });
  });
});

/** A text as os-release(5) wants it in double quotes. */
function assigned(text: string): string {
  return `"${text.replace(/["\\$`]/g, "\\$&")}"`;
}
