import { median, rounded, sum } from "./figures.js";
import type { DeadLetter, HostReport, Totals } from "./schema.js";

/** The figures of a scenario, over all of its hosts; `others` are its runs that are for no host in particular. */
export function totalsOf(
  hosts: readonly HostReport[],
  deadLetters: readonly DeadLetter[],
  others: readonly { readonly price: number }[] = [],
): Totals {
  const runs = hosts.flatMap((host) => host.runs);
  const ready = hosts.flatMap((host) => host.ready ?? []);
  const lost = new Set(deadLetters.map(({ instanceId }) => instanceId));
  const middle = median(ready);
  const readyPrice = sum(hosts.flatMap((host) => (host.ready === undefined ? [] : host.price)));
  return {
    hosts: hosts.length,
    ready: ready.length,
    failed: hosts.filter((host) => hasFailed(host, lost)).length,
    ...(middle !== undefined && { medianReady: middle, longestReady: Math.max(...ready) }),
    runs: runs.length,
    billedSteps: sum(runs.map(({ billedSteps }) => billedSteps)),
    scriptSeconds: sum(runs.map(({ scriptSeconds }) => scriptSeconds)),
    price: sum(hosts.map(({ price }) => price)),
    ...(ready.length > 0 && { pricePerReady: rounded(readyPrice / ready.length) }),
    otherRuns: others.length,
    otherPrice: sum(others.map(({ price }) => price)),
  };
}

/** A host is not as its tags want it, by its status or its last run, or nobody ever started that run. */
export function hasFailed(
  { instanceId, runs, status }: HostReport,
  lost: ReadonlySet<string | undefined>,
): boolean {
  const last = runs.at(-1)?.status ?? "Success";
  return (
    status === "Failed" ||
    !["Success", "Pending", "InProgress"].includes(last) ||
    lost.has(instanceId)
  );
}
