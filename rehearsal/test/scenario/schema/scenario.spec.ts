import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { milliseconds, readScenario } from "../../../scenario/schema/scenario.js";
import { readProject, readStacks } from "../../../program/stack-files.js";
import { UserError } from "../../../../lib/user-error.js";

describe("files that people write", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fleet-files-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const problemsOf = (read: () => unknown): string[] => {
    try {
      read();
    } catch (error) {
      if (error instanceof UserError) return error.message.replaceAll(`${folder}/`, "").split("\n");
      throw error;
    }
    return [];
  };

  describe("a scenario", () => {
    it("is read with its defaults", () => {
      const scenario = readScenario(
        write("a.yaml", "name: a\nwhen:\n  - launch: { name: x, like: web }\n"),
      );
      expect(scenario.given.vpcs).to.equal(undefined);
      expect(scenario.when).to.deep.equal([
        { launch: { name: "x", like: "web", tags: {}, without: [] } },
      ]);
      expect(scenario.then.deadLetters).to.deep.equal([]);
    });

    it("spreads launches over a time only where there are more than one", () => {
      const file = write(
        "a.yaml",
        "name: a\nwhen:\n  - launch: { name: x, like: web, within: PT1M }\n",
      );
      expect(problemsOf(() => readScenario(file)).join()).to.contain("within: only with count");
    });

    it("reports all that is wrong with it at once, by line", () => {
      const file = write(
        "a.yaml",
        [
          "name: a",
          "given:",
          "  hots: {}",
          "when:",
          "  - wait: ten minutes",
          "  - stop: web",
          "then:",
          "  hosts:",
          "    web:",
          "      status: success",
          "      runs: 2",
        ].join("\n"),
      );
      expect(problemsOf(() => readScenario(file))).to.deep.equal([
        "a.yaml:3: given.hots: unknown key; docs/scenarios.md lists the known ones",
        'a.yaml:5: when.0.wait: expected an ISO 8601 duration such as PT10M or P1D; found "ten minutes"',
        'a.yaml:10: then.hosts.web.status: Invalid option: expected one of "Running"|"Success"|"Failed"|"none"; found "success"',
        "a.yaml:11: then.hosts.web.runs: expected array or object; found 2",
      ]);
    });

    it("refuses paths of files that lead upwards or begin nowhere", () => {
      const file = write(
        "a.yaml",
        `name: a
given:
  hosts:
    web:
      files:
        /a/../../etc/x: up
        motd: nowhere
        'C:\\a\\..\\b': up
        /a/..b/: ""
`,
      );
      const place = "given.hosts.web.files";
      expect(problemsOf(() => readScenario(file))).to.deep.equal([
        `a.yaml:6: ${place}./a/../../etc/x: expected a path without .., write where the file is; found "/a/../../etc/x"`,
        `a.yaml:7: ${place}.motd: expected a path from the root, such as /etc/motd or C:\\Temp\\x; found "motd"`,
        `a.yaml:8: ${place}.C:\\a\\..\\b: expected a path without .., write where the file is; found "C:\\\\a\\\\..\\\\b"`,
      ]);
    });

    it("names the keys that an action can have, and what a known one lacks", () => {
      const file = write(
        "a.yaml",
        [
          "name: a",
          "given:",
          "  faults:",
          "    - tampr: { package: x }",
          "    - events: { deliver: sometimes }",
          "when:",
          "  - lanch: { name: x, like: web }",
          "  - launch: { name: x }",
          "  - { stop: web, start: web }",
          "  - stop",
          "  - settle: yes please",
          "then:",
          "  denied:",
          "    - resource: x",
        ].join("\n"),
      );
      const actions =
        "launch, start, stop, terminate, tag, request, run, until, fault, wait, settle, schedules";
      expect(problemsOf(() => readScenario(file))).to.deep.equal([
        "a.yaml:4: given.faults.0: expected one of the keys tamper, unshare, removeStatement, disableKey, removeParameter, throttle, events; found tampr",
        'a.yaml:5: given.faults.1.events.deliver: expected one of "twice"|"never" or object; found "sometimes"',
        `a.yaml:7: when.0: expected one of the keys ${actions}; found lanch`,
        "a.yaml:8: when.1.launch.like: is missing: expected string",
        "a.yaml:9: when.2: expected just one key; found stop, start",
        'a.yaml:10: when.3: expected object; found "stop"',
        'a.yaml:11: when.4.settle: expected true; found "yes please"',
        "a.yaml:14: then.denied.0.action: is missing: expected string",
      ]);
    });

    it("reports where it is no YAML", () => {
      const [problem = ""] = problemsOf(() => readScenario(write("a.yaml", "name: [a\n")));
      expect(problem).to.match(/^a\.yaml:2: expected YAML: Flow sequence in block collection /);
    });

    it("reports that it is not there", () => {
      expect(problemsOf(() => readScenario(join(folder, "none.yaml")))).to.deep.equal([
        "none.yaml: there is no such file",
      ]);
    });
  });

  it("durations count days to seconds", () => {
    const cases = {
      PT30S: 30_000,
      PT10M: 600_000,
      PT1H30M: 5_400_000,
      P1D: 86_400_000,
      P1DT1S: 86_401_000,
    };
    expect(Object.keys(cases).map(milliseconds)).to.deep.equal(Object.values(cases));
  });

  describe("stack files", () => {
    const project = () => readProject(folder);

    it("are read with the project's defaults and values, log before members", () => {
      write(
        "Pulumi.yaml",
        "name: p\nconfig:\n  prefix: { type: string, default: cf }\n  pulumi:autonaming: { value: { mode: verbatim } }\n",
      );
      write("Pulumi.a.yaml", "config:\n  p:role: member\n");
      write("Pulumi.z.yaml", "config:\n  p:role: log\n  p:prefix: zz\n");
      const stacks = readStacks(project(), folder).map(({ name, config }) => ({ name, config }));
      const shared = { "pulumi:autonaming": { mode: "verbatim" } };
      expect(stacks).to.deep.equal([
        { name: "z", config: { "p:role": "log", "p:prefix": "zz", ...shared } },
        { name: "a", config: { "p:role": "member", "p:prefix": "cf", ...shared } },
      ]);
    });

    it("that are missing are reported", () => {
      write("Pulumi.yaml", "name: p\n");
      expect(problemsOf(() => readStacks(project(), folder))[0]).to.include(
        "it holds no stack file",
      );
      expect(problemsOf(() => readStacks(project(), join(folder, "x")))).to.deep.equal([
        "x: there is no such folder with stack files",
      ]);
      write("file", "");
      expect(problemsOf(() => readStacks(project(), join(folder, "file")))).to.deep.equal([
        "file: expected a folder with stack files, found a file; name its folder",
      ]);
    });

    it("that are called otherwise, which Pulumi passes over, are reported", () => {
      write("Pulumi.yaml", "name: p\n");
      for (const file of ["Pulumi.log.yaml", "Pulumi.member.yml", "pulumi.other.yaml"])
        write(file, "config: {}\n");
      const message =
        "expected a name such as Pulumi.<stack>.yaml, which is the only one that Pulumi reads; rename it";
      expect(problemsOf(() => readStacks(project(), folder))).to.deep.equal([
        `Pulumi.member.yml: ${message}`,
        `pulumi.other.yaml: ${message}`,
      ]);
    });

    it("are read to the end before all problems in them are reported", () => {
      write("Pulumi.yaml", "name: p\n");
      write("Pulumi.a.yaml", "config:\n  vpc: main\n");
      write("Pulumi.b.yaml", "config:\n  p:vpc: *main\n");
      expect(problemsOf(() => readStacks(project(), folder))).to.deep.equal([
        "Pulumi.a.yaml:2: vpc: expected a namespace, found none; write p:vpc",
        "Pulumi.b.yaml:2: expected an anchor &main further up, found none for *main; put it in quotes where a text is meant",
      ]);
    });
  });
});
