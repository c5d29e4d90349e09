import { table } from "../table.js";
import type { LocationOutcome, Outcome } from "./outcome.js";
import { tally } from "./outcome.js";
import { count, folded } from "./plan-text.js";
import type { HostRecord } from "./records.js";
import { reasonOf, resultOf } from "./records.js";

/** Lines of a table that a person reads; `--json` has all. */
const MAX_ROWS = 30;

const WORDS: Readonly<Record<LocationOutcome["status"], string>> = {
  waiting: "waiting",
  running: "running",
  done: "done",
  failed: "failed",
  stopped: "stopped",
  left: "not started",
};

/** The outcome of a run for a person: its accounts, then the hosts that are not well. The summary comes after it. */
export function outcomeText(outcome: Outcome, isTerminal: boolean): string {
  const { locations } = outcome;
  const order = [...locations].sort((a, b) => weight(b) - weight(a));
  const rows = order.slice(0, MAX_ROWS).map(rowOf);
  const more = locations.length - rows.length;
  const heads = ["ACCOUNT", "REGION", "STATUS", "HOSTS", "OK", "FAILED", "NO ANSWER", "STOPPED"];
  return [
    table(heads, rows, isTerminal).trimEnd(),
    ...(more > 0 ? [`… and ${more} more, which are no worse; --json has all`] : []),
    ...causes(order),
    "",
    ...badHosts(order, isTerminal),
  ].join("\n");
}

/** What a person must look at comes first. */
const weight = ({ status, hosts }: LocationOutcome): number => {
  const { failed, stopped, "no answer": silent } = tally(hosts);
  return (status === "done" ? 0 : 1e6) + failed + stopped + silent;
};

function rowOf({ account, region, status, hosts }: LocationOutcome): string[] {
  const { ok, failed, stopped, "no answer": silent } = tally(hosts);
  const some = (number: number) => (number === 0 ? "–" : String(number));
  return [
    account,
    region,
    WORDS[status],
    some(hosts.length),
    some(ok),
    some(failed),
    some(silent),
    some(stopped),
  ];
}

const MAX_CAUSES = 10;

/** Why automations failed that have recorded no host: with hosts, these are the cause. */
function causes(locations: readonly LocationOutcome[]): string[] {
  const found = locations.filter(({ cause, hosts }) => cause !== undefined && hosts.length === 0);
  const lines = found
    .slice(0, MAX_CAUSES)
    .flatMap(({ account, region, cause = "" }) => folded(`${account} ${region}: ${cause}`));
  const more = found.length - MAX_CAUSES;
  return [...(lines.length > 0 ? ["", ...lines] : []), ...(more > 0 ? [`… and ${more} more`] : [])];
}

function badHosts(locations: readonly LocationOutcome[], isTerminal: boolean): string[] {
  const bad = locations
    .flatMap(({ hosts }) => hosts)
    .filter((host) => !["ok", "no script"].includes(resultOf(host)));
  if (bad.length === 0) return [];
  const rows = bad.slice(0, MAX_ROWS).map((host) => hostRow(host));
  const more = bad.length - rows.length;
  return [
    table(["HOST", "NAME", "ACCOUNT", "REGION", "WHY"], rows, isTerminal).trimEnd(),
    ...(more > 0 ? [`… and ${more} more; --json has all`] : []),
    "",
  ];
}

const hostRow = (host: HostRecord): string[] => [
  host.instanceId,
  host.name || "–",
  host.account,
  host.region,
  reasonOf(host),
];

/** The one sentence that stands next to the prompt. */
export function summary({ run, isOver, locations, unread }: Outcome): string {
  const hosts = locations.flatMap((location) => location.hosts);
  const { ok, failed, stopped, "no answer": silent, "no script": without } = tally(hosts);
  const ended = locations.filter(({ status }) => !["waiting", "running"].includes(status)).length;
  const notWell = locations.filter(
    ({ status, hosts: own }) => own.length === 0 && ["failed", "stopped", "left"].includes(status),
  ).length;
  const parts = [
    `${ok} of ${count(hosts.length, "host", "hosts")} well`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(silent > 0 ? [`${silent} without an answer`] : []),
    ...(stopped > 0 ? [`${stopped} not asked because of too many errors`] : []),
    ...(without > 0 ? [`${without} without a script for their platform`] : []),
    ...(notWell > 0
      ? [`${count(notWell, "account and Region", "accounts and Regions")} without a result`]
      : []),
    ...(unread > 0
      ? [`${count(unread, "account and Region", "accounts and Regions")} that could not be read`]
      : []),
  ];
  const state = isOver ? "is over" : `is at ${ended} of ${locations.length} accounts and Regions`;
  return `Run ${run} ${state}: ${parts.join(", ")}.`;
}
