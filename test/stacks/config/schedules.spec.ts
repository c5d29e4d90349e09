import { expect } from "chai";
import { parseConfig } from "../../../stacks/config.js";
import { ConfigError } from "../../../stacks/config/error.js";
import { memberConfig, project, rawMember } from "../../support/configs.js";

const schedule = "rate(1 day)";
const taken = (entry: object) => memberConfig({ schedules: { night: entry } }).schedules["night"];

/** What is wrong with an entry of fleet:schedules. */
function problems(entry: unknown, name = "night"): string[] {
  try {
    parseConfig(rawMember({ schedules: { [name]: entry } }), project());
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
}

describe("fleet:schedules", () => {
  it("is a window of all bootstrapped hosts unless an entry says otherwise", () => {
    expect(taken({ script: "facts", schedule })).to.deep.equal({
      work: { what: "script", name: "facts", parameters: {} },
      target: { key: "tag:cf.ec2.bootstrap.enabled", values: ["true", "True", "TRUE"] },
      kind: "window",
      schedule,
      durationHours: 2,
      cutoffHours: 1,
      maxConcurrency: "10%",
      maxErrors: "10%",
    });
  });

  it("has all of an entry", () => {
    const entry = {
      runbook: "heal",
      parameters: { AutomationAssumeRole: "arn:aws:iam::222222222222:role/healer", Deep: "yes" },
      schedule: "cron(0 3 ? * SUN *)",
      timeZone: "Europe/Berlin",
      durationHours: 4,
      cutoffHours: 0,
      maxConcurrency: "20",
      maxErrors: "0",
    };
    expect(taken(entry)).to.deep.include({
      work: {
        what: "runbook",
        name: "heal",
        roleArn: "arn:aws:iam::222222222222:role/healer",
        parameters: { Deep: "yes" },
      },
      timeZone: "Europe/Berlin",
      durationHours: 4,
      cutoffHours: 0,
      maxConcurrency: "20",
      maxErrors: "0",
    });
  });

  const targets: [target: string, key: string, values: string[]][] = [
    ["tag:Environment=prod, test", "tag:Environment", ["prod", "test"]],
    ["tag:a:b=c=d", "tag:a:b", ["c=d"]],
    ["resource-group:web", "resource-groups:Name", ["web"]],
  ];
  for (const [target, key, values] of targets) {
    it(`takes ${target} for ${key} of ${values.join(" and ")}`, () => {
      expect(taken({ script: "facts", schedule, target })?.target).to.deep.equal({ key, values });
    });
  }

  const at = "fleet:schedules.night";
  const refused: [what: string, entry: unknown, reasons: string[]][] = [
    [
      "a parameter that the script does not have, and a value that it does not take",
      { script: "disk-pressure", schedule, parameters: { Percen: "80", Percent: "full" } },
      [
        `${at}.parameters.Percen: expected a parameter of script disk-pressure (Percent, executionTimeout), got "Percen"; did you mean "Percent"?`,
        `${at}.parameters.Percent: expected a text like [1-9][0-9]?|100, got "full"`,
      ],
    ],
    ["no work", { schedule }, [`${at}: expected one of script, document, runbook, got none`]],
    [
      "two works",
      { script: "facts", document: "AWS-RunShellScript", schedule },
      [`${at}: expected one of script, document, runbook, got script and document`],
    ],
    [
      "a field that nobody reads",
      { script: "facts", schedule, cutofHours: 1 },
      [
        `${at}.cutofHours: expected one of the fields script, document, runbook, parameters, target, kind, schedule, timeZone, durationHours, cutoffHours, maxConcurrency, maxErrors; did you mean "cutoffHours"?`,
      ],
    ],
    [
      "hours and shares that are none",
      {
        script: "facts",
        schedule: "every day",
        durationHours: 25,
        maxConcurrency: "0",
        target: "web",
      },
      [
        `${at}.target: expected tag:KEY=VALUE[,VALUE], resource-group:NAME or all, got "web"`,
        `${at}.schedule: expected rate(VALUE UNIT) or cron(MINUTES HOURS DAY-OF-MONTH MONTH DAY-OF-WEEK YEAR), got "every day"; such as rate(1 day), rate(6 hours) or cron(0 6 * * ? *)`,
        `${at}.durationHours: expected a whole number of hours from 1 to 24, got 25`,
        `${at}.maxConcurrency: expected a number or a share of the hosts such as 10%, got "0"`,
      ],
    ],
    [
      "a cutoff as long as the window",
      { script: "facts", schedule, durationHours: 2, cutoffHours: 2 },
      [`${at}.cutoffHours: expected less than durationHours (2), got 2`],
    ],
    [
      "a time zone that is none",
      { script: "facts", schedule, timeZone: "Berlin" },
      [`${at}.timeZone: expected a time zone such as Europe/Berlin, got "Berlin"`],
    ],
    [
      "a runbook without a role, and with hosts",
      { runbook: "heal", schedule, target: "tag:a=b" },
      [
        `${at}.parameters.AutomationAssumeRole: expected the ARN of the role that the runbook works as, got nothing`,
      ],
    ],
    [
      "what an association does not take",
      { script: "facts", kind: "association", timeZone: "UTC", schedule: "cron(0 3 ? 6 * *)" },
      [
        `${at}.timeZone: expected none for an association, whose schedule is in UTC, got "UTC"`,
        `${at}.schedule: expected * for the month of an association, got "6"`,
      ],
    ],
    [
      "an association that runs too often",
      { script: "facts", kind: "association", schedule: "rate(29 minutes)" },
      [
        `${at}.schedule: expected a rate of 30 minutes or more for an association, got "rate(29 minutes)"`,
      ],
    ],
  ];
  for (const [what, entry, reasons] of refused) {
    it(`refuses ${what}`, () => {
      expect(problems(entry)).to.deep.equal(reasons);
    });
  }

  it("refuses a name that Systems Manager does not take", () => {
    expect(problems({ script: "facts", schedule }, "Night!")).to.deep.equal([
      'fleet:schedules.Night!: expected a name of 2-40 letters a-z, digits or -, beginning with a letter, got "Night!"',
    ]);
  });
});
