import * as fs from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { keys, parseConfig } from "../../stacks/config.js";
import { ConfigError } from "../../stacks/config/error.js";
import { isRecord } from "../../lib/record.js";
import type { Project } from "../../stacks/config/project.js";
import { projectAt } from "../../stacks/config/project.js";
import { rawLog, rawMember } from "../support/configs.js";
import type { Block } from "./pages.js";
import { codeIn, page, tableRows } from "./pages.js";

type Values = Readonly<Record<string, unknown>>;

/** The settings of a stack file, by their keys without `fleet:`. */
function settings(text: string): Values {
  const stack: unknown = parse(text);
  if (!isRecord(stack) || !isRecord(stack["config"])) throw new Error(`no stack file:\n${text}`);
  const entries = Object.entries(stack["config"]);
  return Object.fromEntries(entries.map(([key, value]) => [key.replace(/^fleet:/, ""), value]));
}

/** The error of a config, as Pulumi prints it; empty where there is none. */
function errorOf(raw: Values, project: Project = projectAt(".")): string {
  try {
    parseConfig(raw, project);
    return "";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

/** The fields that an error lists when it meets a field that it does not know. */
const knownFields = (raw: Values): string[] =>
  (/expected one of the fields ([\w, ]+)/.exec(errorOf(raw))?.[1] ?? "").split(", ");

describe("docs/configuration.md", () => {
  const configuration = page("docs/configuration.md");
  const rowsUnder = (heading: string) => tableRows(configuration, heading);
  const keyRows = ["Every stack", "Stacks of role `log`", "Stacks of role `member`"].flatMap(
    (heading) => rowsUnder(heading).map((row) => ({ heading, row })),
  );

  it("has every key once, and no other", () => {
    const documented = keyRows.map(({ row: [first = ""] }) => codeIn(first)[0]);
    expect(documented).to.deep.equal(Object.keys(keys).map((key) => `fleet:${key}`));
  });

  it("has every key under the role that reads it", () => {
    for (const { heading, row } of keyRows) {
      const key = (codeIn(row[0] ?? "")[0] ?? "").replace("fleet:", "");
      const role = keys[key]?.role;
      expect(heading, key).to.equal(
        role === undefined ? "Every stack" : `Stacks of role \`${role}\``,
      );
    }
  });

  it("has every key's type and default as Pulumi.yaml has them", () => {
    const declared = settings(fs.readFileSync("Pulumi.yaml", "utf8"));
    for (const { row } of keyRows) {
      const [first = "", type = "", value = ""] = row;
      const schema = declared[(codeIn(first)[0] ?? "").replace("fleet:", "")];
      if (!isRecord(schema)) throw new Error(`${first} is not in Pulumi.yaml`);
      expect(type, first).to.equal(schema["type"]);
      const shown = "default" in schema ? JSON.stringify(schema["default"]) : "required";
      expect(codeIn(value)[0] ?? value, first).to.equal(shown);
    }
  });

  it("has every range as the program checks it, and so has Pulumi.yaml", () => {
    const declared = settings(fs.readFileSync("Pulumi.yaml", "utf8"));
    for (const key of ["tmpDays", "outputDays"]) {
      const error = errorOf(rawLog({ runAccounts: ["*"], [key]: -1 }));
      const [, least = "", most = ""] = /from (\d+) to (\d+), got/.exec(error) ?? [];
      expect(Number(most), error).to.be.greaterThan(Number(least));
      const row = keyRows.find(({ row: [first = ""] }) => codeIn(first)[0] === `fleet:${key}`);
      expect(row?.row.join(" "), key).to.include(`days: ${least}-${most}.`);
      const schema = declared[key];
      if (!isRecord(schema)) throw new Error(`${key} is not in Pulumi.yaml`);
      expect(schema["description"], key).to.include(`days. ${least}-${most}.`);
    }
    const error = errorOf(rawLog({ runAccounts: ["*"], queryLimitBytes: 1 }));
    const [, least = ""] = /from (\d+) to \d+, got/.exec(error) ?? [];
    for (const text of [fs.readFileSync("Pulumi.yaml", "utf8"), configuration.text]) {
      expect(text.toLowerCase()).to.match(new RegExp(`in bytes[.:] at least ${least} `));
    }
  });

  it("has every field of an entry of fleet:packages and of fleet:hosts, and no other", () => {
    const fields = (heading: string) => rowsUnder(heading).map(([first = ""]) => codeIn(first)[0]);
    const packages = knownFields(rawLog({ packages: [{ nothing: 1 }] }));
    const hosts = knownFields(rawMember({ hosts: { web: { nothing: 1 } } }));
    expect(fields("Entries of `fleet:packages`")).to.deep.equal(packages);
    expect(fields("Entries of `fleet:hosts`")).to.deep.equal(hosts);
  });

  describe("shows", () => {
    const { blocks } = configuration;
    const stackFiles = blocks.filter(({ language }) => language === "yaml");
    const after = (block: Block): Block | undefined => blocks[blocks.indexOf(block) + 1];
    const isRefused = (block: Block) => after(block)?.mark === "refused";

    it("stack files", () => {
      expect(stackFiles.filter(isRefused)).to.have.length.greaterThan(1);
      expect(stackFiles.filter((block) => !isRefused(block))).to.have.length.greaterThan(1);
    });

    for (const block of stackFiles) {
      const what = isRefused(block) ? "with the error that follows it" : "that can be deployed";
      it(`a stack file ${what}, in line ${block.line}`, () => {
        const error = errorOf(settings(block.text));
        expect(error).to.equal(isRefused(block) ? after(block)?.text.trimEnd() : "");
      });
    }

    it("the errors of the lock file as they are", () => {
      const raw = settings(fs.readFileSync("Pulumi.log.yaml", "utf8"));
      const entries = raw["packages"] as Values[];
      const project = projectAt(".");
      const changed: Project = {
        ...project,
        read: (file) =>
          file.endsWith("/fleet-facts")
            ? Buffer.concat([project.read(file) ?? Buffer.of(), Buffer.from("# changed\n")])
            : project.read(file),
      };
      const errors = [
        errorOf(raw, changed),
        errorOf({ ...raw, packages: entries.map((entry) => ({ ...entry, version: "1.0.1" })) }),
      ];
      const shown = blocks.filter(({ mark }) => mark === "refused by the lock");
      expect(shown.map(({ text }) => text.trimEnd())).to.deep.equal(errors);
    });
  });
});
