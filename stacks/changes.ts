// What a change of the config does to what is deployed: refused where AWS would refuse it in the middle of an update, and
// said where something leaves the stack.
import type { ConfigProblem, FleetConfig, LogConfig, MemberConfig } from "./config.js";
import type { Deployed } from "./deployed.js";
import { keysOfBefore } from "./log/keys.js";

/** Changes that no update can make, or that would delete what the config says to keep. */
export function impossibleChanges(config: FleetConfig, before: Deployed): ConfigProblem[] {
  const general = [...movedHome(config, before), ...unprotected(config, before)];
  return config.role === "log" ? [...general, ...oldVersions(config, before)] : general;
}

/** What leaves the stack, and where it is then. */
export function removedBy(config: FleetConfig, before: Deployed): ConfigProblem[] {
  const leaving = leavingData(config, before).map(({ key, reason, ...what }) => ({
    key,
    reason: `${reason}; ${fateOf(what, before)}`,
  }));
  const general = [...switchedToDelete(config), ...leaving];
  return config.role === "log"
    ? [...general, ...changedKey(config, before), ...comingBack(config, before)]
    : [...general, ...removedHosts(config, before)];
}

/** Data that is deployed and no longer declared. */
interface Leaving extends ConfigProblem {
  readonly data: string;
  /** What follows where it is kept. */
  readonly kept?: string;
}

const leavingData = (config: FleetConfig, before: Deployed): Leaving[] => [
  ...newPrefix(config, before),
  ...removedRegions(config, before),
  ...(config.role === "log" ? removedOfLog(config, before) : []),
];

/** What becomes of data lies in Pulumi's state since the last deployment, whatever the config says now. */
function unprotected(config: FleetConfig, before: Deployed): ConfigProblem[] {
  if (config.onRemove === "delete" || before.onRemove === "keep") return [];
  return leavingData(config, before).map(({ key, reason, data }) => ({
    key,
    reason: `${reason}; ${data} would be deleted, as the last deployment was made without fleet:onRemove: keep; put it back, deploy once, and then take it out`,
  }));
}

const fateOf = ({ data, kept = "" }: Pick<Leaving, "data" | "kept">, before: Deployed): string =>
  before.onRemove === "keep"
    ? `${data}: kept in the account, and no longer in the stack (docs/removal.md)${kept}`
    : `${data}: deleted for good by this update`;

/** Every version of a package that was published, by package; AWS takes the name of a version once. */
export function publishedVersions(
  { packages, onRemove }: LogConfig,
  before: Deployed,
): Record<string, string[]> {
  const known = versionsOfBefore(before);
  // The versions of a package that was deleted are free again.
  const gone = onRemove === "keep" ? known : {};
  const now = packages.map(({ name, version }) => [
    name,
    [...new Set([...(known[name] ?? []), version])],
  ]);
  return { ...gone, ...(Object.fromEntries(now) as Record<string, string[]>) };
}

const versionsOfBefore = ({
  publishedVersions: known,
  packages = {},
}: Deployed): Record<string, string[]> =>
  known ??
  Object.fromEntries(Object.entries(packages).map(([name, { version }]) => [name, [version]]));

function movedHome({ regions }: FleetConfig, before: Deployed): ConfigProblem[] {
  const [was] = before.regions ?? [];
  if (was === undefined || was === regions[0]) return [];
  const reason = `expected ${was} first, where the stack is deployed, got "${regions[0]}"; what exists once cannot move: put ${was} first, or make another stack (docs/removal.md)`;
  return [{ key: "fleet:regions[0]", reason }];
}

function oldVersions({ packages }: LogConfig, before: Deployed): ConfigProblem[] {
  const versions = versionsOfBefore(before);
  return packages.flatMap(({ at, name, version }) => {
    const known = versions[name] ?? [];
    const now = before.packages?.[name]?.version;
    if (version === now || !known.includes(version)) return [];
    const wanted = now === undefined ? "a new version" : `${now}, or a new version`;
    const reason = `expected ${wanted} of ${name}, got "${version}", which was published before (${known.join(", ")}); AWS accepts the name of a version once: publish the content of ${version} under a new version`;
    return [{ key: `${at}.version`, reason }];
  });
}

