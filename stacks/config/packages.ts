import type { Lock } from "../../packing/lock-file.js";
import { changedSentence, compare } from "../../packing/lock-file.js";
import type { ReadVariant } from "../../packing/variant.js";
import { shown } from "../../lib/problem.js";
import type { ConfigProblem } from "./error.js";
import { isRecord } from "../../lib/record.js";
import type { EntryContext, PackageEntry, Share } from "./package-entry.js";
import { listed, takePackageEntry } from "./package-entry.js";

/** One version of a package with all its variants and the bytes of their files. */
export interface PackageConfig {
  /** Its first entry in the config: `fleet:packages[0]`. */
  readonly at: string;
  readonly name: string;
  readonly version: string;
  readonly share: Share;
  readonly variants: readonly ReadVariant[];
}

/** What the checks of packages depend on; undefined where that itself is wrong. */
export interface PackageContext extends EntryContext {
  /** What published versions hold; undefined for the tool that writes the lock. */
  readonly lock?: Lock;
  /** The lock's path, for messages. */
  readonly lockFile: string;
}

const key = "fleet:packages";

/** SSM's limit of attachments of a document; each variant is one. */
const maxVariants = 20;

/** Reads `fleet:packages`: entries with the same name are the variants of one package. */
export function takePackages(
  entries: readonly unknown[],
  context: PackageContext,
  problems: ConfigProblem[],
): PackageConfig[] {
  const sound: PackageEntry[] = [];
  const unsound = new Set<unknown>();
  for (const [index, entry] of entries.entries()) {
    const at = `${key}[${index}]`;
    const taken = takePackageEntry(at, entry, context, problems);
    const contradictions = conflicts(entry, entries.slice(0, index), at);
    problems.push(...contradictions);
    if (taken && contradictions.length === 0) sound.push(taken);
    else unsound.add(isRecord(entry) ? entry["name"] : undefined);
  }
  // Half a package would seem to have changed.
  const groups = [...grouped(sound)].filter(([name]) => !unsound.has(name));
  return groups.map(([, group]) => packageOf(group, context, problems));
}

type Group = [PackageEntry, ...PackageEntry[]];

function grouped(entries: readonly PackageEntry[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const { name } = entry.read.variant;
    const group = groups.get(name);
    if (group) group.push(entry);
    else groups.set(name, [entry]);
  }
  return groups;
}

/** Puts the variants of a package together and compares them with the lock. */
function packageOf(
  group: Group,
  { lock, lockFile }: PackageContext,
  problems: ConfigProblem[],
): PackageConfig {
  const { at, share, read } = group[0];
  const { name, version } = read.variant;
  const config = { at, name, version, share, variants: group.map((entry) => entry.read) };
  if (group.length > maxVariants) {
    const reason = `expected at most ${maxVariants} variants of ${name}, got ${group.length}; AWS attaches no more files to a document`;
    problems.push({ key: at, reason });
  }
  const comparison = lock ? compare(lock, config) : "same";
  if (comparison === "new") {
    const reason = `expected a version of ${name} that ${lockFile} knows, got "${version}"; run npm run packages:lock and commit the file`;
    problems.push({ key: `${at}.version`, reason });
  } else if (comparison !== "same") {
    problems.push({ key: at, reason: changedSentence(config, comparison.changed) });
  }
  return config;
}

/**
 * What contradicts an entry further up. One version of a package at a time, because one SSM document
 * has one content; AWS keeps the versions that it replaced.
 */
function conflicts(entry: unknown, earlier: readonly unknown[], at: string): ConfigProblem[] {
  if (!isRecord(entry) || typeof entry["name"] !== "string") return [];
  const index = earlier.findIndex((other) => isRecord(other) && other["name"] === entry["name"]);
  const first = earlier[index];
  if (!isRecord(first)) return [];
  const problems: ConfigProblem[] = [];
  const name = entry["name"];
  const where = `packages[${index}]`;
  if (entry["version"] !== first["version"]) {
    const found = `expected ${shown(first["version"])} as in ${where}, got ${shown(entry["version"])}`;
    const remedy = `a stack publishes one version of a package at a time, and AWS keeps the ones before: leave the newest`;
    problems.push({ key: `${at}.version`, reason: `${found}; ${remedy}` });
  }
  if (String(listed(entry["share"])) !== String(listed(first["share"]))) {
    const reason = `expected the same accounts as in ${where}; the variants of ${name} are one document, shared as one`;
    problems.push({ key: `${at}.share`, reason });
  }
  const identity = ["name", "version", "os", "architecture"];
  const same = (other: unknown) =>
    isRecord(other) && identity.every((field) => other[field] === entry[field]);
  const twin = earlier.findIndex(same);
  if (twin >= 0) {
    const variant = `${name} ${String(entry["version"])} for ${String(entry["os"])}/${String(entry["architecture"])}`;
    const reason = `expected each variant once, got ${variant} again, after packages[${twin}]; remove one of them`;
    problems.push({ key: at, reason });
  }
  return problems;
}
