import { chunks, groupBy } from "../../lib/lists.js";

/** An account and Region that hosts of a run are in. */
export interface Location {
  readonly account: string;
  readonly region: string;
}

/** Accounts of one Region that one entry of TargetLocations has. */
export interface Entry {
  readonly region: string;
  readonly accounts: readonly string[];
}

/** One automation. */
export interface Start {
  readonly bucket: string;
  readonly entries: readonly Entry[];
}

/** Source: API reference, TargetLocation: accounts of an entry. */
export const MAX_ACCOUNTS_PER_LOCATION = 50;
/** Source: API reference, StartAutomationExecution: entries of TargetLocations. */
export const MAX_LOCATIONS = 100;

/**
 * Splits a run into as few automations as AWS's limits allow. An entry has one Region, so that its limits of accounts
 * are those of the Region; an automation has one bucket, as each Region may have its own bucket.
 */
export function split(
  locations: readonly Location[],
  bucketOf: (region: string) => string,
): readonly Start[] {
  const regions = groupBy(locations, ({ region }) => region);
  const entries = [...regions].flatMap(([region, own]) =>
    chunks([...new Set(own.map(({ account }) => account))].sort(), MAX_ACCOUNTS_PER_LOCATION).map(
      (accounts) => ({ region, accounts }),
    ),
  );
  const buckets = groupBy(entries, ({ region }) => bucketOf(region));
  return [...buckets].flatMap(([bucket, own]) =>
    chunks(own, MAX_LOCATIONS).map((some) => ({ bucket, entries: some })),
  );
}
