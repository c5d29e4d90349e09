import { isRecord } from "../../lib/record.js";
import type { Entry } from "../stack-file.js";

/** A variant as the command line gives it; as in `fleet:packages`. */
export interface GivenEntry extends Entry {
  readonly name: string;
  readonly version: string;
  readonly os: string;
  readonly architecture: string;
  readonly share: string | readonly string[];
}

export interface Merged {
  readonly entries: readonly Entry[];
  /** A sentence for each change; none where everything was there already. */
  readonly changes: readonly string[];
}

/**
 * Puts a variant into the list. A package is one document with one version and one list of accounts, so its other
 * variants follow the version and the accounts of the one that is given.
 */
export function merge(entries: readonly Entry[], given: GivenEntry): Merged {
  const changes: string[] = [];
  const called = labelOf(given);
  const place = entries.findIndex((entry) => isVariant(entry, given));
  const merged = entries.map((entry, index) => {
    if (index === place) return given;
    if (!isRecord(entry) || entry["name"] !== given.name) return entry;
    return follow(entry, given, changes);
  });
  const before = entries[place];
  if (before === undefined) {
    changes.unshift(`added ${called}`);
    return { entries: [...merged, given], changes };
  }
  const same = JSON.stringify(sorted(before)) === JSON.stringify(sorted(given));
  // An entry with the same content in another order stays as it was written.
  if (same) merged[place] = before;
  else changes.unshift(`${before["version"] === given.version ? "changed" : "raised"} ${called}`);
  return { entries: merged, changes };
}

function follow(entry: Entry, given: GivenEntry, changes: string[]): Entry {
  const { version, share } = given;
  const called = labelOf(entry);
  if (entry["version"] !== version) changes.push(`raised ${called} to ${version} with it`);
  if (sharesOf(entry["share"]) === sharesOf(share)) return { ...entry, version };
  changes.push(`shared ${called} as it`);
  return { ...entry, version, share };
}

const isVariant = (entry: unknown, { name, os, architecture }: GivenEntry): boolean =>
  isRecord(entry) &&
  entry["name"] === name &&
  entry["os"] === os &&
  entry["architecture"] === architecture;

const labelOf = ({ name, version, os, architecture }: Entry): string =>
  `${String(name)} ${String(version)} for ${String(os)}/${String(architecture)}`;

/** The accounts of a comma list or a list, in an order of their own. */
export function sharesOf(share: unknown): string {
  const list: unknown[] = Array.isArray(share)
    ? share
    : typeof share === "string"
      ? share.split(",")
      : [];
  return [...new Set(list.map((id) => String(id).trim()).filter(Boolean))].sort().join(", ");
}

const sorted = (entry: Entry): Entry =>
  Object.fromEntries(
    Object.entries({ ...entry, share: sharesOf(entry["share"]) }).sort(([a], [b]) =>
      a < b ? -1 : 1,
    ),
  );
