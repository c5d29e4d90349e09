import { EXIT } from "../session.js";
import type { HostRecord, HostResult } from "./records.js";
import { resultOf } from "./records.js";
import type { LocationState, RunState } from "./run-state.js";
import { groupBy } from "../../lib/lists.js";

/** The outcome of a run in one account and Region. */
export interface LocationOutcome extends LocationState {
  readonly hosts: readonly HostRecord[];
}

export interface Outcome {
  readonly run: string;
  readonly isOver: boolean;
  readonly locations: readonly LocationOutcome[];
  /** Accounts and Regions that the plan could not read. */
  readonly unread: number;
}

export function outcomeOf(
  { run, isOver, locations }: RunState,
  records: readonly HostRecord[],
  unread = 0,
): Outcome {
  const byLocation = groupBy(records, ({ account, region }) => `${account} ${region}`);
  const outcomes = locations.map((location) => {
    const hosts = byLocation.get(`${location.account} ${location.region}`) ?? [];
    return { ...location, hosts };
  });
  return { run, isOver, locations: outcomes, unread };
}

/** Hosts by their state for a person. */
export function tally(hosts: readonly HostRecord[]): Readonly<Record<HostResult, number>> {
  const counts = { ok: 0, failed: 0, "no answer": 0, stopped: 0, "no script": 0 };
  for (const host of hosts) counts[resultOf(host)] += 1;
  return counts;
}

/**
 * Whether a location is not well for another reason than hosts without a script: its automation fails for those too, as
 * the runbook does not know who wanted what.
 */
export function isWell({ status, hosts }: LocationOutcome): boolean {
  const { failed, stopped, "no answer": silent, "no script": without } = tally(hosts);
  if (failed + stopped + silent > 0) return false;
  return status === "done" || (status === "failed" && without > 0);
}

/** Whether too many errors kept hosts or whole accounts from being asked. */
export function isStopped({ isOver, locations }: Outcome): boolean {
  return locations.some(
    ({ status, hosts }) => tally(hosts).stopped > 0 || (isOver && status === "left"),
  );
}

export function exitCodeOf(outcome: Outcome): number {
  if (isStopped(outcome)) return EXIT.stopped;
  const isFailed = outcome.unread > 0 || !outcome.locations.every(isWell);
  return isFailed ? EXIT.someFailed : EXIT.ok;
}
