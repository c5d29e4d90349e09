import type { Partition } from "../account.js";
import { documentArn } from "../arns.js";
import type { LogAccount } from "../log-account.js";
import { packageDocumentName, packageDocumentPrefix } from "../names.js";

/**
 * What the ARNs of all packages in a Region begin with; the package's name ends them. Packages of
 * another account are installed by ARN, and an ARN stays in its partition and Region.
 */
export const packageArnPrefix = (source: LogAccount, partition: Partition, region: string) =>
  documentArn({ id: source.accountId, partition }, region, packageDocumentPrefix(source.prefix));

/** All packages of the source, as a policy names them. */
export const allPackages = (source: LogAccount, partition: Partition): string =>
  documentArn({ id: source.accountId, partition }, "*", packageDocumentName(source.prefix, "*"));
