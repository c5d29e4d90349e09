import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { contentOf, digestOf, ReadVariant, stage } from "../../packages/content";
import { Variant } from "../../packages/variant";
import { inEmptyFolder } from "../support/folder";

const read = (variant: Partial<Variant> = {}, executable = "echo tool\n"): ReadVariant => ({
  variant: {
    name: "tool",
    version: "1.0.0",
    os: "linux",
    architecture: "_any",
    executable: "tools/tool",
    install: "cp tool /usr/local/bin/",
    uninstall: "rm -f /usr/local/bin/tool",
    ...variant,
  },
  executable: Buffer.from(executable),
});

const texts = (content: ReadonlyMap<string, Buffer>) =>
  Object.fromEntries([...content].map(([name, bytes]) => [name, bytes.toString()]));

describe("The content of a package", () => {
  it("is the executable and a script for each line", () => {
    expect(texts(contentOf(read()))).to.deep.equal({
      tool: "echo tool\n",
      "install.sh": "#!/bin/sh\nset -eu\ncp tool /usr/local/bin/\n",
      "uninstall.sh": "#!/bin/sh\nset -eu\nrm -f /usr/local/bin/tool\n",
    });
  });

  it("has PowerShell scripts for Windows, which fail when their program does", () => {
    const content = contentOf(
      read({ os: "windows", executable: "tools/tool.msi", install: "msiexec /i tool.msi /qn" }),
    );
    expect(Object.keys(texts(content))).to.deep.equal(["tool.msi", "install.ps1", "uninstall.ps1"]);
    expect(texts(content)["install.ps1"]).to.equal(
      '$ErrorActionPreference = "Stop"\nmsiexec /i tool.msi /qn\nif ($LASTEXITCODE) { exit $LASTEXITCODE }\n',
    );
  });

  const same: [string, ReadVariant][] = [
    ["another version", read({ version: "2.0.0" })],
    ["another folder of the executable", read({ executable: "elsewhere/tool" })],
  ];
  for (const [what, other] of same) {
    it(`has the same digest with ${what}`, () => {
      expect(digestOf(other)).to.equal(digestOf(read()));
    });
  }

  const different: [string, ReadVariant][] = [
    ["another executable", read({}, "echo other\n")],
    ["another name of the executable", read({ executable: "tools/other" })],
    ["another install line", read({ install: "true" })],
    ["another uninstall line", read({ uninstall: "true" })],
    ["another operating system", read({ os: "amazon" })],
    ["another architecture", read({ architecture: "arm64" })],
  ];
  for (const [what, other] of different) {
    it(`has another digest with ${what}`, () => {
      expect(digestOf(other)).not.to.equal(digestOf(read()));
    });
  }
});

describe("Staging a package", () => {
  inEmptyFolder();

  it("writes its content, executable by all, into a folder of its own", () => {
    const folder = stage("build", read());
    expect(folder).to.equal(path.join("build", "tool", "1.0.0", "linux-_any"));
    const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
    const modes = files.map((file) => fs.statSync(file).mode & 0o777);
    expect(modes).to.deep.equal([0o755, 0o755, 0o755]);
    expect(fs.readFileSync(path.join(folder, "tool"), "utf8")).to.equal("echo tool\n");
  });

  it("leaves nothing of an earlier build behind", () => {
    const folder = stage("build", read());
    fs.writeFileSync(path.join(folder, "stray"), "");
    stage("build", read());
    expect(fs.readdirSync(folder)).to.deep.equal(["install.sh", "tool", "uninstall.sh"]);
  });
});