function switchedToDelete({ onRemove }: FleetConfig): ConfigProblem[] {
  if (onRemove === "keep") return [];
  const reason = `is delete: once this is deployed, what is taken out of the config, and with pulumi destroy everything, is deleted for good, buckets with all objects; set it to keep when you are done`;
  return [{ key: "fleet:onRemove", reason }];
}

function newPrefix({ prefix }: FleetConfig, before: Deployed): Leaving[] {
  if (before.prefix === undefined || before.prefix === prefix) return [];
  const reason = `"${prefix}" takes the place of "${before.prefix}", and everything with a fixed name is made anew`;
  return [{ key: "fleet:prefix", reason, data: "the data under the old names" }];
}

function removedRegions({ regions }: FleetConfig, { regions: were = [] }: Deployed): Leaving[] {
  const gone = were.filter((region) => !regions.includes(region));
  return gone.map((region) => ({
    key: "fleet:regions",
    reason: `no longer has ${region}, which is deployed`,
    data: "its data there (keys, logs, queues, parameters, packages, output)",
  }));
}

/** The own key stays as long as the config does not ask for its deletion: nobody but people knows what is still needed. */
function changedKey(config: LogConfig, before: Deployed): ConfigProblem[] {
  const { bucket = "", kmsKeyArn: was } = before;
  const { ownKeyArn, keepsOwnKey } = keysOfBefore(config, before);
  const present = config.kmsKeyArn ?? ownKeyArn;
  const key = "fleet:kmsKeyArn";
  if (ownKeyArn !== undefined && config.onRemove === "delete" && ownKeyArn !== present) {
    const when = keepsOwnKey ? "by the update after this one" : "by this update";
    const reason = `the stack's own key ${ownKeyArn} is scheduled for deletion in 30 days ${when}, as fleet:onRemove is delete; what it encrypted in bucket ${bucket} can never be read again then: set fleet:onRemove to keep, or copy those objects first`;
    return [{ key, reason }];
  }
  if (was === undefined || was === present) return [];
  const owner =
    was === ownKeyArn ? "the stack's own, which stays (from 1 USD a month)" : "which is not ours";
  const reason = `another key encrypts what is written from now on; what is in bucket ${bucket} (packages, output, results of queries) stays encrypted by ${was}, ${owner}: keep that key as long as anybody reads it`;
  return [{ key, reason }];
}

function removedOfLog(
  { packages, runs }: LogConfig,
  { packages: were = {}, runs: ran, bucket: central }: Deployed,
): Leaving[] {
  const declared = new Set(packages.map(({ name }) => name));
  const unpublished = Object.entries(were).filter(([name]) => !declared.has(name));
  const buckets = Object.entries(ran?.buckets ?? {}).filter(
    ([region, name]) => name !== central && !runs?.outputRegions.includes(region),
  );
  return [
    ...unpublished.map(([name, { version }]) => ({
      key: "fleet:packages",
      reason: `no longer has ${name}, of which ${version} is published`,
      data: "its document",
      kept: "; accounts that it is shared with can still install it",
    })),
    ...buckets.map(([region, name]) => ({
      key: "fleet:outputRegions",
      reason: `no longer has ${region}`,
      data: `bucket ${name} with its output and its key`,
      kept: "; queries do not read it any more",
    })),
  ];
}

/** Packages that were taken out, and whose documents are in the account still. */
function comingBack({ packages }: LogConfig, before: Deployed): ConfigProblem[] {
  const [known, present] = [versionsOfBefore(before), before.packages ?? {}];
  const back = packages.filter(({ name }) => name in known && !(name in present));
  return back.map(({ at, name }) => ({
    key: `${at}.name`,
    reason: `${name} comes back, and its document was kept; import it first (npx fleet adopt, docs/removal.md), or AWS refuses to make it in the middle of the update`,
  }));
}

function removedHosts({ hosts }: MemberConfig, { hosts: were = {} }: Deployed): ConfigProblem[] {
  const gone = Object.entries(were).filter(([name]) => !Object.hasOwn(hosts, name));
  return gone.map(([name, id]) => ({
    key: "fleet:hosts",
    reason: `no longer has ${name}: ${id} is terminated with its root volume, whatever fleet:onRemove says; make an image of it first if anything on it is needed`,
  }));
}
