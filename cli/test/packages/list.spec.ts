import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { fleet } from "../support.js";
import { inProject, LOG, tool } from "./project.js";

describe("fleet packages list", function () {
  this.timeout(20_000);
  const project = inProject();
  const run = (...args: string[]) => fleet(project.folder, ["packages", "list", ...args]);
  const packages = async () => {
    const { out } = await run("--json");
    return (JSON.parse(out) as { packages: { lock: string }[] }).packages;
  };

  /** A command of that name that prints, first on the PATH. */
  const withPulumi = async <T>(prints: string, act: () => Promise<T>): Promise<T> => {
    const before = process.env["PATH"] ?? "";
    const text = `#!/bin/sh\necho "$@" > ${project.folder}/asked\ncat <<'E'\n${prints}\nE\n`;
    fs.writeFileSync(path.join(project.folder, "pulumi"), text, { mode: 0o755 });
    process.env["PATH"] = `${project.folder}:${before}`;
    return act().finally(() => (process.env["PATH"] = before));
  };

  it("shows packages with version, variants, shares and the state of the lock", async () => {
    await fleet(project.folder, tool());
    expect(await run()).to.deep.equal({
      code: 0,
      errors: "",
      out: "PACKAGE  VERSION  VARIANTS    SHARED WITH   LOCK\ntool     1.0.0    linux/_any  222222222222  locked\n",
    });
    expect(await packages()).to.deep.equal([
      {
        name: "tool",
        version: "1.0.0",
        variants: ["linux/_any"],
        share: ["222222222222"],
        lock: "locked",
      },
    ]);
  });

  it("reports a version that the lock does not know, and one that changed", async () => {
    expect((await packages()).map(({ lock }) => lock)).to.deep.equal([
      "not locked: npm run packages:lock",
    ]);
    await fleet(project.folder, tool());
    fs.writeFileSync(path.join(project.folder, "tools/tool"), "other");
    expect((await packages()).map(({ lock }) => lock)).to.deep.equal([
      "changed without a change of version: linux/_any",
    ]);
  });

  it("says that there are none, and whom they are shared with in words", async () => {
    const file = path.join(project.folder, "Pulumi.log.yaml");
    fs.writeFileSync(file, LOG.replace(/share:\n.*\n/, 'share: "*"\n'));
    expect((await run()).out).to.include("the organisation");
    fs.writeFileSync(file, LOG.replace(/ {2}fleet:packages:[^]*/, ""));
    expect((await run()).out).to.equal(
      "stack log declares no packages; fleet packages add adds one\n",
    );
  });

  it("compares with what is published, where that is asked for", async () => {
    const outputs = { packages: { tool: { version: "0.9.0" }, old: { version: "1.0.0" } } };
    await withPulumi(JSON.stringify(outputs), async () => {
      expect((await run("--published")).out.split("\n").map((line) => line.split(/ {2,}/))).to.eql([
        ["PACKAGE", "VERSION", "VARIANTS", "SHARED WITH", "LOCK", "PUBLISHED"],
        [
          "tool",
          "1.0.0",
          "linux/_any",
          "222222222222",
          "not locked: npm run packages:lock",
          "0.9.0",
        ],
        ["old", "nobody", "not declared", "1.0.0"],
        [""],
      ]);
    });
    expect(project.read("asked")).to.equal("stack output --json --stack log --non-interactive\n");
  });
});
