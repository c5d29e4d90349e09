import type { Deployed } from "../program/deployer.js";
import type { CheckResult } from "../scenario/check/check.js";
import type { Scenario } from "../scenario/schema/scenario.js";
import type { Environment } from "../scenario/setup/environment.js";
import { hostsOf } from "../scenario/setup/lookup.js";
import { callReport } from "./call-report.js";
import { rounded, secondsAt } from "./figures.js";
import { hostReport } from "./host-report.js";
import { queueReport } from "./queue-report.js";
import { Records } from "./records.js";
import type { Report, ScenarioReport } from "./schema.js";
import { totalsOf } from "./totals.js";

export type { Report } from "./schema.js";

/** A scenario after it was played. */
export interface ScenarioResult {
  readonly scenario: Scenario;
  /** Absent where the deployment was refused. */
  readonly environment?: Environment;
  readonly results: readonly CheckResult[];
}

/** The result of a scenario that expects its deployment to be refused. */
export function refusedReport(scenario: Scenario, refusal: string): ScenarioResult {
  const wanted = scenario.then.deploymentFails ?? "";
  const holds = refusal.includes(wanted);
  const expectation = `the deployment is refused: "${wanted}"`;
  return { scenario, results: [{ expectation, holds, ...(!holds && { found: refusal }) }] };
}

export function reportOf(results: readonly ScenarioResult[]): Report {
  const scenarios = results.map(scenarioReport);
  const environment = results.find((result) => result.environment !== undefined)?.environment;
  return {
    outcome: scenarios.every(({ outcome }) => outcome === "passed") ? "passed" : "failed",
    stacks: (environment?.stacks ?? []).map(({ name, account, resources }) => ({
      name,
      account,
      // A program declares what does not depend on each other in no fixed order.
      resources: [...resources].sort(byTypeAndName).map(({ type, name: logical, id, region }) => ({
        type,
        name: logical,
        id,
        region,
      })),
    })),
    scenarios,
  };
}

function byTypeAndName(a: Deployed, b: Deployed): number {
  return `${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1;
}

function scenarioReport({ scenario, environment, results }: ScenarioResult): ScenarioReport {
  const { name, file } = scenario;
  const failed = results.some(({ holds }) => !holds);
  const expectations = [...results];
  if (environment === undefined) {
    return { name, file, outcome: failed ? "failed" : "passed", ...NOTHING, expectations };
  }
  const { cloud } = environment;
  const notRehearsed = counted(cloud.notRehearsed);
  const accepted = ({ subject }: { subject: string }) =>
    scenario.then.notRehearsed.some((text) => subject.includes(text));
  const unknown = notRehearsed.some((met) => !accepted(met));
  const records = new Records(environment);
  const hosts = hostsOf(environment).map((instance) => hostReport(environment, records, instance));
  const queued = queueReport(cloud, records);
  return {
    name,
    file,
    outcome: failed ? "failed" : unknown ? "not rehearsed" : "passed",
    hosts,
    totals: totalsOf(hosts, queued.deadLetters, records.others),
    timeline: cloud.timeline.map(({ time, ...entry }) => ({ seconds: secondsAt(time), ...entry })),
    calls: callReport(cloud, records),
    ...queued,
    notRehearsed,
    parsedNotExecuted: counted(cloud.parsedOnly),
    executedElsewhere: counted(cloud.executedElsewhere),
    expectations,
    virtualSeconds: secondsAt(cloud.clock.now),
    price: rounded(cloud.price),
  };
}

function counted(subjects: ReadonlyMap<string, number>) {
  return [...subjects]
    .map(([subject, times]) => ({ subject, times }))
    .sort((a, b) => (a.subject < b.subject ? -1 : 1));
}

/** What a scenario has whose deployment was refused. */
const NOTHING = {
  hosts: [],
  totals: totalsOf([], []),
  timeline: [],
  calls: { allowed: 0, throttled: 0, refused: 0, denied: [], byPrincipal: [] },
  deadLetters: [],
  messages: [],
  notRehearsed: [],
  parsedNotExecuted: [],
  executedElsewhere: [],
  virtualSeconds: 0,
  price: 0,
};
