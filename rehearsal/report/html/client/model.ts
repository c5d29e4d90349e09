import type { HostReport, Report, ScenarioReport } from "../../schema.js";
import { hasFailed } from "../../totals.js";

export type TimelineEntry = ScenarioReport["timeline"][number];
export type DeniedCall = ScenarioReport["calls"]["denied"][number];

/** A host with all that the report says about it in other places. */
export interface HostView {
  readonly host: HostReport;
  readonly failed: boolean;
  /** In a word: ready, failed, no bootstrap, or its status. */
  readonly word: string;
  readonly timeline: readonly TimelineEntry[];
  readonly denied: readonly DeniedCall[];
  readonly deadLetters: ScenarioReport["deadLetters"];
  /** What the search looks at, in lower case. */
  readonly text: string;
}

export interface ScenarioView {
  readonly scenario: ScenarioReport;
  readonly hosts: readonly HostView[];
  /** The seconds at which the last thing of a host has ended: the end of the hosts' time axis. */
  readonly end: number;
  /** Everything that is about no host. */
  readonly timeline: readonly TimelineEntry[];
}

export function readReport(): Report {
  return JSON.parse(document.getElementById("data")?.textContent ?? "null") as Report;
}

export function viewOf(scenario: ScenarioReport): ScenarioView {
  const timeline = Map.groupBy(scenario.timeline, ({ instanceId }) => instanceId ?? "");
  const denied = Map.groupBy(scenario.calls.denied, ({ instanceId }) => instanceId ?? "");
  const deadLetters = Map.groupBy(scenario.deadLetters, ({ instanceId }) => instanceId ?? "");
  const lost = new Set(deadLetters.keys());
  const hosts = scenario.hosts.map((host): HostView => {
    const failed = hasFailed(host, lost);
    const own = timeline.get(host.instanceId) ?? [];
    return {
      host,
      failed,
      word: failed ? "failed" : wordOf(host),
      timeline: own,
      denied: denied.get(host.instanceId) ?? [],
      deadLetters: deadLetters.get(host.instanceId) ?? [],
      text: searchText(host, own),
    };
  });
  const instanceIds = new Set(scenario.hosts.map(({ instanceId }) => instanceId));
  return {
    scenario,
    hosts,
    end: Math.max(1, ...hosts.map(endOf)),
    timeline: scenario.timeline.filter(({ instanceId = "" }) => !instanceIds.has(instanceId)),
  };
}

function wordOf({ ready, status }: HostReport): string {
  if (ready !== undefined) return "ready";
  return status === "none" ? "no bootstrap" : status;
}

/** When the last thing that is drawn of a host has ended. */
function endOf({ host: { runs, commands }, timeline }: HostView): number {
  const ends = [...runs, ...commands].map(({ start, seconds }) => start + seconds);
  return Math.max(timeline.at(-1)?.seconds ?? 0, ...ends);
}

function searchText(host: HostReport, timeline: readonly TimelineEntry[]): string {
  const { name, instanceId, account, region, platform, status, message = "", packages } = host;
  return [
    ...[name, instanceId, account, region, platform, status, message],
    ...Object.entries(packages).flat(),
    ...host.runs.flatMap(({ executionId, failure = "" }) => [executionId, failure]),
    ...timeline.map(({ text }) => text),
  ]
    .join("\n")
    .toLowerCase();
}
