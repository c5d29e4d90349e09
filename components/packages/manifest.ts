import type * as pulumi from "@pulumi/pulumi";
import type { Architecture, Os } from "../../packing/variant.js";
import { linuxPlatforms } from "../../packing/variant.js";

/** One zip of a package, and the hosts that it is for. */
export interface ManifestFile {
  readonly os: Os;
  readonly architecture: Architecture;
  /** Name of the zip, beside the manifest. */
  readonly file: string;
  /** Lower-case hexadecimal; the agent refuses a zip that has another. */
  readonly sha256: pulumi.Input<string>;
}

type Platform = Record<"_any", Partial<Record<Architecture, { file: string }>>>;

/** Distributor's manifest, schema 2.0: https://docs.aws.amazon.com/systems-manager/latest/userguide/distributor-working-with-packages-create.html */
export interface Manifest {
  readonly schemaVersion: "2.0";
  readonly version: string;
  readonly packages: Readonly<Record<string, Platform>>;
  readonly files: Readonly<Record<string, { checksums: { sha256: pulumi.Input<string> } }>>;
}

/**
 * Shows the agent which zip is for its platform and processor. The order of the files does not
 * matter, so moving an entry in the config changes nothing. `linux` fills every Linux platform
 * first; a platform declared by its own name then takes its place.
 */
export function manifestOf(version: string, files: readonly ManifestFile[]): Manifest {
  const rank = ({ os, file }: ManifestFile) => `${os === "linux" ? 0 : 1} ${file}`;
  const ordered = [...files].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const packages: Record<string, Platform> = {};
  for (const { os, architecture, file } of ordered) {
    for (const platform of os === "linux" ? linuxPlatforms : [os]) {
      packages[platform] ??= { _any: {} };
      packages[platform]._any[architecture] = { file };
    }
  }
  const checksums = ordered.map(({ file, sha256 }) => [file, { checksums: { sha256 } }] as const);
  return { schemaVersion: "2.0", version, packages, files: Object.fromEntries(checksums) };
}
