import { expect } from "chai";
import { parseSsmSchedule } from "../../../../../cloud/services/ssm/state-manager/ssm-schedule.js";

const START = Date.UTC(2026, 0, 5, 8);
const iso = (time: number | undefined) =>
  time === undefined ? "never" : new Date(time).toISOString().slice(0, 16);

describe("a schedule of Systems Manager", () => {
  const cases: [expression: string, zone: string, from: string, next: string][] = [
    ["cron(30 2 ? * * *)", "UTC", "2026-01-05T08:00", "2026-01-06T02:30"],
    ["cron(30 2 ? * * *)", "Europe/Berlin", "2026-01-05T08:00", "2026-01-06T01:30"],
    ["cron(30 2 ? * * *)", "Europe/Berlin", "2026-07-05T08:00", "2026-07-06T00:30"],
    ["cron(0 22 ? * SUN *)", "America/New_York", "2026-01-05T08:00", "2026-01-12T03:00"],
    ["rate(2 days)", "Europe/Berlin", "2026-01-05T08:00", "2026-01-07T08:00"],
    ["at(2026-01-06T10:00:00)", "Europe/Berlin", "2026-01-05T08:00", "2026-01-06T09:00"],
    ["at(2026-01-06T10:00:00)", "UTC", "2026-01-07T08:00", "never"],
    // At two the clocks are put forward to three: half past two is half past three then.
    ["cron(30 2 29 3 ? 2026)", "Europe/Berlin", "2026-01-05T08:00", "2026-03-29T01:30"],
    ["cron(30 3 29 3 ? 2026)", "Europe/Berlin", "2026-01-05T08:00", "2026-03-29T01:30"],
    ["cron(30 1 25 10 ? 2026)", "Europe/Berlin", "2026-01-05T08:00", "2026-10-24T23:30"],
  ];
  for (const [expression, zone, from, next] of cases) {
    it(`${expression} in ${zone} is ${next} after ${from}`, () => {
      const schedule = parseSsmSchedule(expression, START, zone);
      expect(iso(schedule.next(Date.parse(`${from}Z`)))).to.equal(next);
    });
  }

  it("is refused in a zone that is none", () => {
    expect(() => parseSsmSchedule("cron(30 2 ? * * *)", START, "Europe/Nowhere")).to.throw(
      "Invalid schedule timezone: Europe/Nowhere",
    );
  });
});
