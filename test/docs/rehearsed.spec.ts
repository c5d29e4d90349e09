import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import { expect } from "chai";
import { REPORT_SCHEMA, reportSchemaText } from "../../rehearsal/tools/make-report-schema.js";
import { rehearse } from "../../rehearsal/rehearse.js";
import type { Report } from "../../rehearsal/report/report.js";
import { terminalReport } from "../../rehearsal/report/terminal.js";
import { readScenario } from "../../rehearsal/scenario/schema/scenario.js";
import { page, pages } from "./pages.js";

/** Scenarios that the pages print, and excerpts of what playing one of the project's scenarios shows. */
const printed = page("docs/scenarios.md").blocks.filter(({ text }) => /^name:/m.test(text));
const excerpts = pages.flatMap(({ file, blocks }) =>
  blocks.flatMap(({ mark, text, line }) => {
    const [, scenario] = /^shows: (.*)$/.exec(mark) ?? [];
    return scenario === undefined ? [] : [{ place: `${file}:${line}`, scenario, text }];
  }),
);

/** Ids and digests change with what they are made of; what a page says does not. */
const withoutIds = (text: string): string => text.replace(/[0-9a-f]{7,}|\b[0-9a-f]{4}\b/g, "#");

describe("What the documentation shows of the rehearsal", function () {
  this.timeout(180_000);
  let folder: string;
  let report: Report;
  const examples = () => fs.readdirSync(folder).map((file) => path.join(folder, file));

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "fleet-docs-"));
    for (const { line, text } of printed) fs.writeFileSync(path.join(folder, `${line}.yaml`), text);
    const own = [
      ...new Set(["scenarios/bootstrap.yaml", ...excerpts.map((excerpt) => excerpt.scenario)]),
    ];
    report = await rehearse({ project: process.cwd(), scenarios: [...own, ...examples()] });
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  it("is something", () => {
    expect(printed).to.have.length.greaterThan(2);
    expect(excerpts).to.have.length.greaterThan(1);
  });

  for (const { line } of printed) {
    it(`reads and passes as it stands: docs/scenarios.md, line ${line}`, () => {
      const file = path.join(folder, `${line}.yaml`);
      expect(() => readScenario(file)).not.to.throw();
      const played = report.scenarios.find((scenario) => path.resolve(scenario.file) === file);
      expect(played?.outcome, JSON.stringify(played?.expectations)).to.equal("passed");
    });
  }

  for (const { place, scenario, text } of excerpts) {
    it(`is what ${scenario} prints: ${place}`, () => {
      const played = report.scenarios.filter(({ file }) => file === scenario);
      const real = withoutIds(terminalReport({ ...report, scenarios: played }, false)).split("\n");
      const shown = withoutIds(text.trimEnd()).split("\n");
      const missing = shown.filter((line) => line.trim() !== "…" && !real.includes(line));
      expect(missing, `all of it:\n${real.join("\n")}`).to.deep.equal([]);
    });
  }

  describe("docs/report.schema.json", () => {
    const committed = fs.readFileSync(REPORT_SCHEMA, "utf8");

    it("is what npm run docs:schema makes", async () => {
      expect(committed).to.equal(await reportSchemaText());
    });

    it("describes a real report, and nothing beside", () => {
      const validate = new Ajv2020({ strict: true }).compile(JSON.parse(committed) as object);
      const written = JSON.parse(JSON.stringify(report)) as Report;
      expect(validate(written), JSON.stringify(validate.errors)).to.equal(true);
      expect(validate({ ...written, extra: 1 })).to.equal(false);
      expect(validate({ ...written, outcome: "fine" })).to.equal(false);
    });
  });
});
