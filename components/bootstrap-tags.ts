// The tags that drive the bootstrap of an instance, and those it leaves there. They are the
// interface between who launches hosts and the runbook, so no prefix changes them.

/** `true`: bootstrap the instance; anything else, or no tag: leave it alone. */
export const enabledTag = "cf.ec2.bootstrap.enabled";
/** Names of the packages to install, as a JSON list. */
export const packagesTag = "cf.ec2.bootstrap.packages";
/** Begins every tag that the runbook writes; it never begins one that the runbook reads. */
export const statusTagPrefix = "cf.ec2.bootstrap-status";
