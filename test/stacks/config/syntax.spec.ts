import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLibrary } from "../../../scripts/loader/library.js";
import { packageLineProblems, scriptSyntaxProblems } from "../../../stacks/config/syntax.js";

const texts = (problems: readonly { readonly key: string; readonly reason: string }[]) =>
  problems.map(({ key, reason }) => `${key}: ${reason}`.replace(/(column \d+): .*/, "$1"));

describe("What hosts hand to a shell", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fleet-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("reports where they do not parse: lines of packages, by key", async () => {
    const entries = [
      {
        os: "linux",
        install: "cp tool /usr/bin/",
        uninstall: "rm -f 'tool",
        validate: "test -x (",
      },
      { os: "windows", install: "if (", uninstall: "Remove-Item tool" },
      { os: "amazon", install: "if then" },
      "no entry",
      { install: 5 },
    ];
    expect(texts(await packageLineProblems(entries))).to.deep.equal([
      `fleet:packages[0].uninstall: expected a line of shell, got "rm -f 'tool"; column 7`,
      `fleet:packages[0].validate: expected a line of shell, got "test -x ("; column 9`,
      `fleet:packages[1].install: expected a line of PowerShell, got "if ("; column 4`,
      `fleet:packages[2].install: expected a line of shell, got "if then"; column 1`,
    ]);
    expect(await packageLineProblems("no list")).to.deep.equal([]);
  });

  it("reports where they do not parse: scripts of the library, by file and line", async () => {
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    write("good.sh", "#!/bin/sh\n# Says hello.\necho hello\n");
    write("bad.sh", "#!/bin/sh\n# Says hello.\nif true; then\n  echo hello\n");
    write("bad.ps1", "# Says hello.\n\nif ($true) {\n");
    expect(texts(await scriptSyntaxProblems(readLibrary(folder)))).to.deep.equal([
      `${folder}/bad.sh:3: expected a script of shell that parses; column 1`,
      `${folder}/bad.ps1:3: expected a script of PowerShell that parses; column 12`,
    ]);
  });
});
