import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { contentOf, digestOf, writeContent } from "../../packing/content.js";
import type { ReadVariant } from "../../packing/variant.js";
import { inEmptyFolder } from "../support/folder.js";
import { readVariant as read } from "../support/variants.js";

const texts = (content: ReadonlyMap<string, Buffer>) =>
  Object.fromEntries([...content].map(([name, bytes]) => [name, bytes.toString()]));

describe("The content of a package", () => {
  it("is what is installed, and the scripts that the agent runs", () => {
    expect(Object.keys(texts(contentOf(read())))).to.deep.equal([
      "tool",
      "install.sh",
      "uninstall.sh",
      "validate.sh",
    ]);
  });

  it("is a folder's files, where they are in it", () => {
    const files = { "bin/tool": "echo tool\n", "conf/tool.conf": "" };
    expect(Object.keys(texts(contentOf(read({}, files)))).slice(0, 2)).to.deep.equal([
      "bin/tool",
      "conf/tool.conf",
    ]);
  });

  it("has PowerShell scripts for Windows, and the install line in a file that it may exit from", () => {
    const content = texts(
      contentOf(read({ os: "windows", install: "exit 0" }, { "tool.msi": "x" })),
    );
    expect(Object.keys(content)).to.deep.equal([
      "tool.msi",
      "install.ps1",
      "install-line.ps1",
      "uninstall.ps1",
      "validate.ps1",
    ]);
    expect(content["install-line.ps1"]).to.equal("\uFEFFexit 0\r\n");
  });

  const same: [string, ReadVariant][] = [
    ["another version", read({ version: "2.0.0" })],
    ["another path of the executable", read({ executable: "elsewhere/tool" })],
  ];
  for (const [what, other] of same) {
    it(`has the same digest with ${what}`, () => {
      expect(digestOf(other)).to.equal(digestOf(read()));
    });
  }

  const different: [string, ReadVariant][] = [
    ["another executable", read({}, { tool: "echo other\n" })],
    ["another name of the executable", read({}, { other: "echo tool\n" })],
    ["a file more", read({}, { tool: "echo tool\n", more: "" })],
    ["another install line", read({ install: "true" })],
    ["another uninstall line", read({ uninstall: "true" })],
    ["a validate line", read({ validate: "true" })],
    ["a secret", read({ secrets: { TOKEN: "/tool/token" } })],
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
    const folder = writeContent("build", read());
    expect(folder).to.equal(path.join("build", "tool", "1.0.0", "linux-_any"));
    const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
    const modes = files.map((file) => fs.statSync(file).mode & 0o777);
    expect(modes).to.deep.equal([0o755, 0o755, 0o755, 0o755]);
    expect(fs.readFileSync(path.join(folder, "tool"), "utf8")).to.equal("echo tool\n");
  });

  it("leaves nothing of an earlier build behind", () => {
    const folder = writeContent("build", read());
    fs.writeFileSync(path.join(folder, "stray"), "");
    writeContent("build", read());
    expect(fs.readdirSync(folder)).to.deep.equal([
      "install.sh",
      "tool",
      "uninstall.sh",
      "validate.sh",
    ]);
  });

  it("keeps a folder's folders, and none that it has no more", () => {
    const folder = writeContent("build", read({}, { "bin/tool": "a", "lib/deep/part": "b" }));
    writeContent("build", read({}, { "lib/part": "b", bin: "c" }));
    const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
    const names = files.map(({ parentPath, name }) =>
      path.relative(folder, path.join(parentPath, name)),
    );
    expect(names.sort()).to.deep.equal([
      "bin",
      "install.sh",
      "lib",
      "lib/part",
      "uninstall.sh",
      "validate.sh",
    ]);
  });
});
