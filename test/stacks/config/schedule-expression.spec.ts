import { expect } from "chai";
import { parseSchedule } from "../../../rehearsal/cloud/services/events/schedule.js";
import { NotRehearsed } from "../../../rehearsal/kernel/errors.js";
import { scheduleProblem } from "../../../stacks/config/schedule-expression.js";

/** Expressions that AWS takes, among them those of its user guides. */
const right = [
  "rate(1 minute)",
  "rate(1 hour)",
  "rate(1 day)",
  "rate(7 days)",
  "cron(0 10 * * ? *)",
  "cron(15 12 * * ? *)",
  "cron(0 18 ? * MON-FRI *)",
  "cron(0 8 1 * ? *)",
  "cron(0/10 * ? * MON-FRI *)",
  "cron(0/5 8-17 ? * mon-fri *)",
  "cron(30 23 ? * TUE#3 *)",
  "cron(0 0 L * ? *)",
  "cron(0 0 15W JAN,JUL ? 2027-2030)",
  "cron(0 9 ? * 2#1 *)",
  "cron(0 9 ? * 6L *)",
  "cron(*/15 * * * ? *)",
  "cron(0 0 29 2 ? *)",
  "cron(0 0 30,31 1-3 ? *)",
];

const wrong: readonly [expression: string, remedy: string][] = [
  ["rate(1 days)", "write rate(1 day): AWS wants 1 in the singular"],
  ["rate(2 day)", "write rate(2 days): AWS wants 1 in the singular"],
  ["rate(01 day)", "write rate(1 day): AWS wants 1 in the singular"],
  ["rate(2 weeks)", "write rate(14 days)"],
  [
    "rate(0 days)",
    "a rate is a whole number above 0, one space, and minute, hour or day (minutes, hours, days)",
  ],
  [
    "rate(1  day)",
    "a rate is a whole number above 0, one space, and minute, hour or day (minutes, hours, days)",
  ],
  [
    "rate(90m)",
    "a rate is a whole number above 0, one space, and minute, hour or day (minutes, hours, days)",
  ],
  ["Rate(1 day)", "write rate(1 day)"],
  [" rate(1 day)", "write rate(1 day)"],
  [
    "cron(0 3 * * * *)",
    "just one of day-of-month and day-of-week is ?: write for example cron(0 3 * * ? *)",
  ],
  [
    "cron(0 3 ? * ? *)",
    "just one of day-of-month and day-of-week is ?: write for example cron(0 3 * * ? *)",
  ],
  [
    "cron(0 3 * * MON *)",
    "just one of day-of-month and day-of-week is ?: write for example cron(0 3 ? * MON *)",
  ],
  [
    "cron(0 3 1 * MON *)",
    "just one of day-of-month and day-of-week is ?: write for example cron(0 3 ? * MON *)",
  ],
  ["cron(0 3 * * *)", "AWS has six fields, the last of which is the year: write cron(0 3 * * ? *)"],
  ["0 3 * * 1", "AWS has six fields, the last of which is the year: write cron(0 3 ? * MON *)"],
  ["0 3 * * ? *", "write cron(0 3 * * ? *)"],
  ["cron(0 0 3 * * ? *)", "a cron expression has six fields, this one 7"],
  ["cron(0  3 * * ? *)", "write one space between fields: cron(0 3 * * ? *)"],
  ["cron(60 3 * * ? *)", 'the minutes "60" is none of 0-59, with , - * /'],
  ["cron(0 24 * * ? *)", 'the hours "24" is none of 0-23, with , - * /'],
  ["cron(0 3 0 * ? *)", 'the day-of-month "0" is none of 1-31, with , - * ? /'],
  ["cron(0 3 * 13 ? *)", 'the month "13" is none of 1-12 or JAN-DEC, with , - * /'],
  [
    "cron(0 3 ? * 0 *)",
    'the day-of-week "0" is none of 1-7 or SUN-SAT, with , - * ? / (1 is Sunday)',
  ],
  ["cron(0 3 ? * MONDAY *)", 'the day-of-week "MONDAY" is none of 1-7 or SUN-SAT, with , - * ? /'],
  ["cron(0 3 ? * 2#6 *)", 'the day-of-week "2#6" is none of 1-7 or SUN-SAT, with , - * ? /'],
  ["cron(0/0 3 * * ? *)", 'the minutes "0/0" is none of 0-59, with , - * /'],
  ["cron(0 3 * * ? 1969)", 'the year "1969" is none of 1970-2199, with , - * /'],
  ["cron(? 3 * * ? *)", 'the minutes "?" is none of 0-59, with , - * /'],
  ["cron(0 0 31 2 ? *)", "no month in it has that day"],
  ["cron(0 0 31 APR,JUN ? *)", "no month in it has that day"],
  ["daily", "such as rate(1 day), rate(6 hours) or cron(0 6 * * ? *)"],
  ["", "such as rate(1 day), rate(6 hours) or cron(0 6 * * ? *)"],
  ["at(2027-01-01T00:00:00)", "such as rate(1 day), rate(6 hours) or cron(0 6 * * ? *)"],
];

describe("A schedule expression", () => {
  /** Whether the local cloud refuses it, too, or says that it does not model it. */
  const isTaken = (expression: string): boolean => {
    try {
      return parseSchedule(expression, 0).next(0) !== undefined;
    } catch (error) {
      return error instanceof NotRehearsed;
    }
  };

  for (const expression of right) {
    it(`${expression} is right, here as in the local cloud`, () => {
      expect(scheduleProblem(expression)).to.equal(undefined);
      expect(isTaken(expression)).to.equal(true);
    });
  }

  for (const [expression, remedy] of wrong) {
    it(`"${expression}" is refused with what to write`, () => {
      expect(scheduleProblem(expression)).to.equal(remedy);
    });
  }

  it("that is suggested is right itself", () => {
    const suggested = wrong.flatMap(
      ([, remedy]) => /(rate|cron)\([^()]+\)$/.exec(remedy)?.[0] ?? [],
    );
    expect(suggested.length).to.be.greaterThan(8);
    for (const expression of suggested) expect(scheduleProblem(expression)).to.equal(undefined);
  });
});
