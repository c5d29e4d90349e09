// Schedule expressions as EventBridge and Systems Manager take them. Sources: EventBridge user guide, "Cron expressions
// reference" and "Rate expressions"; Systems Manager user guide, "Cron and rate expressions".
import * as z from "zod";
import { shown } from "../../lib/problem.js";

interface CronField {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
  /** What stands for a day beside numbers and names. */
  readonly special?: RegExp;
}

const months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const weekdays = "SUN MON TUE WED THU FRI SAT".split(" ");

const cronFields: readonly CronField[] = [
  { name: "minutes", from: 0, to: 59 },
  { name: "hours", from: 0, to: 23 },
  { name: "day-of-month", from: 1, to: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: "month", from: 1, to: 12, names: months },
  {
    name: "day-of-week",
    from: 1,
    to: 7,
    names: weekdays,
    special: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/i,
  },
  { name: "year", from: 1970, to: 2199 },
];

const dayOfMonth = 2;
const dayOfWeek = 4;

/** Most days that a month has, February's in a leap year. */
const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const what = "rate(VALUE UNIT) or cron(MINUTES HOURS DAY-OF-MONTH MONTH DAY-OF-WEEK YEAR)";

/** The text of a key that says when something runs. */
export const scheduleText = z.unknown().transform((value, issues): string => {
  const remedy = typeof value === "string" ? scheduleProblem(value) : "such as rate(1 day)";
  if (remedy !== undefined) {
    const message = `expected ${what}, got ${shown(value)}; ${remedy}`;
    issues.addIssue({ code: "custom", message });
  }
  return String(value);
});

/** What makes AWS refuse an expression, as a remedy; undefined where nothing does. */
export function scheduleProblem(expression: string): string | undefined {
  const [, kind = "", inside = ""] = /^(rate|cron)\(([^()]*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return rateProblem(inside);
  if (kind === "cron") return cronProblem(inside.split(" "));
  const bare = expression.trim();
  const isCron = /^[\d*]\S*( +\S+){4,5}$/.test(bare);
  if (isCron) return cronProblem(bare.split(/ +/)) ?? `write cron(${bare})`;
  if (/^(rate|cron)\(.*\)$/i.test(bare)) return `write ${bare.toLowerCase()}`;
  return "such as rate(1 day), rate(6 hours) or cron(0 6 * * ? *)";
}

const units = ["minute", "hour", "day"];

function rateProblem(inside: string): string | undefined {
  const [, value = "", written = ""] = /^(\d+) ([a-z]+)$/.exec(inside) ?? [];
  const unit = written.replace(/s$/, "");
  if (units.includes(unit) && Number(value) > 0) {
    const right = `${Number(value)} ${unit}${Number(value) === 1 ? "" : "s"}`;
    return inside === right ? undefined : `write rate(${right}): AWS wants 1 in the singular`;
  }
  if (unit === "week" && Number(value) > 0) return `write rate(${Number(value) * 7} days)`;
  return "a rate is a whole number above 0, one space, and minute, hour or day (minutes, hours, days)";
}

function cronProblem(fields: readonly string[]): string | undefined {
  if (fields.includes("")) return `write one space between fields: cron(${joined(fields)})`;
  if (fields.length === 5) {
    const named = fields.map((text, index) => (index === dayOfWeek ? unixDays(text) : text));
    const whole = withDays([...named, "*"]).join(" ");
    return `AWS has six fields, the last of which is the year: write cron(${whole})`;
  }
  if (fields.length !== 6) return `a cron expression has six fields, this one ${fields.length}`;
  for (const [index, field] of cronFields.entries()) {
    const problem = fieldProblem(fields[index] ?? "", field);
    if (problem !== undefined) return problem;
  }
  if ((fields[dayOfMonth] === "?") === (fields[dayOfWeek] === "?")) {
    const write = withDays(fields).join(" ");
    return `just one of day-of-month and day-of-week is ?: write for example cron(${write})`;
  }
  return neverComes(fields) ? "no month in it has that day" : undefined;
}

const joined = (fields: readonly string[]): string => fields.filter(Boolean).join(" ");

/** Five fields are Unix's, where 0 and 7 are Sunday; AWS counts from 1. */
const unixDays = (text: string): string =>
  text.replace(/(?<![\w/#])[0-7](?![\w/#])/g, (day) => weekdays[Number(day) % 7] ?? day);

/** With `?` for the one of the two days that says nothing. */
function withDays(fields: readonly string[]): string[] {
  const isFree = (index: number) => ["*", "?"].includes(fields[index] ?? "");
  if (fields[dayOfMonth] === "?" && fields[dayOfWeek] !== "?") return [...fields];
  if (isFree(dayOfWeek)) {
    const day = fields[dayOfMonth] === "?" ? "*" : (fields[dayOfMonth] ?? "*");
    return fields.map((text, index) =>
      index === dayOfWeek ? "?" : index === dayOfMonth ? day : text,
    );
  }
  return fields.map((text, index) => (index === dayOfMonth ? "?" : text));
}

function fieldProblem(text: string, field: CronField): string | undefined {
  if (field.special?.test(text)) return undefined;
  return text
    .split(",")
    .map((part) => partProblem(part, field))
    .find((problem) => problem !== undefined);
}

/** A number, a name, a range or `*`, and a step. */
function partProblem(part: string, field: CronField): string | undefined {
  const { name, from, to, names } = field;
  const [range = "", step, ...more] = part.split("/");
  const values = range === "*" ? [] : range.split("-");
  const isStep = step === undefined || (/^[1-9]\d*$/.test(step) && Number(step) <= to);
  const isRange = values.length <= 2 && values.every((value) => isIn(value, field));
  if (isStep && isRange && more.length === 0) return undefined;
  const words = names ? ` or ${names[0] ?? ""}-${names.at(-1) ?? ""}` : "";
  const sunday = name === "day-of-week" && part === "0" ? " (1 is Sunday)" : "";
  return `the ${name} "${part}" is none of ${from}-${to}${words}, with ${field.special ? ", - * ? /" : ", - * /"}${sunday}`;
}

function isIn(value: string, { from, to, names }: CronField): boolean {
  if (names?.includes(value.toUpperCase())) return true;
  return /^\d+$/.test(value) && Number(value) >= from && Number(value) <= to;
}

/** A day such as 31 February. */
function neverComes(fields: readonly string[]): boolean {
  const [, , days = "", inMonths = ""] = fields;
  if (!/^[\d,]+$/.test(days) || !/^[\w,]+$/.test(inMonths)) return false;
  const longest = inMonths.split(",").map((month) => {
    const named = months.indexOf(month.toUpperCase());
    return daysOfMonth[named < 0 ? Number(month) - 1 : named] ?? 31;
  });
  return days.split(",").every((day) => Number(day) > Math.max(...longest));
}
