import type { Place } from "./hosts.js";
import type { Limits } from "./request.js";
import type { Start } from "./split.js";
import { MAX_ACCOUNTS_PER_LOCATION, MAX_LOCATIONS } from "./split.js";

/** The time and price of a run, as far as they are known before. */
export interface Estimate {
  /** Of accounts, in the Region that has most. */
  readonly waves: number;
  /** Of hosts, in the account that has most. */
  readonly hostWaves: number;
  readonly minutes: number;
  /** US dollars. */
  readonly price: number;
  /** What the price is made of. */
  readonly priceOf: readonly string[];
  /** AWS's quotas that limit this run, one sentence each. */
  readonly quotas: readonly string[];
}

/**
 * Source: AWS Systems Manager pricing, us-east-1, as "Automated Security Response on AWS, Cost" (2026) and the note on the
 * end of Automation's free tier quote it: a step, and a second of aws:executeScript. Steps of the members' automations are
 * the log account's. Run Command is free on EC2; a hybrid node's invocation costs from 2026-09-30 on.
 */
const PRICE = { step: 0.002, scriptSecond: 0.00003, hybridInvocation: 0.002 };

/** Steps of an account and Region: the one that starts its automation, and the one that sends the command. */
const STEPS = 2;
/** Seconds of the script that records how hosts answered; a guess. */
const RECORDING = 5;
/**
 * Seconds that a wave of hosts takes with a script that is quick, and an account around it; guesses, which the plan
 * names.
 */
export const HOST_SECONDS = 15;
const LOCATION_SECONDS = 20;

/** Source: AWS General Reference, "AWS Systems Manager endpoints and quotas": automations with rate control at once. */
const MAX_CONCURRENT_AUTOMATIONS = 25;

export function estimate(
  places: readonly Place[],
  starts: readonly Start[],
  limits: Limits,
): Estimate {
  const waves = Math.max(
    0,
    ...starts.flatMap(({ entries }) =>
      entries.map(({ accounts }) => wavesOf(accounts.length, limits.locationConcurrency)),
    ),
  );
  const hostWaves = Math.max(
    0,
    ...places.map(({ hosts }) => wavesOf(hosts.length, limits.maxConcurrency)),
  );
  const rounds = Math.ceil(starts.length / MAX_CONCURRENT_AUTOMATIONS);
  const seconds = rounds * waves * (LOCATION_SECONDS + hostWaves * HOST_SECONDS) + starts.length;
  const hybrid = places
    .flatMap(({ hosts }) => hosts)
    .filter(({ id }) => id.startsWith("mi-")).length;
  const priceOf = [
    `${places.length} x ${STEPS} steps at $${PRICE.step}`,
    `${places.length} x ${RECORDING} s of script at $${PRICE.scriptSecond.toFixed(5)}`,
    ...(hybrid > 0 ? [`${hybrid} hybrid nodes at $${PRICE.hybridInvocation}`] : []),
  ];
  const price =
    places.length * (STEPS * PRICE.step + RECORDING * PRICE.scriptSecond) +
    hybrid * PRICE.hybridInvocation;
  return {
    waves,
    hostWaves,
    minutes: Math.max(1, Math.ceil(seconds / 60)),
    price,
    priceOf,
    quotas: quotasOf(starts),
  };
}

/** How many waves of so many items there are. */
export function wavesOf(count: number, concurrency: string): number {
  const atOnce = concurrency.endsWith("%")
    ? Math.max(1, Math.ceil((count * Number(concurrency.slice(0, -1))) / 100))
    : Number(concurrency);
  return Math.ceil(count / atOnce);
}

function quotasOf(starts: readonly Start[]): string[] {
  const entries = starts.flatMap((start) => start.entries);
  const perRegion = new Map<string, number>();
  for (const { region } of entries) perRegion.set(region, (perRegion.get(region) ?? 0) + 1);
  const groups = Math.max(0, ...perRegion.values());
  return [
    ...(groups > 1
      ? [
          `An entry of target locations has ${MAX_ACCOUNTS_PER_LOCATION} accounts: a Region's are in ${groups} groups, each with its own limits.`,
        ]
      : []),
    ...(starts.length > 1
      ? [
          `An automation has ${MAX_LOCATIONS} entries and one bucket: ${starts.length} automations are started, one a second.`,
        ]
      : []),
    ...(starts.length > MAX_CONCURRENT_AUTOMATIONS
      ? [
          `${MAX_CONCURRENT_AUTOMATIONS} automations with rate control run at once, the others wait.`,
        ]
      : []),
  ];
}
