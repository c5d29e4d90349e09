// What the rehearsal knows of the product that it plays: names that are the same wherever it is deployed. It may not import
// the program, so they stand here once more; a test compares them with the program's.

/** The tag in which the bootstrap runbook records how it ended; the tags with the rest begin with it. */
export const STATUS_TAG = "cf.ec2.bootstrap-status";

/** The tag with the runbook's message beside the status. */
export const STATUS_MESSAGE_TAG = `${STATUS_TAG}.message`;

/** The tag of hosts that the product looks after, and its values. */
export const ENABLED_TAG = "cf.ec2.bootstrap.enabled";
export const ENABLED_VALUES: readonly string[] = ["true", "True", "TRUE"];

/** The event by which people and the product's own programs ask for a bootstrap. */
export const BOOTSTRAP_REQUEST = {
  Source: "cf.ec2.bootstrap",
  DetailType: "Bootstrap Requested",
} as const;

/** The step that ends a bootstrap; a run without it has left the host to another run, or alone. */
export const LAST_BOOTSTRAP_STEP = "record";

/** The parameter of runbooks that names the instance which they are for. */
export const INSTANCE_PARAMETER = "InstanceId";

/** The parameter of a run's runbook that names the run. */
export const RUN_PARAMETER = "RunId";

/** Where a bucket for output has the records of runs, and the output of scripts. */
export const INVOCATIONS_PREFIX = "invocations/";
export const OUTPUT_PREFIX = "output/";

/** Whether a document is a package of a name, whatever the installation's prefix. */
export function isPackageDocument(document: string, name: string): boolean {
  return document.endsWith(`-package-${name}`);
}

/** A script of the library as a Command document. */
export function scriptDocumentName(prefix: string, script: string): string {
  return `${prefix}-script-${script}`;
}

/** The Command document of a script that is in no library, after its content. */
export function adHocDocumentName(prefix: string, sha256: string): string {
  return `${prefix}-run-${sha256.slice(0, 12)}`;
}

/** Whether a document's name is of those that a member stack gives its own: the bootstrap's and that of collections. */
export function isOwnDocument(prefix: string, document: string): boolean {
  return document.startsWith(`${prefix}-ec2-`) || document === `${prefix}-collect`;
}
