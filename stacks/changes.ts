// What a change of the config does to what is deployed: refused where AWS would refuse it in the middle of an update, and
// said where something leaves the stack.
import type { ConfigProblem, FleetConfig, LogConfig, MemberConfig } from "./config.js";
import type { Deployed } from "./deployed.js";
import { keysOfBefore } from "./log/keys.js";

/** Changes that no update can make. */
export function impossibleChanges(config: FleetConfig, before: Deployed): ConfigProblem[] {
  const home = movedHome(config, before);
  return config.role === "log" ? [...home, ...oldVersions(config, before)] : home;
}

/** What leaves the stack, and where it is then. */
export function removedBy(config: FleetConfig, before: Deployed): ConfigProblem[] {
  const general = [...switchedToDelete(config), ...newPrefix(config, before)];
  const places = [...general, ...removedRegions(config, before)];
  return config.role === "log"
    ? [...places, ...changedKey(config, before), ...removedOfLog(config, before)]
    : [...places, ...removedHosts(config, before)];
}

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

function newPrefix({ prefix, onRemove }: FleetConfig, before: Deployed): ConfigProblem[] {
  if (before.prefix === undefined || before.prefix === prefix) return [];
  const reason = `"${prefix}" takes the place of "${before.prefix}": everything with a fixed name is made anew; ${fateOf("the data under the old names", onRemove)}`;
  return [{ key: "fleet:prefix", reason }];
}

function removedRegions(
  { regions, onRemove }: FleetConfig,
  { regions: were = [] }: Deployed,
): ConfigProblem[] {
  const gone = were.filter((region) => !regions.includes(region));
  return gone.map((region) => ({
    key: "fleet:regions",
    reason: `no longer has ${region}, which is deployed; ${fateOf(`its data there (keys, logs, queues, parameters, packages, output)`, onRemove)}`,
  }));
}

/** The own key stays as long as the config does not ask for its deletion: nobody but people knows what is still needed. */
function changedKey(config: LogConfig, before: Deployed): ConfigProblem[] {
  const { bucket = "", kmsKeyArn: was } = before;
  const { ownKeyArn, keepsOwnKey } = keysOfBefore(config, before);
  const present = config.kmsKeyArn ?? ownKeyArn;
  const key = "fleet:kmsKeyArn";
  if (ownKeyArn !== undefined && !keepsOwnKey) {
    const reason = `the stack's own key ${ownKeyArn} is deleted 30 days after this update, as fleet:onRemove is delete; what it encrypted in bucket ${bucket} can never be read again then: set fleet:onRemove to keep, or copy those objects first`;
    return [{ key, reason }];
  }
  if (was === undefined || was === present) return [];
  const owner =
    was === ownKeyArn ? "the stack's own, which stays for a dollar a month" : "which is not ours";
  const reason = `another key encrypts what is written from now on; what is in bucket ${bucket} (packages, output, results of queries) stays encrypted by ${was}, ${owner}: keep that key as long as anybody reads it`;
  return [{ key, reason }];
}

function removedOfLog(
  { packages, runs, onRemove }: LogConfig,
  { packages: were = {}, runs: ran, bucket: central }: Deployed,
): ConfigProblem[] {
  const declared = new Set(packages.map(({ name }) => name));
  const unpublished = Object.entries(were).filter(([name]) => !declared.has(name));
  const buckets = Object.entries(ran?.buckets ?? {}).filter(
    ([region, name]) => name !== central && !runs?.outputRegions.includes(region),
  );
  const still = onRemove === "keep" ? "; accounts that it is shared with can still install it" : "";
  return [
    ...unpublished.map(([name, { version }]) => ({
      key: "fleet:packages",
      reason: `no longer has ${name}, of which ${version} is published; ${fateOf("its document", onRemove)}${still}`,
    })),
    ...buckets.map(([region, name]) => ({
      key: "fleet:outputRegions",
      reason: `no longer has ${region}; ${fateOf(`bucket ${name} with its output and its key`, onRemove)}; queries do not read it any more`,
    })),
  ];
}

function removedHosts({ hosts }: MemberConfig, { hosts: were = {} }: Deployed): ConfigProblem[] {
  const gone = Object.entries(were).filter(([name]) => !Object.hasOwn(hosts, name));
  return gone.map(([name, id]) => ({
    key: "fleet:hosts",
    reason: `no longer has ${name}: ${id} is terminated with its root volume, whatever fleet:onRemove says; make an image of it first if anything on it is needed`,
  }));
}

const fateOf = (what: string, onRemove: FleetConfig["onRemove"]): string =>
  onRemove === "keep"
    ? `${what}: kept in the account, and no longer in the stack (docs/removal.md)`
    : `${what}: deleted for good where an update with fleet:onRemove: delete came before this one, else kept`;
