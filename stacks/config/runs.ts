// Scripts over accounts: where they run, who runs them, and where their output goes.
import * as z from "zod";
import { shown } from "../../lib/problem.js";
import type { Partition } from "../../components/account.js";
import { defaultQueryLimit, leastQueryLimit } from "../../components/results/run-queries.js";
import { maxListedAccounts } from "../../components/runs/run-accounts.js";
import { outputDaysLimits } from "../../components/storage/bucket-settings.js";
import type { SessionUsers } from "./access.js";
import { sessionUsersOf } from "./access.js";
import type { ConfigProblem } from "./error.js";
import type { Reader } from "./fields.js";
import { accountId, eachOnce, expected, wholeNumber } from "./fields.js";

/** The settings of runs in a log stack. */
export interface RunsConfig {
  /** `*`: all other accounts of the organisation. */
  readonly accounts: "*" | readonly string[];
  readonly runners?: SessionUsers;
  /** Regions that have a bucket for output of their own. */
  readonly outputRegions: readonly string[];
  /** How long output stays, in days. */
  readonly outputDays: number;
  /** How much one query over the output may read, in bytes. */
  readonly queryLimitBytes: number;
}

/** Undefined: no account is run in, and nothing is made for it. */
export function takeRuns(
  read: Reader,
  partition: Partition | undefined,
  own: string | undefined,
  regions: readonly string[] | undefined,
  problems: ConfigProblem[],
): RunsConfig | undefined {
  const accounts = read("runAccounts", runAccounts(own)) ?? [];
  const runners = read("runners", sessionUsersOf(partition));
  const outputRegions = read("outputRegions", regionsAmong(regions)) ?? [];
  const { least, most, preset } = outputDaysLimits;
  const outputDays = read("outputDays", wholeNumber(least, most, "days")) ?? preset;
  const queryLimitBytes =
    read("queryLimitBytes", wholeNumber(leastQueryLimit, maxQueryLimit, "bytes")) ??
    defaultQueryLimit;
  if (accounts !== "*" && accounts.length === 0) {
    const set = { runners: runners !== undefined, outputRegions: outputRegions.length > 0 };
    for (const [key, isSet] of Object.entries(set)) {
      if (!isSet) continue;
      const reason = "expected only with fleet:runAccounts, which names no account; set both";
      problems.push({ key: `fleet:${key}`, reason });
    }
    return undefined;
  }
  const runs = { accounts, outputRegions, outputDays, queryLimitBytes };
  return { ...runs, ...(runners && { runners }) };
}

/** 1 PB: more is no limit. */
const maxQueryLimit = 1e15;

const runAccounts = (own: string | undefined) =>
  z
    .array(z.unknown(), expected('a list of account ids, or ["*"] for the organisation'))
    .superRefine(eachOnce("account"))
    .transform((listed, issues): "*" | string[] => {
      if (listed.length === 1 && listed[0] === "*") return "*";
      const ids = listed.map((id, index) => {
        const read = accountId.safeParse(id);
        const problem =
          (id === "*"
            ? 'expected ["*"] alone, got it beside account ids; * has all of them'
            : undefined) ??
          read.error?.issues[0]?.message ??
          (id === own
            ? `expected other accounts, got "${String(id)}", this one; remove it`
            : undefined);
        if (problem) issues.addIssue({ code: "custom", path: [index], message: problem });
        return String(id);
      });
      const once = [...new Set(ids)].sort();
      if (once.length > maxListedAccounts) {
        const message = `expected at most ${maxListedAccounts} accounts, got ${once.length}, and a policy lists no more; write ["*"] for the organisation`;
        issues.addIssue({ code: "custom", message });
      }
      return once;
    });

const regionsAmong = (served: readonly string[] | undefined) =>
  z
    .array(z.string(expected("a Region")), expected("a list of Regions"))
    .superRefine((regions, issues) => {
      for (const [index, region] of regions.entries()) {
        if (regions.indexOf(region) < index) {
          const message = `expected each Region once, got "${region}" again`;
          issues.addIssue({ code: "custom", path: [index], message });
        } else if (served && !served.includes(region)) {
          const message = `expected one of fleet:regions (${served.join(", ")}), got ${shown(region)}; add it there first`;
          issues.addIssue({ code: "custom", path: [index], message });
        }
      }
    });
