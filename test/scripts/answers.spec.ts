import { expect } from "chai";
import { agentEnvironment } from "../../rehearsal/host/plugins/run-shell-script.js";
import type { Machine, MachineOptions } from "../../rehearsal/host/machine.js";
import type { LibraryScript } from "../../scripts/loader/library.js";
import { libraryDocuments, readLibrary } from "../../scripts/loader/library.js";
import { parsePowerShell } from "../../scripts/loader/powershell/parser.js";
import { withBubblewrap } from "../support/bubblewrap.js";
import type { TestPorts } from "../../rehearsal/test/host/support.js";
import { AMAZON_LINUX, FakeAgent, machine, ports } from "../../rehearsal/test/host/support.js";
import {
  MEMBER,
  REGION,
  WINDOWS_IMAGE,
  TestCloud,
} from "../../rehearsal/test/support/test-cloud.js";
import { CERTIFICATES } from "./certificates.js";

interface Case {
  readonly script: string;
  readonly fact: string;
  readonly given?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Commands before the script. */
  readonly first?: string;
  readonly answers: readonly object[];
}

const PASSWD =
  "root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin/nologin\nada:x:1001:1001:Ada:/home/ada:/bin/bash\nbob:x:1002:1002::/home/bob:/bin/sh\n";

const AGENT = {
  name: "amazon-ssm-agent",
  version: "3.3.1345.0-1.amzn2023",
  architecture: "x86_64",
};

const CASES: readonly Case[] = [
  {
    script: "facts",
    fact: "reports what hosts that are alike have in common",
    answers: [
      {
        os: "amzn",
        osVersion: "2023",
        kernel: "6.1.119-129.201.amzn2023.x86_64",
        architecture: "x86_64",
        processors: 2,
        memoryMiB: 983,
      },
    ],
  },
  {
    script: "facts",
    fact: "adds by what they differ",
    given: { Identity: "yes" },
    first: "sleep 90",
    answers: [
      {
        os: "amzn",
        osVersion: "2023",
        kernel: "6.1.119-129.201.amzn2023.x86_64",
        architecture: "x86_64",
        processors: 2,
        memoryMiB: 983,
        hostname: "ip-10-0-1-23",
        uptimeSeconds: 90,
      },
    ],
  },
  {
    script: "listening-ports",
    fact: "reports the sockets of TCP",
    answers: [{ protocol: "tcp", port: 22, address: "0.0.0.0", process: "sshd" }],
  },
  {
    script: "listening-ports",
    fact: "reports those of UDP as well",
    given: { Protocol: "all" },
    answers: [
      { protocol: "tcp", port: 22, address: "0.0.0.0", process: "sshd" },
      { protocol: "udp", port: 323, address: "127.0.0.1", process: "chronyd" },
    ],
  },
  {
    script: "local-accounts",
    fact: "reports who logs in and who administers",
    answers: [
      {
        name: "ec2-user",
        login: true,
        administrator: true,
        groups: ["adm", "ec2-user", "systemd-journal", "wheel"],
      },
      { name: "root", login: true, administrator: true, groups: ["root"] },
    ],
  },
  {
    script: "local-accounts",
    fact: "follows sudo's rules for groups and leaves out files that sudo leaves out",
    given: { All: "yes" },
    files: {
      "/etc/passwd": PASSWD,
      "/etc/group": "root:x:0:\nbin:x:1:\nops:x:50:ada,bin\nada:x:1001:\nbob:x:1002:\n",
      "/etc/sudoers": "Defaults env_keep += X\nUser_Alias A = bob\n  %ops ALL=(ALL) ALL # some\n",
      "/etc/sudoers.d/90-cloud-init-users": "",
      "/etc/sudoers.d/bob.bak": "bob ALL=(ALL) ALL\n",
    },
    answers: [
      { name: "ada", login: true, administrator: true, groups: ["ada", "ops"] },
      { name: "bin", login: false, administrator: true, groups: ["bin", "ops"] },
      { name: "bob", login: true, administrator: false, groups: ["bob"] },
      { name: "root", login: true, administrator: true, groups: ["root"] },
    ],
  },
  {
    script: "expiring-certificates",
    fact: "reports those that expired or soon will, and no key",
    files: {
      "/etc/nginx/tls/web.crt": CERTIFICATES.soon + CERTIFICATES.expired,
      "/opt/app/old.pem": CERTIFICATES.expired,
      "/opt/app/later.pem": CERTIFICATES.later,
      "/opt/app/key.pem": "-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----\n",
      "/etc/ssl/certs/root.pem": CERTIFICATES.expired,
    },
    answers: [
      {
        name: "CN=web.example.com",
        place: "/etc/nginx/tls/web.crt",
        expires: "2026-01-20T08:00:00Z",
        daysLeft: 15,
        expired: false,
      },
      {
        name: String.raw`CN=old.example.com,O=Example \"Co\"\, Inc`,
        place: "/opt/app/old.pem",
        expires: "2025-12-01T12:00:00Z",
        daysLeft: -34,
        expired: true,
      },
    ],
  },
  {
    script: "expiring-certificates",
    fact: "looks where its parameter says",
    given: { Days: "400", Places: "/srv/a /srv/none" },
    files: { "/srv/a/later.cer": CERTIFICATES.later, "/opt/app/old.pem": CERTIFICATES.expired },
    answers: [
      {
        name: "CN=later.example.com",
        place: "/srv/a/later.cer",
        expires: "2027-01-20T08:00:00Z",
        daysLeft: 380,
        expired: false,
      },
    ],
  },
  {
    script: "disk-pressure",
    fact: "gives one answer where there is room",
    answers: [{ pressure: false, disks: [] }],
  },
  {
    script: "disk-pressure",
    fact: "reports disks that are as full as that",
    given: { Percent: "13" },
    answers: [
      {
        pressure: true,
        disks: [
          { place: "/", of: "bytes", usedPercent: 20 },
          { place: "/boot/efi", of: "bytes", usedPercent: 13 },
        ],
      },
    ],
  },
  {
    script: "disk-pressure",
    fact: "compares numbers",
    given: { Percent: "100" },
    answers: [{ pressure: false, disks: [] }],
  },
  {
    script: "pending-reboot",
    fact: "reports that nothing waits",
    answers: [{ pending: false, reasons: [] }],
  },
  {
    script: "pending-reboot",
    fact: "reports that updates wait",
    files: { "/run/reboot-required": "" },
    answers: [{ pending: true, reasons: ["updates"] }],
  },
  {
    script: "installed-packages",
    fact: "reports those that fit a name",
    given: { Name: "amazon-*" },
    answers: [AGENT],
  },
  {
    script: "installed-packages",
    fact: "reports nothing where none fits",
    given: { Name: "none" },
    answers: [],
  },
];

