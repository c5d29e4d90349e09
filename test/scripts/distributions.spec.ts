import type { CommandName } from "just-bash";
import { Bash, defineCommand, getCommandNames } from "just-bash";
import { expect } from "chai";
import { assignmentsSucceed } from "../../rehearsal/host/assignments.js";
import { readLibrary } from "../../scripts/loader/library.js";

/** What a command prints, and how it ends. */
type Fake = string | { readonly stdout: string; readonly exitCode: number };

const OWN = getCommandNames() as CommandName[];

/** Runs a script of the library where commands print what those of another distribution print. */
async function answers(
  name: string,
  given: Readonly<Record<string, string>>,
  commands: Readonly<Record<string, Fake>>,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly unknown[]> {
  const script = readLibrary("scripts").find((script) => script.name === name);
  const ran: string[] = [];
  const bash = new Bash({
    files,
    commands: OWN.filter((command) => !(command in commands)),
    customCommands: Object.entries(commands).map(([command, fake]) =>
      defineCommand(command, (args) => {
        ran.push([command, ...args].join(" "));
        const { stdout, exitCode } =
          typeof fake === "string" ? { stdout: fake, exitCode: 0 } : fake;
        return Promise.resolve({ stdout, stderr: "", exitCode });
      }),
    ),
  });
  bash.registerTransformPlugin(assignmentsSucceed);
  const env = Object.fromEntries(Object.entries(given).map(([key, text]) => [`SSM_${key}`, text]));
  const { stdout, stderr, exitCode } = await bash.exec(script?.linux?.text ?? "", {
    env,
    rawScript: true,
  });
  expect({ stderr, exitCode }, ran.join("\n")).to.deep.equal({ stderr: "", exitCode: 0 });
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
}

describe("The library's shell scripts on other distributions", () => {
  it("ask dpkg on Ubuntu, and leave out what was removed", async () => {
    const packages = [
      "ii \tzlib1g\t1:1.2.13.dfsg-1\tamd64",
      "ii \tbash\t5.1-6ubuntu1.1\tamd64",
      "rc \told\t1.0\tall",
      "hi \tlinux-image-aws\t6.8.0-1021.23\tamd64",
    ];
    expect(
      await answers("installed-packages", { Name: "*" }, { "dpkg-query": packages.join("\n") }),
    ).to.deep.equal([
      { name: "bash", version: "5.1-6ubuntu1.1", architecture: "amd64" },
      { name: "linux-image-aws", version: "6.8.0-1021.23", architecture: "amd64" },
      { name: "zlib1g", version: "1:1.2.13.dfsg-1", architecture: "amd64" },
    ]);
  });

  it("find no package where dpkg fails because none fits", async () => {
    const none = { stdout: "", exitCode: 1 };
    expect(
      await answers("installed-packages", { Name: "none" }, { "dpkg-query": none }),
    ).to.deep.equal([]);
  });

  it("leave out the keys that rpm lists", async () => {
    const rpm = "gpg-pubkey\td36cb86c-63e7ef9b\t(none)\nbash\t5.1.8-9.el9\tx86_64\n";
    expect(await answers("installed-packages", { Name: "*" }, { rpm })).to.deep.equal([
      { name: "bash", version: "5.1.8-9.el9", architecture: "x86_64" },
    ]);
  });

  it("read the sockets of ss as it writes them: by interface, for all addresses, of several processes", async () => {
    const ss = [
      'tcp   LISTEN 0      4096   127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=415,fd=15))',
      'tcp   LISTEN 0      511                *:80               *:*    users:(("nginx: master",pid=9,fd=6),("nginx",pid=10,fd=6))',
      'tcp   LISTEN 0      128             [::]:22            [::]:*    users:(("sshd",pid=711,fd=4))',
      "udp   UNCONN 0      0      10.0.0.5%ens5:68         0.0.0.0:*   ",
    ].join("\n");
    expect(await answers("listening-ports", { Protocol: "all" }, { ss })).to.deep.equal([
      { protocol: "tcp", port: 22, address: "::", process: "sshd" },
      { protocol: "tcp", port: 53, address: "127.0.0.53", process: "systemd-resolve" },
      { protocol: "tcp", port: 80, address: "::", process: "nginx: master" },
      { protocol: "udp", port: 68, address: "10.0.0.5", process: "" },
    ]);
  });

  it("see full disks, with blanks in their names, and inodes that run out", async () => {
    const df = [
      "Filesystem 1024-blocks Used Available Capacity Mounted on",
      '/dev/nvme1n1 100 97 3 97% /mnt/my "data"',
      "/dev/nvme0n1p1 100 9 91 9% /",
    ].join("\n");
    const [answer] = await answers("disk-pressure", { Percent: "90" }, { df: `${df}\n` });
    expect(answer).to.deep.equal({
      pressure: true,
      disks: [
        { place: '/mnt/my "data"', of: "bytes", usedPercent: 97 },
        { place: '/mnt/my "data"', of: "inodes", usedPercent: 97 },
      ],
    });
  });

  it("wait for a reboot where needs-restarting says so, and not where it fails", async () => {
    const pending = (exitCode: number) =>
      answers("pending-reboot", {}, { "needs-restarting": { stdout: "", exitCode } });
    expect(await pending(1)).to.deep.equal([{ pending: true, reasons: ["updates"] }]);
    expect(await pending(2)).to.deep.equal([{ pending: false, reasons: [] }]);
  });

  it("wait for a reboot where a newer kernel is installed than runs", async () => {
    const rpm = "5.14.0-427.el9.x86_64\n5.14.0-503.el9.x86_64\n";
    const pending = (uname: string) => answers("pending-reboot", {}, { rpm, uname });
    expect(await pending("5.14.0-427.el9.x86_64\n")).to.deep.equal([
      { pending: true, reasons: ["kernel"] },
    ]);
    expect(await pending("5.14.0-503.el9.x86_64\n")).to.deep.equal([
      { pending: false, reasons: [] },
    ]);
    const none = { stdout: "package kernel is not installed\n", exitCode: 1 };
    expect(await answers("pending-reboot", {}, { rpm: none, uname: "6.1\n" })).to.deep.equal([
      { pending: false, reasons: [] },
    ]);
  });
});
