import type { HostReport, Report, ScenarioReport } from "../../report/schema.js";
import { totalsOf } from "../../report/totals.js";

/** A host's own text that would do harm where it were taken for markup. */
export const HOSTILE = `</script><img src=x onerror="document.title='hacked'">\u2028`;

/** A report with so many copies of a host that was rehearsed; every tenth copy has failed. */
export function manyHosts(real: Report, count: number): Report {
  const [scenario] = real.scenarios;
  const [host] = scenario?.hosts ?? [];
  if (scenario === undefined || host === undefined) throw new Error("the report has no host");
  const copies = Array.from({ length: count }, (_, index) => copyOf(scenario, host, index));
  const hosts = copies.map((copy) => copy.host);
  const many: ScenarioReport = {
    ...scenario,
    outcome: "failed",
    name: `${count} hosts at once`,
    hosts,
    timeline: copies.flatMap((copy) => copy.timeline),
    totals: totalsOf(hosts, []),
    virtualSeconds: Math.max(
      ...hosts.flatMap(({ runs }) => runs.map((run) => run.start + run.seconds)),
    ),
  };
  return { ...real, outcome: "failed", scenarios: [many] };
}

/** A host that starts later, as those do whose start waited for its turn. */
function copyOf(scenario: ScenarioReport, host: HostReport, index: number) {
  const failed = index % 10 === 7;
  const instanceId = `i-${index.toString(16).padStart(17, "0")}`;
  const running = (host.running ?? 0) + (index % 60);
  const wait = index * 1.1;
  const later = <T extends { start: number }>(item: T): T => ({
    ...item,
    start: item.start + (index % 60) + wait,
  });
  const runs = host.runs.map((run) => ({
    ...later(run),
    executionId: `execution-${index}`,
    steps: run.steps.map(later),
    ...(failed && { status: "Failed", failure: `no disk left on web-${index}` }),
  }));
  const { ready, message, ...rest } = host;
  const copy: HostReport = {
    ...rest,
    name: `web-${index}`,
    instanceId,
    account: index % 3 === 2 ? "333333333333" : "222222222222",
    running,
    runs,
    commands: host.commands.map((command) => ({
      ...later(command),
      comment: "",
      steps: command.steps.map(later),
    })),
    status: failed ? "Failed" : host.status,
    ...(message !== undefined && { message: failed ? HOSTILE : message }),
    ...(!failed && ready !== undefined && { ready: ready + wait }),
  };
  const timeline = scenario.timeline
    .filter((entry) => entry.instanceId === host.instanceId)
    .map((entry) => ({ ...entry, instanceId, seconds: entry.seconds + (index % 60) + wait }));
  return { host: copy, timeline };
}
