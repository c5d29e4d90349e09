import type { Platform } from "../platform.js";
import { own } from "../../own.js";

/** `packages.<platform>.<version>.<architecture>.file` */
type ByArchitecture = Readonly<Record<string, { readonly file: string }>>;
type ByVersion = Readonly<Record<string, ByArchitecture>>;
type ByPlatform = Readonly<Record<string, ByVersion>>;

/** A package's manifest. Source: user guide, "Create a package (advanced)". */
export interface Manifest {
  readonly version: string;
  readonly packages: ByPlatform;
  readonly files: Readonly<
    Record<string, { readonly checksums: Readonly<Record<string, string>> }>
  >;
}

/** The words are the agent's: birdwatcherservice.go and archive.go, like all of this file. @throws Error */
export function parseManifest(text: string): Manifest {
  try {
    return JSON.parse(text) as Manifest;
  } catch (error) {
    throw new Error(
      `failed to decode manifest: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** The name of the file for a host. @throws Error where the manifest has none for it. */
export function findFile(
  manifest: Manifest,
  platform: Pick<Platform, "name" | "version">,
  architecture: string,
): string {
  const versions = pick(manifest.packages, platform.name);
  const architectures =
    versions === undefined ? undefined : pickVersion(versions, platform.version);
  const found = architectures === undefined ? undefined : pick(architectures, architecture);
  if (found === undefined) {
    throw new Error(
      `failed to find platform: no manifest found for platform: ${platform.name}, version ${platform.version}, architecture ${architecture}`,
    );
  }
  if (!(found.file in manifest.files))
    throw new Error(`failed to find file for &{FileName:${found.file}}`);
  return found.file;
}

function pick<T>(entries: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return entries && (own(entries, key) ?? entries["_any"]);
}

/** The version itself, else the longest prefix that ends in `.*`, else `_any`, else `*`. */
function pickVersion(versions: ByVersion, wanted: string): ByArchitecture | undefined {
  const exact = versions[wanted];
  if (exact !== undefined) return exact;
  const parts = wanted.split(".");
  const [longest] = Object.keys(versions)
    .filter((key) => key.endsWith(".*") && key !== ".*")
    .map((key) => ({ key, prefix: key.slice(0, -2).split(".") }))
    .filter(({ prefix }) => prefix.every((part, index) => part === parts[index]))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return (longest && versions[longest.key]) ?? versions["_any"] ?? versions["*"];
}
