import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { anchorsOf, codeIn, page, pages } from "./pages.js";

interface PackageJson {
  readonly scripts: Readonly<Record<string, string>>;
}

describe("The documentation", () => {
  const { scripts } = JSON.parse(fs.readFileSync("package.json", "utf8")) as PackageJson;

  for (const { file, prose, text } of pages) {
    describe(file, () => {
      it("links to files and headings that are there", () => {
        const broken = [...prose.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
          .filter(([, to = "", anchor]) => {
            const target = to === "" ? file : path.join(path.dirname(file), to);
            if (!fs.existsSync(target)) return true;
            return anchor !== undefined && !anchorsOf(page(target)).includes(anchor);
          })
          .map(([link]) => link);
        expect(broken).to.deep.equal([]);
      });

      it("names no npm script that package.json has not", () => {
        const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
        expect(named.filter((name) => !(name in scripts))).to.deep.equal([]);
      });

      it("names no file of the project that is not there", () => {
        const folders = fs.readdirSync(".").filter((entry) => fs.statSync(entry).isDirectory());
        const paths = codeIn(prose).filter(
          (code) =>
            folders.includes(code.split("/")[0] ?? "") &&
            /^[\w./-]+(\/|\.(ts|mjs|yaml|json|md|jsonl))$/.test(code),
        );
        expect(paths.filter((code) => !fs.existsSync(code))).to.deep.equal([]);
      });
    });
  }

  it("is all reached from the README", () => {
    const linked = [...page("README.md").prose.matchAll(/\]\(([^)#]+)/g)].map(([, to]) => to);
    const others = pages.map(({ file }) => file).filter((file) => file !== "README.md");
    expect(linked).to.include.members(others);
  });
});

describe("The README", () => {
  const readme = page("README.md");

  it("fits on a few screens", () => {
    expect(readme.text.split("\n").length).to.be.lessThan(150);
  });

  it("has the two commands as they are run", () => {
    const lines = readme.blocks.flatMap(({ text }) => text.split("\n"));
    expect(lines).to.include("npm ci && npm run rehearse");
    expect(lines).to.include("npm ci && npm test");
  });

  it("has a map of the folders", () => {
    const map =
      readme.blocks
        .find(({ mark }) => mark === "map")
        ?.text.trim()
        .split("\n") ?? [];
    const shown = map.map((line) => line.split(" ")[0] ?? "");
    expect(shown.filter((file) => !fs.existsSync(file))).to.deep.equal([]);
    const folders = fs
      .readdirSync(".", { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$|^coverage$/.test(entry.name))
      .map(({ name }) => `${name}/`);
    expect(shown).to.include.members(folders);
  });
});
