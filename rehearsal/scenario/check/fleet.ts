import type { Instance } from "../../kernel/instance.js";
import { instanceIn, instanceOfRun, isDeadLetter } from "../about.js";
import { hasBootstrapped } from "../bootstrapped.js";
import type { Amount, Expectations, FleetCheck } from "../schema/scenario.js";
import { milliseconds } from "../schema/scenario.js";
import type { Environment } from "../setup/environment.js";
import { hostName, hostsOf } from "../setup/lookup.js";
import type { CheckResult } from "./result.js";

/** The outcome of hosts that were launched together. */
export interface FleetFigures {
  readonly hosts: number;
  /** Hosts that were bootstrapped with success. */
  readonly ready: number;
  /** Seconds from the first launch until half of these were ready, and until the last. */
  readonly halfReady: number;
  readonly lastReady: number;
  /** Runs of runbooks for these hosts. */
  readonly runs: number;
  /** Hosts that were bootstrapped from beginning to end more than once. */
  readonly twice: number;
  /** Events about these hosts that are in a dead-letter queue. */
  readonly lost: number;
  /** Starts that AWS refused because of its quota, in all accounts; each event has one try after the other. */
  readonly throttled: number;
  /** Events whose start was refused at least once. */
  readonly retried: number;
  /** US dollars for the runs. */
  readonly price: number;
}

/** The hosts that `launch` with this name and a `count` has launched. */
export function fleetOf(environment: Environment, name: string): Instance[] {
  return hostsOf(environment).filter((instance) => {
    const own = hostName(instance);
    return own.startsWith(`${name}-`) && /^\d+$/.test(own.slice(name.length + 1));
  });
}

export function fleetFigures(environment: Environment, name: string): FleetFigures {
  const { cloud } = environment;
  const hosts = new Map(fleetOf(environment, name).map((instance) => [instance.id, instance]));
  const first = Math.min(...[...hosts.values()].map(({ launchTime }) => launchTime));
  const runs = [...cloud.ssm.automations.executions.all()].filter((run) =>
    hosts.has(instanceOfRun(run) ?? ""),
  );
  const ready = new Map<string, number>();
  const twice = new Set<string>();
  for (const run of runs) {
    const { endTime } = run;
    if (endTime === undefined || !hasBootstrapped(run)) continue;
    const id = instanceOfRun(run) ?? "";
    if (ready.has(id)) twice.add(id);
    ready.set(id, Math.min(endTime, ready.get(id) ?? endTime));
  }
  const times = [...ready.values()].sort((a, b) => a - b);
  const since = (time = first) => (time - first) / 1000;
  const refused = cloud.calls.filter(
    ({ call, outcome }) => call === "ssm:StartAutomationExecution" && outcome === "throttled",
  );
  return {
    hosts: hosts.size,
    ready: ready.size,
    halfReady: since(times[Math.ceil(times.length / 2) - 1]),
    lastReady: since(times.at(-1)),
    runs: runs.length,
    twice: twice.size,
    lost: lostEvents(environment).filter((id) => hosts.has(id)).length,
    throttled: refused.reduce((sum, { times: often = 1 }) => sum + often, 0),
    retried: new Set(refused.map(({ principal }) => principal)).size,
    price: Math.round(runs.reduce((sum, { price }) => sum + price, 0) * 1e4) / 1e4,
  };
}

/** The instances of fleets of which a scenario says how many events are lost. */
export function countedIn(environment: Environment, { fleets }: Expectations): ReadonlySet<string> {
  const counted = Object.entries(fleets).filter(([, { lost }]) => lost !== undefined);
  return new Set(counted.flatMap(([name]) => fleetOf(environment, name).map(({ id }) => id)));
}

/** Compares the outcome of a fleet with what is expected of it. */
export function checkFleet(
  environment: Environment,
  name: string,
  check: FleetCheck,
): CheckResult[] {
  const figures = fleetFigures(environment, name);
  const results: CheckResult[] = [];
  for (const [key, title] of Object.entries(AMOUNTS) as [keyof typeof AMOUNTS, string][]) {
    const wanted = check[key];
    if (wanted === undefined) continue;
    const found = figures[key];
    const holds = isWithin(found, wanted);
    results.push({
      expectation: `${name}: ${title}: ${wanted}`,
      holds,
      ...(!holds && { found: String(found) }),
    });
  }
  if (check.within !== undefined) {
    const holds = figures.lastReady * 1000 <= milliseconds(check.within);
    results.push({
      expectation: `${name}: the last host is ready ${check.within} after the first launch`,
      holds,
      ...(!holds && { found: `${figures.lastReady} s` }),
    });
  }
  return results;
}

const AMOUNTS = {
  hosts: "hosts",
  ready: "hosts that are ready",
  runs: "runs",
  twice: "hosts that were bootstrapped twice",
  lost: "events in dead-letter queues",
  throttled: "starts that AWS throttled",
  retried: "events whose start was tried again",
  price: "US dollars",
} as const;

function isWithin(found: number, wanted: Amount): boolean {
  if (typeof wanted === "number") return found === wanted;
  const bound = Number(wanted.slice(2));
  return wanted.startsWith(">=") ? found >= bound : found <= bound;
}

/** The instances of the events in dead-letter queues, one for each event. */
function lostEvents({ cloud }: Environment): string[] {
  return cloud.sqs.all.flatMap(({ messages }) =>
    messages.filter(isDeadLetter).map(({ Body }) => instanceIn(Body) ?? ""),
  );
}
