// The tags that drive the bootstrap of an instance, and those it leaves there. They are the
// interface between who launches hosts and the runbook, so no prefix changes them.

/** Begins every tag that the runbook reads: a change of one of them starts it. */
export const intentTagPrefix = "cf.ec2.bootstrap.";
/** `true`: bootstrap the instance; anything else, or no tag: leave it alone. */
export const enabledTag = "cf.ec2.bootstrap.enabled";
/** Its values that count as true, for targets, which compare letter by letter. */
export const enabledValues: readonly string[] = ["true", "True", "TRUE"];
/** Names of the packages to install, as a JSON list. */
export const packagesTag = "cf.ec2.bootstrap.packages";
/** Name of the CloudWatch agent's configuration; empty or `SKIP`: the agent is not configured. */
export const cloudWatchTag = "cf.ec2.bootstrap.cloudwatch.config";
/** Arguments of the packages' install scripts, as a JSON object by package name. */
export const argumentsTag = "cf.ec2.bootstrap.arguments";
/** What the host is to be called; no tag: it keeps its name. */
export const hostnameTag = "cf.ec2.bootstrap.hostname";
/** Id of the directory that the host joins; no tag: it joins none. */
export const domainTag = "cf.ec2.bootstrap.domain";
/** What a tag holds instead of a name where nothing is wanted. */
export const skip = "SKIP";
/** Begins every tag that the runbook writes; it never begins one that the runbook reads. */
export const statusTagPrefix = "cf.ec2.bootstrap-status";

/** Source and detail type of the events by which the product itself asks for a bootstrap. */
export const requestSource = "cf.ec2.bootstrap";
export const requestType = "Bootstrap Requested";
/** The same for a host whose bootstrap seems lost; where it was only late, the run does nothing. */
export const missedType = "Bootstrap Missed";
