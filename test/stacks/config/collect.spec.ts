import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { parseConfig } from "../../../stacks/config.js";
import { ConfigError } from "../../../stacks/config/error.js";
import { deployMember } from "../../../stacks/member.js";
import { logExports, memberConfig, project, rawMember, runExports } from "../../support/configs.js";
import { mockProgram } from "../../support/mocked-program.js";

const entry = { script: "facts", schedule: "rate(1 day)", inventory: "Custom:Facts" };
const rule = { field: "daysLeft", operator: "atLeast", value: 14 };
const taken = (values: object) => memberConfig({ collect: { facts: values } }).collect["facts"];
const judged = (...rules: unknown[]) => ({
  ...entry,
  script: "expiring-certificates",
  compliance: { type: "Custom:Facts", rules },
});

/** What is wrong with an entry of fleet:collect. */
function problems(values: unknown, name = "facts"): string[] {
  try {
    parseConfig(rawMember({ collect: { [name]: values } }), project());
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
}

describe("fleet:collect", () => {
  it("shares no name with a schedule, as answers are kept by it", () => {
    const schedules = { "collect-facts": { script: "facts", schedule: "rate(1 day)" } };
    expect(() =>
      parseConfig(rawMember({ schedules, collect: { facts: entry } }), project()),
    ).to.throw(
      'fleet:schedules.collect-facts: expected another name than that of the window of fleet:collect.facts, got "collect-facts"; rename one of them',
    );
  });

  it("asks all bootstrapped hosts unless an entry says otherwise", () => {
    expect(taken(entry)).to.deep.equal({
      script: "facts",
      parameters: {},
      target: { key: "tag:cf.ec2.bootstrap.enabled", values: ["true", "True", "TRUE"] },
      expression: "rate(1 day)",
      maxConcurrency: "10%",
      maxErrors: "10%",
      inventory: "Custom:Facts",
    });
  });

  it("compares texts, whatever YAML made of a value", () => {
    const rules = [rule, { field: "expired", operator: "equals", value: false, severity: "HIGH" }];
    expect(taken(judged(...rules))?.compliance).to.deep.equal({
      type: "Custom:Facts",
      rules: [
        { field: "daysLeft", operator: "atLeast", value: "14", severity: "UNSPECIFIED" },
        { field: "expired", operator: "equals", value: "false", severity: "HIGH" },
      ],
    });
  });

  const at = "fleet:collect.facts";
  const refused: [what: string, values: unknown, reasons: string[]][] = [
    [
      "an entry whose answers become nothing",
      { script: "facts", schedule: "rate(1 day)" },
      [`${at}: expected inventory, compliance or both, got none; say what the answers become`],
    ],
    [
      "parameters that the script does not have, and values that it does not take",
      { ...entry, script: "disk-pressure", parameters: { Percen: "80", Percent: "full" } },
      [
        `${at}.parameters.Percen: expected a parameter of script disk-pressure (Percent, executionTimeout), got "Percen"; did you mean "Percent"?`,
        `${at}.parameters.Percent: expected a text like [1-9][0-9]?|100, got "full"`,
      ],
    ],
    [
      "a rule about a field that the script does not declare",
      judged({ ...rule, field: "daysleft" }, { ...rule, field: "owner" }),
      [
        `${at}.compliance.rules[0].field: expected a field of script expiring-certificates (name, place, expires, daysLeft, expired), got "daysleft"; did you mean "daysLeft"?`,
        `${at}.compliance.rules[1].field: expected a field of script expiring-certificates (name, place, expires, daysLeft, expired), got "owner"; declare it at the top of the script: # @field owner <description>`,
      ],
    ],
    [
      "a field that nobody reads",
      { ...entry, inventry: "Custom:Facts" },
      [
        `${at}.inventry: expected one of the fields script, parameters, target, schedule, timeZone, maxConcurrency, maxErrors, inventory, compliance; did you mean "inventory"?`,
      ],
    ],
    [
      "types that are not custom, and no rules",
      { ...entry, inventory: "AWS:Application", compliance: { type: "Patch", rules: [] } },
      [
        `${at}.inventory: expected Custom: and a name of 1-93 letters, digits, _, . or -, beginning with a capital, got "AWS:Application"`,
        `${at}.compliance.type: expected Custom: and a name of 2-93 letters, digits, _ or -, got "Patch"`,
        `${at}.compliance.rules: expected 1-20 rules, got []`,
      ],
    ],
    [
      "rules that are none",
      judged({ field: "days left", operator: "is", value: "", severity: "BAD" }),
      [
        `${at}.compliance.rules[0].field: expected the name of a field of the script's answer, got "days left"`,
        `${at}.compliance.rules[0].operator: expected one of equals, notEquals, atMost, atLeast, got "is"`,
        `${at}.compliance.rules[0].value: expected a text in one line, a number, true or false, got ""`,
        `${at}.compliance.rules[0].severity: expected one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNSPECIFIED, got "BAD"`,
      ],
    ],
    [
      "a rule that compares numbers with a text",
      judged({ ...rule, value: "soon" }),
      [`${at}.compliance.rules[0].value: expected a number for the operator atLeast, got "soon"`],
    ],
    [
      "a rule that is there twice",
      judged(rule, { ...rule, value: "14", severity: "LOW" }),
      [
        `${at}.compliance.rules[1]: expected each rule once, got "daysLeft atLeast 14" again; remove one of them`,
      ],
    ],
    [
      "a rule that is longer than an id of compliance",
      judged({ field: "name", operator: "equals", value: "x".repeat(89) }),
      [
        `${at}.compliance.rules[0]: expected field, operator and value of at most 100 characters together, got 101`,
      ],
    ],
    [
      "parameters that a window cannot hand over",
      { ...entry, script: "expiring-certificates", parameters: { Places: "x".repeat(500) } },
      [`${at}.parameters: expected at most 512 characters as JSON, got 515; make them shorter`],
    ],
  ];
  for (const [what, values, reasons] of refused) {
    it(`refuses ${what}`, () => {
      expect(problems(values)).to.deep.equal(reasons);
    });
  }

  it("refuses a name that is none", () => {
    expect(problems(entry, "Facts")).to.deep.equal([
      'fleet:collect.Facts: expected a name of 2-30 letters a-z, digits or -, beginning with a letter, got "Facts"',
    ]);
  });

  it("is refused where the log account has no such script, or none for the member", async () => {
    const refusal = async (runs: Readonly<Record<string, unknown>>) => {
      await mockProgram({ stacks: { "organization/fleet/log": logExports(runs) } });
      return deployMember(memberConfig({ collect: { facts: entry } })).then(
        () => "deployed",
        (error: Error) => error.message,
      );
    };
    expect(await refusal({ runs: runExports({ scripts: { ports: {} } }) })).to.equal(
      '1 problem in the configuration\n  fleet:collect.facts.script: expected a script of stack "organization/fleet/log" (ports), got "facts"',
    );
    expect(await refusal({})).to.equal(
      '1 problem in the configuration\n  fleet:collect.facts.script: expected fleet:runAccounts of stack "organization/fleet/log" to have 222222222222, got no account; add it there first',
    );
  });

  describe("in docs/compliance.md", () => {
    const text = readFileSync(join(__dirname, "../../../docs/compliance.md"), "utf8");

    it("is an example that is taken", () => {
      const [, shown = ""] = /```yaml\n([^]*?)```/.exec(text) ?? [];
      const { config } = parse(shown) as { config: { "fleet:collect": object } };
      const { collect } = memberConfig({ collect: config["fleet:collect"] });
      expect(Object.keys(collect)).to.deep.equal(["reboots", "certificates"]);
    });

    it("has every field, and no other", () => {
      const [, listed = ""] =
        /one of the fields ([\w, ]+)/.exec(problems({ ...entry, nothing: 1 })[0] ?? "") ?? [];
      const documented = [...text.matchAll(/^\| `([\w.[\]]+)`/gm)].map(([, field = ""]) =>
        field.replace(/[.[].*/, ""),
      );
      expect([...new Set(documented)]).to.deep.equal(listed.split(", "));
    });
  });
});
