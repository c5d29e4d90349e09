import { AwsError } from "../../../../kernel/errors.js";
import type { Schedule } from "../../events/schedule.js";
import { parseSchedule } from "../../events/schedule.js";

/**
 * The schedule of a maintenance window or an association. Its cron has EventBridge's six fields, and `at(…)` names one
 * moment. Source: Systems Manager user guide, "Cron and rate expressions".
 * @param zone an IANA time zone, by whose clocks cron and `at` are meant
 * @throws AwsError ValidationException
 */
export function parseSsmSchedule(expression: string, start: number, zone = "UTC"): Schedule {
  const offset = offsetIn(zone);
  const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression)?.[1];
  if (at !== undefined) {
    const moment = momentOf(Date.parse(`${at}Z`), offset);
    return { next: (time) => (moment > time ? moment : undefined) };
  }
  const schedule = parseSchedule(expression, start);
  if (expression.startsWith("rate") || zone === "UTC") return schedule;
  return {
    next(time) {
      // The wall clock is read as if it were UTC's.
      const wall = schedule.next(time + offset(time));
      return wall === undefined ? undefined : momentOf(wall, offset);
    },
  };
}

type Offset = (time: number) => number;

/** When a wall clock shows this; in an hour that is skipped, an hour later. What AWS does then it does not say. */
function momentOf(wall: number, offset: Offset): number {
  return wall - offset(wall - offset(wall));
}

/** What a zone's clocks are ahead of UTC, in milliseconds. @throws AwsError ValidationException */
function offsetIn(zone: string): Offset {
  if (zone === "UTC") return () => 0;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    throw new AwsError("ValidationException", `Invalid schedule timezone: ${zone}`);
  }
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const [year = 0, month = 0, ...rest] = ["year", "month", "day", "hour", "minute", "second"].map(
      (type) => Number(parts.get(type as Intl.DateTimeFormatPartTypes)),
    );
    const [day = 0, hour = 0, minute = 0, second = 0] = rest;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
  };
}
