import awsCronParser from "aws-cron-parser";
import { expect } from "chai";
import fc from "fast-check";
import { parseSchedule } from "../../../../cloud/services/events/schedule.js";
import { messageOf } from "../../../../kernel/errors.js";

/** A Monday. */
const START = Date.parse("2026-01-05T08:00:00Z");

describe("a schedule expression", () => {
  const next = (expression: string, after = START) => {
    const time = parseSchedule(expression, START).next(after);
    return time === undefined ? "never" : new Date(time).toISOString();
  };

  for (const [expression, time] of [
    ["rate(1 minute)", "2026-01-05T08:01:00.000Z"],
    ["rate(2 hours)", "2026-01-05T10:00:00.000Z"],
    ["rate(7 days)", "2026-01-12T08:00:00.000Z"],
    ["cron(0 10 * * ? *)", "2026-01-05T10:00:00.000Z"],
    ["cron(0 8 * * ? *)", "2026-01-06T08:00:00.000Z"],
    ["cron(15/20 * * * ? *)", "2026-01-05T08:15:00.000Z"],
    ["cron(0 18 ? * MON-FRI *)", "2026-01-05T18:00:00.000Z"],
    ["cron(0 7 ? * 1,7 *)", "2026-01-10T07:00:00.000Z"],
    ["cron(0 0 29 2 ? *)", "2028-02-29T00:00:00.000Z"],
    ["cron(30 23 31 JAN-MAR ? 2027-2030)", "2027-01-31T23:30:00.000Z"],
    ["cron(0 0 31 2 ? *)", "never"],
    ["cron(0 0 1 1 ? 2020)", "never"],
  ] as const) {
    it(`${expression} is due at ${time}`, () => {
      expect(next(expression)).to.equal(time);
    });
  }

  it("counts a rate from when the rule was made, also after a late look", () => {
    expect(next("rate(1 hour)", START + 3 * 3_600_000 + 1)).to.equal("2026-01-05T12:00:00.000Z");
  });

  for (const expression of [
    "rate(1 hours)",
    "rate(2 hour)",
    "rate(0 minutes)",
    "rate(1 week)",
    "1 hour",
    "cron(0 10 * * * *)",
    "cron(0 10 ? * ? *)",
    "cron(0 10 * * ?)",
    "cron(60 10 * * ? *)",
    "cron(0 10 * FOO ? *)",
    "cron(0/0 10 * * ? *)",
  ]) {
    it(`${expression} is refused`, () => {
      expect(() => parseSchedule(expression, START)).to.throw(
        `Parameter ScheduleExpression is not valid: ${expression}`,
      );
    });
  }

  it("says of L, W and # that they are not modelled", () => {
    const messages = ["cron(0 10 L * ? *)", "cron(0 10 15W * ? *)", "cron(0 10 ? * 2#1 *)"].map(
      (expression) => {
        try {
          parseSchedule(expression, START);
        } catch (error) {
          return messageOf(error);
        }
        return "taken";
      },
    );
    expect(messages).to.deep.equal([
      "not rehearsed: schedule cron(0 10 L * ? *): L, W and # in cron are not modelled",
      "not rehearsed: schedule cron(0 10 15W * ? *): L, W and # in cron are not modelled",
      "not rehearsed: schedule cron(0 10 ? * 2#1 *): L, W and # in cron are not modelled",
    ]);
  });
});

/** Fields that both implementations take: lists are in order, as the other one takes the first that fits; `L`, `W` and `#` are not rehearsed here. */
const field = (from: number, to: number) => {
  const number = fc.integer({ min: from, max: to });
  return fc.oneof(
    fc.constant("*"),
    number.map(String),
    fc
      .uniqueArray(number, { minLength: 2, maxLength: 3 })
      .map((all) => all.sort((a, b) => a - b).join(",")),
    fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc
      .tuple(
        number,
        number.filter((step) => step > 0),
      )
      .map(([a, step]) => `${a}/${step}`),
  );
};

describe("A cron expression", () => {
  it("is due when another implementation of AWS's rules has it", () => {
    const days = fc.oneof(
      field(1, 28).map((day) => [day, "?"]),
      field(1, 7).map((weekday) => ["?", weekday]),
    );
    const cron = fc
      .tuple(field(0, 59), field(0, 23), days, field(1, 12), fc.constantFrom("*", "2026-2030"))
      .map(([minute, hour, [day, weekday], month, year]) =>
        [minute, hour, day, month, weekday, year].join(" "),
      );
    fc.assert(
      fc.property(cron, fc.integer({ min: 0, max: 2_000_000 }), (fields, minutes) => {
        const after = START + minutes * 60_000;
        const expected = awsCronParser.next(awsCronParser.parse(fields), new Date(after));
        const actual = parseSchedule(`cron(${fields})`, START).next(after);
        return actual === expected?.getTime();
      }),
      { numRuns: 300 },
    );
  });
});