const LIBRARY = new Map(readLibrary("scripts").map((script) => [script.name, script]));

function scriptOf({ script }: Case): LibraryScript {
  const found = LIBRARY.get(script);
  if (found === undefined) throw new Error(`the library has no ${script}`);
  return found;
}

/** Runs a script of the library as an agent does: a parameter that is not given has its default. */
async function answersOf(example: Case, host: Machine): Promise<readonly unknown[]> {
  const { linux, parameters } = scriptOf(example);
  const values = parameters.map(({ name, default: value }) => [
    `SSM_${name}`,
    example.given?.[name] ?? value,
  ]);
  if (example.first !== undefined) await host.run(example.first);
  const environment = {
    ...(Object.fromEntries(values) as Record<string, string>),
    ...agentEnvironment(new FakeAgent()),
  };
  const ran = await host.run(linux?.text ?? "", { environment });
  expect({ exitCode: ran.exitCode, stderr: ran.stderr }).to.deep.equal({ exitCode: 0, stderr: "" });
  return ran.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}

type MakeMachine = (ports: TestPorts, options: Partial<MachineOptions>) => Machine;

function answers(make: () => MakeMachine): void {
  for (const example of CASES) {
    it(`${example.script} ${example.fact}`, async () => {
      const machinePorts = ports();
      const host = make()(
        machinePorts,
        example.files === undefined ? {} : { files: example.files },
      );
      expect(await answersOf(example, host)).to.deep.equal(example.answers);
      expect(machinePorts.met).to.deep.equal([]);
    });
  }
}

describe("The library's shell scripts on the built-in machine", () => {
  answers(() => machine);

  it("are all run here", () => {
    expect([...new Set(CASES.map(({ script }) => script))].sort()).to.deep.equal([
      ...LIBRARY.keys(),
    ]);
  });
});

describe("The library's documents", () => {
  it("run on hosts of both platforms, with the parameters of a run", async () => {
    const testCloud = new TestCloud();
    await testCloud.host("linux", { Role: "all" });
    const profile = testCloud.cloud.iam.profileArn(MEMBER, "host");
    testCloud.launch("windows", profile, { Role: "all" }, WINDOWS_IMAGE);
    await testCloud.cloud.clock.run();
    for (const [name, content] of Object.entries(libraryDocuments([...LIBRARY.values()]))) {
      await testCloud.create("aws:ssm/document:Document", "test", {
        name: `cf-script-${name}`,
        documentType: "Command",
        content,
      });
    }
    const sent = await testCloud.call<{ Command: { CommandId: string } }>("ssm", "SendCommand", {
      DocumentName: "cf-script-listening-ports",
      Targets: [{ Key: "tag:Role", Values: ["all"] }],
      Parameters: { Protocol: ["udp"] },
    });
    await testCloud.cloud.clock.run();
    const { CommandId } = sent.Command;
    const runs = testCloud.cloud.ssm.commands.invocations(MEMBER, REGION, CommandId);
    expect(
      runs.map(({ details, plugins }) => [details, ...plugins.map(({ result }) => result.stdout)]),
    ).to.deep.equal([
      ["Success", '{"protocol":"udp","port":323,"address":"127.0.0.1","process":"chronyd"}\n', ""],
      [
        "Success",
        "",
        "_script.ps1 of cf-script-listening-ports, step windows: parsed, not executed\n",
      ],
    ]);
  });
});

describe("The library's PowerShell scripts", () => {
  for (const { name, windows } of LIBRARY.values()) {
    it(`${name} parses`, async () => {
      const { problem, unread } = await parsePowerShell(windows?.text ?? "if (");
      expect({ problem, unread }).to.deep.equal({ problem: undefined, unread: undefined });
    });
  }

  it("answer by the names that the shell scripts answer by", () => {
    for (const { script, answers } of CASES) {
      const names = new Set(answers.flatMap(Object.keys));
      const text = LIBRARY.get(script)?.windows?.text ?? "";
      const missing = [...names].filter((name) => !new RegExp(`\\b${name} = `).test(text));
      expect(missing, script).to.deep.equal([]);
    }
  });
});

describe("The library's shell scripts in the machine's own bash", function () {
  this.timeout(60_000);
  const bubblewrap = withBubblewrap();
  answers(() => (ports, options) => {
    const defaults = { privateIp: "10.0.1.23", instanceType: "t3.micro", os: AMAZON_LINUX };
    return bubblewrap.shell.makeMachine(ports, { ...defaults, ...options });
  });
});
