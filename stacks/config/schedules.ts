// Scripts, documents and runbooks that run on a schedule.
import * as z from "zod";
import { enabledTag, enabledValues } from "../../components/bootstrap/bootstrap-tags.js";
import type { ScheduleTarget, ScheduleWork } from "../../components/schedules/run-schedule.js";
import type { ConfigProblem } from "./error.js";
import type { Reader } from "./fields.js";
import {
  asExactText,
  asText,
  expected,
  keyOf,
  line,
  numeric,
  oneOf,
  take,
  text,
} from "./fields.js";
import { scheduleText } from "./schedule-expression.js";
import { scriptUseProblems } from "./script-use.js";
import { unknownFields } from "./unknown-fields.js";

/** When a schedule runs, and how hosts are paced. */
export interface ScheduleConfig {
  readonly work: ScheduleWork;
  readonly target: ScheduleTarget;
  readonly kind: "window" | "association";
  readonly schedule: string;
  readonly timeZone?: string;
  readonly durationHours: number;
  readonly cutoffHours: number;
  readonly maxConcurrency: string;
  readonly maxErrors: string;
}

export function takeSchedules(
  read: Reader,
  problems: ConfigProblem[],
): Record<string, ScheduleConfig> {
  const entries = read("schedules", z.record(z.string(), z.unknown(), expected("an object"))) ?? {};
  const taken = Object.entries(entries).flatMap(([name, entry]) => {
    const key = keyOf("fleet:schedules", [name]);
    if (!/^[a-z][a-z0-9-]{1,39}$/.test(name)) {
      const reason = `expected a name of 2-40 letters a-z, digits or -, beginning with a letter, got "${name}"`;
      problems.push({ key, reason });
    }
    problems.push(...unknownFields(key, entry, Object.keys(scheduleFields.shape)));
    const raw = take(key, entry, scheduleFields, problems);
    const config = raw && scheduleOf(raw, key, problems);
    return config ? [[name, config] as const] : [];
  });
  return Object.fromEntries(taken);
}

const documentName = text(/^[\w.-]{3,128}$/, "the name of a document");
const number = asText(
  text(/^([1-9][0-9]{0,6}|[1-9][0-9]?%|100%)$/, "a number or a share of the hosts such as 10%"),
);

/** Of an entry; collections have some of them as well. */
export const scheduleFields = z.object(
  {
    script: text(/^[a-z][a-z0-9-]*$/, "the name of a script of the library").optional(),
    document: documentName.optional(),
    runbook: documentName.optional(),
    parameters: z
      .record(
        z.string(),
        asExactText(line("text in one line", "write it in quotes")),
        expected("texts by name"),
      )
      .default({}),
    target: text(
      /^(all|tag:[^=]{1,128}=.+|resource-group:.+)$/,
      "tag:KEY=VALUE[,VALUE], resource-group:NAME or all",
    ).default("all"),
    kind: oneOf(["window", "association"]).default("window"),
    schedule: scheduleText,
    timeZone: z
      .string(expected("a time zone such as Europe/Berlin"))
      .refine(isTimeZone, expected("a time zone such as Europe/Berlin"))
      .optional(),
    durationHours: hours(1, 24).default(2),
    cutoffHours: hours(0, 23).default(1),
    maxConcurrency: number.default("10%"),
    maxErrors: z
      .union([number, asText(z.literal("0"))], expected("a number or a share of the hosts"))
      .default("10%"),
  },
  expected("a schedule"),
);

function hours(least: number, most: number) {
  const what = expected(`a whole number of hours from ${least} to ${most}`);
  return numeric(z.number(what).int(what).min(least, what).max(most, what));
}

/** AWS knows the names of IANA's list, letter by letter; Intl takes any case, and offsets such as +01:00. */
function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

type Fields = z.output<typeof scheduleFields>;

/** What the fields are together. */
function scheduleOf(
  raw: Fields,
  key: string,
  problems: ConfigProblem[],
): ScheduleConfig | undefined {
  const { kind, schedule, timeZone, durationHours, cutoffHours, maxConcurrency, maxErrors } = raw;
  const before = problems.length;
  const say = (field: string, reason: string) =>
    problems.push({ key: field === "" ? key : `${key}.${field}`, reason });
  const work = workOf(raw, say);
  if (kind === "window" && cutoffHours >= durationHours)
    say("cutoffHours", `expected less than durationHours (${durationHours}), got ${cutoffHours}`);
  if (kind === "association") checkAssociation(raw, say);
  if (problems.length > before || !work) return undefined;
  const paced = { maxConcurrency, maxErrors };
  const when = { kind, schedule, ...(timeZone !== undefined && { timeZone }) };
  return { work, target: targetOf(raw.target), ...when, durationHours, cutoffHours, ...paced };
}

type Say = (field: string, reason: string) => void;

function workOf(raw: Fields, say: Say): ScheduleWork | undefined {
  const { script, document, runbook, parameters } = raw;
  const given = Object.entries({ script, document, runbook }).filter(([, name]) => name);
  const [[what = "", name = ""] = []] = given;
  if (given.length !== 1) {
    const got = given.map(([field]) => field).join(" and ") || "none";
    say("", `expected one of script, document, runbook, got ${got}`);
    return undefined;
  }
  if (what === "script")
    for (const { key, reason } of scriptUseProblems("", name, parameters))
      say(key.slice(1), reason);
  if (what !== "runbook") return { what: what as "script" | "document", name, parameters };
  const { AutomationAssumeRole: roleArn, ...others } = parameters;
  if (roleArn === undefined || !/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(roleArn)) {
    const got = roleArn === undefined ? "nothing" : `"${roleArn}"`;
    say(
      "parameters.AutomationAssumeRole",
      `expected the ARN of the role that the runbook works as, got ${got}`,
    );
    return undefined;
  }
  if (raw.target !== "all")
    say(
      "target",
      `expected none, as a runbook finds its hosts itself, got "${raw.target}"; hand it over as a parameter`,
    );
  return { what: "runbook", name, roleArn, parameters: others };
}

/** Sources: user guide, "Cron and rate expressions for associations"; API reference, CreateAssociation. */
function checkAssociation({ runbook, schedule, timeZone }: Fields, say: Say): void {
  if (runbook !== undefined)
    say(
      "kind",
      'expected window for a runbook, got "association"; associations are for scripts and documents here',
    );
  if (timeZone !== undefined)
    say(
      "timeZone",
      `expected none for an association, whose schedule is in UTC, got "${timeZone}"`,
    );
  const [, value = "", unit = ""] = /^rate\((\d+) (minute)/.exec(schedule) ?? [];
  const month = /^cron\(\S+ \S+ \S+ (\S+)/.exec(schedule)?.[1] ?? "*";
  if (unit !== "" && Number(value) < 30)
    say("schedule", `expected a rate of 30 minutes or more for an association, got "${schedule}"`);
  if (month !== "*") say("schedule", `expected * for the month of an association, got "${month}"`);
}

export function targetOf(written: string): ScheduleTarget {
  // Tags hold what people wrote, and the bootstrap takes all of these.
  if (written === "all") return { key: `tag:${enabledTag}`, values: enabledValues };
  const [, group] = /^resource-group:(.+)$/.exec(written) ?? [];
  if (group !== undefined) return { key: "resource-groups:Name", values: [group] };
  const [, tag = "", values = ""] = /^tag:([^=]+)=(.+)$/.exec(written) ?? [];
  return { key: `tag:${tag}`, values: values.split(",").map((value) => value.trim()) };
}
