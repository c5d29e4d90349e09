// ARNs that must be known before, or without, the resource they name. All others come from the
// resource itself.
import type { Account, Partition } from "./account.js";

/** The account itself; in a key policy it means "whoever IAM in this account allows". */
export const accountRootArn = ({ partition, id }: Account): string =>
  `arn:${partition}:iam::${id}:root`;

/** An SSM document of an account. */
export const documentArn = ({ partition, id }: Account, region: string, name: string): string =>
  `arn:${partition}:ssm:${region}:${id}:document/${name}`;

/** An SSM document that AWS owns; such ARNs have no account. */
export const awsDocumentArn = (partition: Partition, region: string, name: string): string =>
  `arn:${partition}:ssm:${region}::document/${name}`;

/**
 * A runbook as EventBridge and older IAM checks name it. `aws.ssm.Document.arn` says `document/…`,
 * which EventBridge takes for Run Command.
 */
export const automationDefinitionArn = (
  { partition, id }: Account,
  region: string,
  name: string,
  version: string,
): string => `arn:${partition}:ssm:${region}:${id}:automation-definition/${name}:${version}`;

/** Every automation run of the account; a run's id is not known before it starts. */
export const automationExecutionsArn = ({ partition, id }: Account): string =>
  `arn:${partition}:ssm:*:${id}:automation-execution/*`;

/** Every EC2 instance of the account. */
export const instancesArn = ({ partition, id }: Account): string =>
  `arn:${partition}:ec2:*:${id}:instance/*`;

/** Every State Manager association of the account. */
export const associationsArn = ({ partition, id }: Account): string =>
  `arn:${partition}:ssm:*:${id}:association/*`;

/** A rule on the default event bus. */
export const eventRuleArn = ({ partition, id }: Account, region: string, name: string): string =>
  `arn:${partition}:events:${region}:${id}:rule/${name}`;

/** A parameter of Parameter Store in any Region; a name without a path is written like one with. */
export const parameterArn = ({ partition, id }: Account, name: string): string =>
  `arn:${partition}:ssm:*:${id}:parameter/${name.replace(/^\//, "")}`;

/** All configurations of the CloudWatch agent; runbooks append a name to the path. */
export const cloudWatchConfigsArn = (account: Account): string =>
  parameterArn(account, "/cloudwatch/config/*");

/** The log groups whose names begin like that, with their streams. */
export const logGroupsArn = ({ partition, id }: Account, start: string): string =>
  `arn:${partition}:logs:*:${id}:log-group:${start}*`;

/** A directory of Directory Service in any Region. */
export const directoryArn = ({ partition, id }: Account, directory: string): string =>
  `arn:${partition}:ds:*:${id}:directory/${directory}`;

/** A topic of an account. */
export const topicArn = ({ partition, id }: Account, region: string, name: string): string =>
  `arn:${partition}:sns:${region}:${id}:${name}`;

/** Every CloudWatch alarm of the account in a Region. */
export const alarmsArn = ({ partition, id }: Account, region: string): string =>
  `arn:${partition}:cloudwatch:${region}:${id}:alarm:*`;

/** A log group as encryption contexts name it: without the `:*` for its streams. */
export const logGroupArn = ({ partition, id }: Account, region: string, name: string): string =>
  `arn:${partition}:logs:${region}:${id}:log-group:${name}`;

/** CloudWatch Logs has a principal per Region, below the partition's domain. */
export const logsPrincipal = ({ partition }: Account, region: string): string =>
  `logs.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`;

/** The default event bus in every Region. */
export const defaultBusArn = ({ partition, id }: Account): string =>
  `arn:${partition}:events:*:${id}:event-bus/default`;
