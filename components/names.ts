// Every physical name that is fixed, because another account or a person must know it before the
// resource exists. All others are auto-named. `prefix` (at most 20 characters) keeps two
// installations in one account apart.
import { createHash } from "node:crypto";
import type { Account } from "./account.js";
import { documentArn } from "./arns.js";

/** Longest ARN that SSM takes where a shared document is named by ARN: AWS API, `DocumentARN`. */
const maxDocumentArn = 128;

/** The beginning of the names of an installation's packages; hosts and runbooks append the rest. */
export const packageDocumentPrefix = (prefix: string): string => `${prefix}-package-`;

/** The Distributor document that members install by ARN. Check it with `documentNameProblem`. */
export const packageDocumentName = (prefix: string, name: string): string =>
  `${packageDocumentPrefix(prefix)}${name}`;

/** The runbook that people find in the console. At most 34 of SSM's 128 characters. */
export const bootstrapDocumentName = (prefix: string): string => `${prefix}-ec2-bootstrap`;

/** The Command document by which the runbook renames hosts. */
export const renameDocumentName = (prefix: string): string =>
  `${bootstrapDocumentName(prefix)}-rename`;

/** The runbook that finds lost bootstraps. */
export const reconcileDocumentName = (prefix: string): string =>
  `${bootstrapDocumentName(prefix)}-reconcile`;

/** All rules of the bootstrap product begin like this; the rules' role trusts no others. */
export const bootstrapRulePrefix = (prefix: string): string => `${bootstrapDocumentName(prefix)}-`;

/** What the rules on the default bus are for; dead letters name them. */
export type BootstrapRule = "running" | "tags" | "requested" | "missed" | "failed" | "reconcile";

/** A rule of the bootstrap product. At most 44 of EventBridge's 64 characters. */
export const bootstrapRuleName = (prefix: string, rule: BootstrapRule): string =>
  `${bootstrapRulePrefix(prefix)}${rule}`;

/** The rules on schedules that fail all begin like this; the queue of dead letters takes theirs. */
export const failedScheduleRulePrefix = (prefix: string): string =>
  `${bootstrapRulePrefix(prefix)}schedule-`;

/** EventBridge's limit for the name of a rule. Source: API reference, PutRule. */
const maxRuleName = 64;

/** The rule on a schedule that fails: named after it, or after a digest of its name where that is too long. */
export function failedScheduleRuleName(prefix: string, schedule: string): string {
  const name = `${failedScheduleRulePrefix(prefix)}${schedule}`;
  if (name.length <= maxRuleName) return name;
  const digest = createHash("sha256").update(schedule).digest("hex").slice(0, 12);
  return `${failedScheduleRulePrefix(prefix)}${digest}`;
}

/**
 * The topic that notifies people of failures; its key's policy names it before it exists. At
 * most 43 of SNS's 256 characters.
 */
export const failureTopicName = (prefix: string): string =>
  `${bootstrapDocumentName(prefix)}-failures`;

/** The runbook that runs a script on the hosts of an account and Region. At most 31 of SSM's 128 characters. */
export const runDocumentName = (prefix: string): string => `${prefix}-run-script`;

/** A script of the library as a Command document. At most 68 characters, as names have 40. */
export const scriptDocumentName = (prefix: string, script: string): string =>
  `${prefix}-script-${script}`;

/** Beginning of the names of documents that `fleet run` makes of a file. */
export const adHocDocumentPrefix = (prefix: string): string => `${prefix}-run-`;

/**
 * The document of a script that is in no library, after its content: whoever runs the same again finds it there. At most
 * 37 characters.
 */
export const adHocDocumentName = (prefix: string, sha256: string): string =>
  `${adHocDocumentPrefix(prefix)}${sha256.slice(0, 12)}`;

/** The role that automations of the log account start from; the name is AWS's own, in all partitions. */
export const administrationRoleName = "AWS-SystemsManager-AutomationAdministrationRole";

/** The role that automations assume in a member; the default of `ExecutionRoleName`. */
export const executionRoleName = "AWS-SystemsManager-AutomationExecutionRole";

