import { AwsError, NotRehearsed } from "../../../kernel/errors.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** When a rule acts on a schedule. */
export interface Schedule {
  /** The first time after `time`, both in milliseconds since the epoch; undefined: never again. */
  readonly next: (time: number) => number | undefined;
}

/**
 * A rule's schedule expression, `rate(…)` or `cron(…)`, in UTC. A rate counts from when the rule is made or changed: the
 * user guide says no more.
 * Source: EventBridge user guide, "Setting a schedule pattern for scheduled rules".
 * @throws AwsError ValidationException
 */
export function parseSchedule(expression: string, start: number): Schedule {
  const rate = /^rate\((\d+) (minutes?|hours?|days?)\)$/.exec(expression);
  if (rate !== null) return rateSchedule(expression, Number(rate[1]), rate[2] ?? "", start);
  const cron = /^cron\(([^()]+)\)$/.exec(expression)?.[1];
  const fields = cron?.trim().split(/\s+/) ?? [];
  if (fields.length !== 6) throw invalid(expression);
  return cronSchedule(expression, fields);
}

function invalid(expression: string): AwsError {
  return new AwsError(
    "ValidationException",
    `Parameter ScheduleExpression is not valid: ${expression}`,
  );
}

function rateSchedule(expression: string, value: number, unit: string, start: number): Schedule {
  if (value < 1 || (value === 1) === unit.endsWith("s")) throw invalid(expression);
  const period = value * (unit.startsWith("m") ? MINUTE : unit.startsWith("h") ? HOUR : DAY);
  return { next: (time) => start + (Math.floor((time - start) / period) + 1) * period };
}

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split(" ");

const FIELDS: readonly Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12, names: MONTHS },
  { from: 1, to: 7, names: WEEKDAYS },
  { from: 1970, to: 2199 },
];

function cronSchedule(expression: string, fields: readonly string[]): Schedule {
  // Just one of the two kinds of days is `?`.
  if ((fields[2] === "?") === (fields[4] === "?")) throw invalid(expression);
  const sets = FIELDS.map((field, index) => valuesOf(expression, fields[index] ?? "", field));
  const has = (index: number, value: number) => sets[index]?.has(value) ?? false;
  const isDay = (date: Date) =>
    has(2, date.getUTCDate()) &&
    has(3, date.getUTCMonth() + 1) &&
    has(4, date.getUTCDay() + 1) &&
    has(5, date.getUTCFullYear());
  return {
    next(time) {
      const first = (Math.floor(time / MINUTE) + 1) * MINUTE;
      const midnight = first - (first % DAY);
      // Every day of a cron expression comes again within 8 years: 29 February over 2100.
      for (let day = midnight; day < midnight + 9 * 366 * DAY; day += DAY) {
        if (!isDay(new Date(day))) continue;
        for (let at = Math.max(day, first); at < day + DAY; at += MINUTE) {
          const date = new Date(at);
          if (has(1, date.getUTCHours()) && has(0, date.getUTCMinutes())) return at;
        }
      }
      return undefined;
    },
  };
}

function valuesOf(expression: string, text: string, { from, to, names = [] }: Field): Set<number> {
  const values = new Set<number>();
  if (/[#]|^L|L$|\dW$/.test(text)) {
    throw new NotRehearsed(`schedule ${expression}`, "L, W and # in cron are not modelled");
  }
  const numberOf = (word: string) => {
    const name = names.indexOf(word.toUpperCase());
    const value = name < 0 ? Number(word) : name + from;
    if (!/^\d+$|^[A-Z]{3}$/i.test(word) || !(value >= from && value <= to))
      throw invalid(expression);
    return value;
  };
  for (const part of text.split(",")) {
    const [range = "", step = "1"] = part.split("/");
    const [first = "", last] = range.split("-");
    const all = range === "*" || range === "?";
    const low = all ? from : numberOf(first);
    const high = all || (last === undefined && part.includes("/")) ? to : numberOf(last ?? first);
    if (!/^[1-9]\d*$/.test(step)) throw invalid(expression);
    for (let value = low; value <= high; value += Number(step)) values.add(value);
  }
  return values;
}
