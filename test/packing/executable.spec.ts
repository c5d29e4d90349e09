import { expect } from "chai";
import * as fs from "node:fs";
import type { Files } from "../../packing/executable.js";
import { readExecutable } from "../../packing/executable.js";
import { projectAt } from "../../stacks/config/project.js";
import { inEmptyFolder } from "../support/folder.js";

/** What reading gives: contents by name, or the problems. */
function outcome(executable: string, forWindows = false, files?: Files): unknown {
  const read = readExecutable(executable, forWindows, files ?? projectAt("."));
  if ("problems" in read) return read.problems;
  return [...read.files].map(([name, bytes]) => [name, bytes.toString()]);
}

describe("What a package packs", () => {
  inEmptyFolder();
  beforeEach(() => {
    fs.mkdirSync("tool/bin", { recursive: true });
    fs.writeFileSync("tool/bin/tool", "1");
    fs.writeFileSync("tool/README", "2");
  });

  it("is a file by its name", () => {
    expect(outcome("tool/bin/tool")).to.deep.equal([["tool", "1"]]);
  });

  it("is a folder's files by their paths in it, in an order that no machine changes", () => {
    fs.writeFileSync("tool/bin.conf", "3");
    expect(outcome("tool")).to.deep.equal([
      ["README", "2"],
      ["bin.conf", "3"],
      ["bin/tool", "1"],
    ]);
    expect(outcome("./tool/")).to.deep.equal(outcome("tool"));
  });

  it("has no symbolic links, as a file, in a folder or as the folder", () => {
    fs.symlinkSync("tool", "tool/bin/link");
    fs.symlinkSync("tool", "link");
    const reason = (at: string) =>
      `expected files and folders, got a symbolic link at "${at}"; put the file itself there, or let the install line link it`;
    expect(outcome("tool")).to.deep.equal([reason("tool/bin/link")]);
    expect(outcome("link")).to.deep.equal([reason("link")]);
  });

  it("has no empty folders", () => {
    fs.mkdirSync("tool/log");
    expect(outcome("tool")).to.deep.equal([
      'expected files, got an empty folder at "tool/log"; a zip of files has no place for it: put a file into it, or let the install line make it',
    ]);
  });

  it("has no script of its own where the agent looks for one", () => {
    fs.writeFileSync("tool/update.ps1", "");
    fs.writeFileSync("tool/bin/install.sh", "is not at the root");
    expect(outcome("tool")).to.deep.equal([
      'expected another file name than that of a generated script, got "tool/update.ps1"',
    ]);
  });

  it("has names that Windows distinguishes and allows, where it is for Windows", () => {
    fs.writeFileSync("tool/readme", "");
    fs.writeFileSync("tool/a:b", "");
    expect(outcome("tool")).to.have.length(4);
    expect(outcome("tool", true)).to.deep.equal([
      'expected a file name that Windows takes, got "tool/a:b"; it takes none with < > : " | ? * or a dot or blank at the end',
      'expected names that differ in more than their case, got "tool/readme" beside "tool/README"; to Windows they are one',
    ]);
  });

  it("has no names that a script cannot write down", () => {
    fs.writeFileSync("tool/a\nb", "");
    expect(outcome("tool")).to.deep.equal([
      'expected a file name without control characters and backslashes, got "tool/a\\nb"',
    ]);
  });

  /** A folder of so many files, each of so many bytes, which nobody has. */
  const big = (count: number, size: number): Files => ({
    read: () => Buffer.of(),
    look: (at) =>
      at === "big"
        ? { kind: "folder", names: Array.from({ length: count }, (_, index) => `file-${index}`) }
        : { kind: "file", size },
  });

  it("keeps to Distributor's limits of files and bytes", () => {
    expect(outcome("big", false, big(996, 1))).to.have.length(996);
    expect(outcome("big", false, big(997, 1))).to.deep.equal([
      'expected at most 996 files, got 997 in "big"; Distributor takes 1000 with the generated scripts: pack them into one archive that the install line unpacks',
    ]);
    expect(outcome("big", false, big(2, 2 ** 29))).to.have.length(2);
    expect(outcome("big", false, big(3, 2 ** 29))).to.deep.equal([
      'expected at most 1 GB, got 1.5 GB in "big"; that is Distributor\'s limit for a zip, and this counts before compression',
    ]);
  });

  it("reports the first few problems of many", () => {
    for (let index = 0; index < 8; index++) fs.symlinkSync("tool", `tool/link-${index}`);
    const problems = outcome("tool") as string[];
    expect(problems).to.have.length(6);
    expect(problems.at(-1)).to.equal("and 3 more of the kind");
  });
});
