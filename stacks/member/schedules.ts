import type * as aws from "@pulumi/aws";
import { documentArn } from "../../components/arns.js";
import { scriptDocumentName } from "../../components/names.js";
import { RunSchedule } from "../../components/schedules/run-schedule.js";
import { namedDocumentArn } from "../../components/schedules/schedule-grants.js";
import { ScheduleRole } from "../../components/schedules/schedule-role.js";
import type { ConfigProblem, MemberConfig, ScheduleConfig } from "../config.js";
import { ConfigError } from "../config.js";
import type { LogOutputs } from "../../lib/log-outputs.js";
import { logAccount } from "../outputs.js";
import type { Watched } from "./failures.js";

/** Declares what runs on a schedule, in every Region of the member. */
export function deploySchedules(
  config: MemberConfig,
  log: LogOutputs,
  provider: aws.Provider,
): Watched[] {
  const { account, prefix, regions } = config;
  const schedules = Object.entries(config.schedules);
  const runs = log.runs?.accounts.includes(account.id) ? log.runs : undefined;
  const problems = scriptProblems(config, log);
  if (problems.length > 0) throw new ConfigError("the configuration", problems);
  const source = logAccount(log);
  const works = schedules.filter(([, { kind }]) => kind === "window").map(([, { work }]) => work);
  const role =
    works.length > 0
      ? new ScheduleRole("schedules", { account, source, works }, { provider })
      : undefined;
  return regions.flatMap((region) =>
    schedules.map(([schedule, entry]) => {
      const { work, target, schedule: expression, maxConcurrency, maxErrors } = entry;
      const paced = { maxConcurrency, maxErrors, ...(role && windowOf(entry, role)) };
      const bucket = runs?.buckets[region];
      const { scheduleId: id } = new RunSchedule(
        `schedule-${schedule}-${region}`,
        { account, prefix, region, schedule, work, target, expression, ...paced, source, bucket },
        { provider },
      );
      return { region, key: `fleet:schedules.${schedule}`, schedule, kind: entry.kind, id };
    }),
  );
}

const windowOf = (
  { kind, durationHours, cutoffHours, timeZone }: ScheduleConfig,
  { roleArn }: ScheduleRole,
) => (kind === "window" ? { window: { roleArn, durationHours, cutoffHours, timeZone } } : {});

/** The documents that agents fetch for associations. */
export function associatedDocuments(
  { account, schedules }: MemberConfig,
  log: LogOutputs,
): readonly string[] {
  const arns = Object.values(schedules).flatMap(({ kind, work }) => {
    if (kind !== "association") return [];
    return work.what === "script"
      ? documentArn({ ...account, id: log.account }, "*", scriptDocumentName(log.prefix, work.name))
      : namedDocumentArn(account, work.name);
  });
  return [...new Set(arns)].sort();
}

function scriptProblems(config: MemberConfig, log: LogOutputs): ConfigProblem[] {
  return Object.entries(config.schedules).flatMap(([name, { work }]) =>
    work.what === "script"
      ? scriptProblem(config, log, `fleet:schedules.${name}.script`, work.name)
      : [],
  );
}

/** Whether the log account lets a script run here, and has it. */
export function scriptProblem(
  { account, logStack }: MemberConfig,
  log: LogOutputs,
  key: string,
  script: string,
): ConfigProblem[] {
  const runs = log.runs?.accounts.includes(account.id) ? log.runs : undefined;
  if (runs === undefined) {
    const reason = `expected fleet:runAccounts of stack "${logStack}" to have ${account.id}, got ${log.runs?.accounts.join(", ") ?? "no account"}; add it there first`;
    return [{ key, reason }];
  }
  const known = Object.keys(runs.scripts).sort();
  if (known.includes(script)) return [];
  const reason = `expected a script of stack "${logStack}" (${known.join(", ") || "none yet"}), got "${script}"`;
  return [{ key, reason }];
}
