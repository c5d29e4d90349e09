import type { Partition } from "../account.js";
import { documentArn } from "../arns.js";
import { packageDocumentName, packageDocumentPrefix } from "../names.js";

/** Where a member's packages come from, as the log stack's outputs tell. */
export interface PackageSource {
  /** The log account. */
  readonly accountId: string;
  /** What the names of its packages' documents begin with. */
  readonly prefix: string;
}

/**
 * What the ARNs of all packages in a Region begin with; the package's name ends them. Packages of
 * another account are installed by ARN, and an ARN stays in its partition and Region.
 */
export const packageArnPrefix = (source: PackageSource, partition: Partition, region: string) =>
  documentArn({ id: source.accountId, partition }, region, packageDocumentPrefix(source.prefix));

/** All packages of the source, as a policy names them. */
export const allPackages = (source: PackageSource, partition: Partition): string =>
  documentArn({ id: source.accountId, partition }, "*", packageDocumentName(source.prefix, "*"));
