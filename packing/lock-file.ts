import { digestOf } from "./content.js";
import type { ReadVariant } from "./variant.js";
import { variantKey } from "./variant.js";

/** What every published version holds: package -> version -> variant -> digest. */
export type Lock = Readonly<Record<string, Readonly<Record<string, Locked>>>>;
/** The variants of one version: `linux/_any` -> `sha256:…`. */
export type Locked = Readonly<Record<string, string>>;

/** One version of a package, with all its variants. */
export interface Release {
  readonly name: string;
  readonly version: string;
  readonly variants: readonly ReadVariant[];
}

/** How a release differs from what the lock remembers; "same" and "new" are fine for the tool. */
export type Comparison = "same" | "new" | { readonly changed: readonly string[] };

/**
 * A version, once published, is that content for ever: hosts that have it will not fetch it again.
 * Adding or removing a variant changes the manifest under the version, so it is a change too.
 */
export function compare(lock: Lock, release: Release): Comparison {
  const locked = lock[release.name]?.[release.version];
  if (!locked) return "new";
  const now = digests(release);
  const keys = new Set([...Object.keys(locked), ...Object.keys(now)]);
  const changed = [...keys].filter((key) => locked[key] !== now[key]).sort();
  return changed.length === 0 ? "same" : { changed };
}

/** The lock with the release in it; `compare` decides whether that is allowed. */
export const withRelease = (lock: Lock, release: Release): Lock => ({
  ...lock,
  [release.name]: { ...lock[release.name], [release.version]: digests(release) },
});

/** Sorted and indented, so that the same lock is the same bytes and a diff shows one line a digest. */
export const printLock = (lock: Lock): string => `${JSON.stringify(sorted(lock), undefined, 2)}\n`;

/** The sentence for content that changed, with its remedy. */
export const changedSentence = ({ name, version }: Release, variants: readonly string[]): string =>
  `the content of ${name} ${version} (${variants.join(", ")}) changed without a change of version; hosts that have ${version} would never get it: raise the version, or restore the content`;

const digests = (release: Release): Locked =>
  Object.fromEntries(release.variants.map((read) => [variantKey(read.variant), digestOf(read)]));

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
