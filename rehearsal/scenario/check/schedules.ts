import type { ScheduledRun } from "../../kernel/scheduled-run.js";
import type { Expectations } from "../schema/scenario.js";
import type { Environment } from "../setup/environment.js";
import type { CheckResult } from "./result.js";

/** Compares how scheduled runs ended with what a scenario expects: by name, or by the stack's name and its own. */
export function checkSchedules(
  environment: Environment,
  { schedules }: Pick<Expectations, "schedules">,
): CheckResult[] {
  const { scheduled } = environment.cloud;
  const named = Object.entries(schedules).flatMap(([name, wanted]) => {
    const runs = scheduled.filter((run) => isCalled(environment, run, name));
    return checkOne(environment, name, wanted, runs);
  });
  const names = Object.keys(schedules);
  const surprises = scheduled.filter(
    (run) => run.status === "Failed" && !names.some((name) => isCalled(environment, run, name)),
  );
  const failures = new Set(surprises.map((run) => `${run.name}: ${run.reason ?? run.status}`));
  const unexpected = [...failures].map((found) => ({
    expectation: "schedules, collections and routes end well",
    holds: false,
    found,
  }));
  return [...named, ...unexpected];
}

/** What the report says of a schedule that found no host: its result is not known. */
export const noHostFor = (name: string): string =>
  `${name}: no host of the stack files fits its target`;

function checkOne(
  { cloud }: Environment,
  name: string,
  wanted: "Success" | "Failed",
  runs: readonly ScheduledRun[],
): CheckResult[] {
  const expectation = `${name} ended: ${wanted}`;
  const last = runs.at(-1);
  if (last === undefined) {
    const known = [...new Set(cloud.scheduled.map((run) => run.name))].join(", ") || "nothing";
    return [{ expectation, holds: false, found: `it did not run; what ran: ${known}` }];
  }
  // The report says of both that they are not rehearsed.
  if (last.status === "NotRehearsed" || cloud.notRehearsed.has(noHostFor(last.name))) return [];
  const holds = wanted === "Failed" ? last.status === wanted : runs.every(isWell);
  const failed = runs.find((run) => !isWell(run));
  return [{ expectation, holds, ...(!holds && { found: failed?.reason ?? last.status }) }];
}

const isWell = ({ status }: ScheduledRun): boolean => status !== "Failed";

const isCalled = (
  { stacks }: Environment,
  { account, name: own }: ScheduledRun,
  name: string,
): boolean =>
  own === name ||
  stacks.some((stack) => stack.account === account && `${stack.name}/${own}` === name);