/** People who plan and follow runs read a member's hosts by this role. At most 31 of IAM's 64 characters. */
export const runReaderRoleName = (prefix: string): string => `${prefix}-run-reader`;

/** The role of people who run scripts over the accounts, in the log account. At most 33 of IAM's 64 characters. */
export const runOperatorRoleName = (prefix: string): string => `${prefix}-run-operator`;

/**
 * A bucket for output in a Region of its own, which hosts and members name before they see it. At most 20 + 8 + 12 + 1 + 14
 * = 55 of S3's 63 characters.
 */
export const outputBucketName = (prefix: string, account: string, region: string): string =>
  `${prefix}-output-${account}-${region}`;

/** The Glue database over the output of runs, which queries name; SQL takes no `-`. At most 25 of Glue's 255 characters. */
export const runDatabaseName = (prefix: string): string => `${prefix.replaceAll("-", "_")}_runs`;

/** The workgroup in which people query it. At most 25 of Athena's 128 characters. */
export const runWorkgroupName = (prefix: string): string => `${prefix}-runs`;

/**
 * A maintenance window or an association, as people find it in the console. At most 61 of Systems Manager's 128
 * characters.
 */
export const scheduleName = (prefix: string, schedule: string): string => `${prefix}-${schedule}`;

/** The runbook that collects, and the role that it assumes. */
export const collectName = (prefix: string): string => `${prefix}-collect`;

/** The schedule of a collection, beside those of the config. */
export const collectScheduleName = (collection: string): string => `collect-${collection}`;

/** The id of the run under which a schedule's answers are kept and queried. At most 49 of a run id's 63 characters. */
export const scheduledRunId = (schedule: string): string => `schedule-${schedule}`;

/** Everything of the distribution of results begins like this. */
export const routePrefix = (prefix: string): string => `${prefix}-route-`;

/** The state machine of a route and the rule that starts it. At most 58 of 80 and 64 characters. */
export const routeName = (prefix: string, route: string): string =>
  `${routePrefix(prefix)}${route}`;

/** The rule on routes that fail; no route is called so. At most 36 of EventBridge's 64 characters. */
export const failedRoutesRuleName = (prefix: string): string => `${routePrefix(prefix)}-failed`;

/** A topic that routes publish to; its key's policy names it before it exists. At most 58 of SNS's 256 characters. */
export const routeTopicName = (prefix: string, topic: string): string =>
  `${routePrefix(prefix)}${topic}`;

/** What state machines log. At most 29 of CloudWatch Logs' 512 characters. */
export const routeLogGroupName = (prefix: string): string => `/${prefix}/routes`;

/** All log groups of the hosts begin like this; their role trusts no others. */
export const hostLogGroupPrefix = (prefix: string): string => `/${prefix}/ec2/`;

/** Permission set and group by which people open sessions. At most 29 of Identity Center's 32 characters. */
export const sessionPermissionSetName = (prefix: string): string => `${prefix}-sessions`;

/** An alias by which people find a key. At most 37 of KMS's 256 characters. */
export const keyAlias = (
  prefix: string,
  purpose: "packages" | "bootstrap" | "output" | "routes",
): string => `alias/${prefix}-${purpose}`;

/**
 * Says why a document cannot be addressed by its ARN in one of the Regions; undefined when it can.
 * What is left for the name depends on the Region: 84 characters in us-east-1, 73 in us-gov-west-1.
 */
export function documentNameProblem(
  name: string,
  account: Account,
  regions: readonly string[],
): string | undefined {
  const arns = regions.map((region) => documentArn(account, region, name));
  const longest = arns.reduce((a, b) => (b.length > a.length ? b : a), "");
  const excess = longest.length - maxDocumentArn;
  if (excess <= 0) return undefined;
  return `expected an ARN of at most ${maxDocumentArn} characters for document "${name}", got ${longest.length} (${longest}); shorten the name by ${excess}`;
}

/** A configuration of the CloudWatch agent, as the runbook makes it of a tag's value. */
export const cloudWatchConfigName = (name: string): string => `/cloudwatch/config/${name}`;
