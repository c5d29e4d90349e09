import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";

const PROJECT = resolve(__dirname, "..", "..");

describe("npm run rehearse", function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fleet-cli-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const run = (...args: string[]) => {
    const main = join(PROJECT, "rehearsal", "main.ts");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--require", "tsx/cjs", main, ...args],
      {
        cwd: PROJECT,
        encoding: "utf8",
        env: { ...process.env, INIT_CWD: folder, CI: "true" },
      },
    );
    expect(stderr).to.not.match(/^\s+at .+:\d+:\d+/m, "a stack trace");
    return { status, stdout, stderr };
  };

  it("explains itself", () => {
    const { status, stdout } = run("--help");
    expect(status).to.equal(0);
    for (const option of [
      "--scenario",
      "--stack-config",
      "--partition",
      "--shell",
      "--powershell",
      "--json",
      "Exit code",
    ]) {
      expect(stdout).to.include(option);
    }
  });

  it("ends with 1 for an option that it does not know, and for a partition that is none", () => {
    expect(run("--scenarios", "x")).to.deep.include({ status: 1 });
    const { status, stderr } = run("--partition", "aws-iso");
    expect(status).to.equal(1);
    expect(stderr).to.include("Allowed choices are aws, aws-cn, aws-us-gov");
  });

  it("ends with 1 for a shell or a PowerShell that is none, and for one that the machine has not", () => {
    expect(run("--powershell", "cmd").stderr).to.include("Allowed choices are parse, pwsh");
    expect(run("--shell", "zsh").stderr).to.include("Allowed choices are built-in, bubblewrap");
    const before = process.env["PATH"] ?? "";
    process.env["PATH"] = folder;
    try {
      const { status, stderr } = run("--shell", "bubblewrap");
      expect(status).to.equal(1);
      expect(stderr).to.match(/^--shell bubblewrap: .*, or use --shell built-in\n$/);
      const powershell = run("--powershell", "pwsh");
      expect(powershell.status).to.equal(1);
      expect(powershell.stderr).to.match(/^--powershell pwsh: .*, or use --powershell parse\n$/);
    } finally {
      process.env["PATH"] = before;
    }
  });

  it("ends with 1 for a route whose rule names a column that its query does not give", () => {
    for (const stack of ["log", "member"])
      cpSync(join(PROJECT, `Pulumi.${stack}.yaml`), join(folder, `Pulumi.${stack}.yaml`));
    const file = join(folder, "Pulumi.log.yaml");
    const route = {
      ...{ name: "a", sql: "SELECT line FROM output WHERE run = 'r'", schedule: "rate(1 day)" },
      rules: [{ topic: "ops", column: "lin", operator: "equals", value: "1" }],
    };
    const log = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    const routes = { "fleet:routes": [route], "fleet:routeTopics": { ops: ["ops@example.com"] } };
    writeFileSync(file, stringify({ config: { ...log.config, ...routes } }));
    const { status, stderr } = run("--stack-config", ".");
    expect([status, stderr.replace(/^.*?\): /, "")]).to.deep.equal([
      1,
      'fleet:routes[0].rules[0].column: expected a column that the query gives (line), got "lin"\n',
    ]);
  });

  it("ends with 1 for a scenario that is not there, seen from where the user stands", () => {
    const { status, stderr } = run("--scenario", "none.yaml");
    expect([status, stderr]).to.deep.equal([
      1,
      `${join(folder, "none.yaml")}: there is no such file\n`,
    ]);
  });

  it("ends with 1 and every problem of every stack's config, bare", () => {
    for (const stack of ["log", "member"])
      cpSync(join(PROJECT, `Pulumi.${stack}.yaml`), join(folder, `Pulumi.${stack}.yaml`));
    const file = join(folder, "Pulumi.log.yaml");
    const content = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    content.config["fleet:account"] = "1234";
    content.config["fleet:regions"] = ["eu-central-9"];
    writeFileSync(file, stringify(content));
    const other = join(folder, "Pulumi.member.yaml");
    writeFileSync(
      other,
      readFileSync(other, "utf8").replace(
        "platform: linux",
        "platform: linux\n      cloudwatch: no",
      ),
    );
    const { status, stdout, stderr } = run("--stack-config", ".");
    expect([status, stdout]).to.deep.equal([1, ""]);
    const lines = stderr.split("\n").filter((line) => /^stack|^ {2}fleet:/.test(line));
    expect(lines.map((line) => line.replace(/: expected .*/, ""))).to.deep.equal([
      `stack member (${other}): fleet:regions[0]`,
      `stack log (${file}): 2 problems in the configuration`,
      "  fleet:account",
      "  fleet:regions[0]",
      `stack member (${other}): 1 problem in the configuration`,
      "  fleet:hosts.web.cloudwatch",
    ]);
    expect(stderr.trimEnd().split("\n")).to.have.length(lines.length);
  });

  it("ends with 2 for a scenario that fails, and writes why into the JSON, too", () => {
    const scenario = join(folder, "wrong.yaml");
    writeFileSync(
      scenario,
      "name: wrong\nthen:\n  hosts:\n    web: { status: Failed }\n  deadLetters: [X]\n",
    );
    const { status, stdout } = run("--scenario", "wrong.yaml", "--json", "report.json");
    expect(status).to.equal(2);
    expect(stdout).to.include("Rehearsal failed");
    expect(stdout).to.not.include("\u001b", "a colour, where there is no terminal");
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).to.be.at.most(100);
    const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as {
      outcome: string;
      scenarios: { expectations: { holds: boolean; expectation: string }[] }[];
    };
    expect(report.outcome).to.equal("failed");
    expect(
      report.scenarios[0]?.expectations
        .filter(({ holds }) => !holds)
        .map(({ expectation }) => expectation),
    ).to.deep.equal([
      'web: status is "Failed"',
      "1 events are in dead-letter queues",
      'a dead letter has "X"',
    ]);
  });

  it("ends with 1 for stacks that do not go together, with what else is wrong, and warns before", () => {
    const stack = (role: string, more: string) =>
      `config:\n  fleet:role: ${role}\n  fleet:account: "111111111111"\n  fleet:regions: [eu-central-1]\n${more}`;
    writeFileSync(join(folder, "Pulumi.log.yaml"), stack("log", "  fleet:tmpDays: 0\n"));
    writeFileSync(join(folder, "Pulumi.old.yaml"), `${stack("log", "")}  fleet:vpc:\n`);
    writeFileSync(join(folder, "Pulumi.web.yaml"), stack("member", "  fleet:prefix: fl\n"));
    const { status, stderr } = run("--stack-config", ".");
    expect(status).to.equal(1);
    const lines = stderr.trimEnd().split("\n");
    expect(
      lines.map((line) => line.replaceAll(folder, "").replace(/(expected|got) .*/, "")),
    ).to.deep.equal([
      "warning: /Pulumi.old.yaml:5: fleet:vpc: ",
      "warning: stack old (/Pulumi.old.yaml): fleet:role: ",
      "stack old (/Pulumi.old.yaml): fleet:account: ",
      "stack web (/Pulumi.web.yaml): fleet:account: ",
      "stack web (/Pulumi.web.yaml): fleet:prefix: ",
      "stack log (/Pulumi.log.yaml): 1 problem in the configuration",
      "  fleet:tmpDays: ",
    ]);
  });

  const mistakes: [what: string, scenario: string, args: string[], text: string][] = [
    [
      "a host that there is not",
      "when:\n  - stop: wep\n",
      [],
      'a.yaml: when[0]: host "wep": 0 instances have that name; the hosts are web, files\n',
    ],
    [
      "a host that cannot be stopped yet",
      "when:\n  - stop: web\n",
      [],
      "it is pending. (`settle: true` before it waits until nothing is left to happen)\n",
    ],
    [
      "conditions of a host that there is not",
      "given:\n  hosts:\n    wep: { agent: offline }\n",
      [],
      'a.yaml: given.hosts.wep: host "wep": 0 instances have that name; the hosts are web, files\n',
    ],
    [
      "expectations of a host that there is not",
      "then:\n  hosts:\n    wep: { status: Success }\n",
      [],
      'a.yaml: then.hosts.wep: host "wep": 0 instances have that name; the hosts are web, files\n',
    ],
    [
      "settings of a stack that there is not",
      'given:\n  config:\n    membr: { prefix: "x" }\n',
      [],
      "a.yaml: given.config.membr: there is no stack of that name; the stacks are log, member\n",
    ],
    [
      "a VPC that there is not",
      "given:\n  config:\n    member: { vpc: nope }\n",
      [],
      'a.yaml): fleet:vpc: expected one VPC called "nope" in the provider\'s Region, found none',
    ],
    [
      "a report that cannot be written",
      "",
      ["--json", "no/such/folder.json"],
      "folder.json: it cannot be written: ENOENT",
    ],
    [
      "a report that is a folder",
      "",
      ["--html", "."],
      "it cannot be written: it is a folder; name a file in it\n",
    ],
    [
      "two reports in one file",
      "",
      ["--json", "x", "--html", "./x"],
      "--json and --html: expected a file for each, got x for both\n",
    ],
    [
      "options of a served cloud without one",
      "",
      ["--port", "0", "--verbose"],
      "--port, --verbose: expected only with --serve; add it, or take --port, --verbose away\n",
    ],
    [
      "a wait that never ends",
      "when:\n  - wait: P100000D\n",
      [],
      'a.yaml:3: when.0.wait: expected at most P366D; found "P100000D"\n',
    ],
    [
      "a file for the folder of stack files",
      "",
      ["--stack-config", "a.yaml"],
      "a.yaml: expected a folder with stack files, found a file; name its folder\n",
    ],
  ];
  for (const [what, scenario, args, text] of mistakes) {
    it(`ends with 1 for ${what}`, () => {
      writeFileSync(join(folder, "a.yaml"), `name: a\n${scenario}`);
      const { status, stdout, stderr } = run("--scenario", "a.yaml", ...args);
      // Nothing of a rehearsal before it: who waited for one would not have it.
      expect([status, stdout]).to.deep.equal([1, ""]);
      expect(stderr).to.include(text);
    });
  }
});
