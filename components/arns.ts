// ARNs that must be known before, or without, the resource they name. All others come from the
// resource itself.
import type { Account, Partition } from "./account.js";

/** The account itself; in a key policy it means "whoever IAM in this account allows". */
export const accountRootArn = ({ partition, id }: Account): string =>
  `arn:${partition}:iam::${id}:root`;

/** A role of an account. */
export const roleArn = ({ partition, id }: Account, name: string): string =>
  `arn:${partition}:iam::${id}:role/${name}`;

/** A role of the same name in every account. */
export const roleInAccountsArn = (partition: Partition, name: string): string =>
  `arn:${partition}:iam::*:role/${name}`;

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

/** The EC2 instance that signs the request, in a condition. */
export const callingInstanceArn = ({ partition, id }: Account): string =>
  `arn:${partition}:ec2:*:${id}:instance/\${ec2:InstanceId}`;

/** Every EBS volume of the account. */
export const volumesArn = ({ partition, id }: Account): string =>
  `arn:${partition}:ec2:*:${id}:volume/*`;

/** Every EBS snapshot; the ARNs of snapshots have no account. */
export const snapshotsArn = ({ partition }: Account): string =>
  `arn:${partition}:ec2:*::snapshot/*`;

/** Every KMS key of the account. */
export const kmsKeysArn = ({ partition, id }: Account): string =>
  `arn:${partition}:kms:*:${id}:key/*`;

/** Sessions of Session Manager by their id, which begins with who opened them. */
export const sessionsArn = ({ partition, id }: Account, ids: string): string =>
  `arn:${partition}:ssm:*:${id}:session/${ids}`;

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

/** The log groups whose names begin with the prefix, with their streams. */
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

/** A bucket; bucket names are unique in a partition, so the ARN has neither Region nor account. */
export const bucketArn = (partition: Partition, bucket: string): string =>
  `arn:${partition}:s3:::${bucket}`;

/** A workgroup of Athena. */
export const workgroupArn = ({ partition, id }: Account, region: string, name: string): string =>
  `arn:${partition}:athena:${region}:${id}:workgroup/${name}`;

/** Athena's data catalog, which stands for the Glue Data Catalog. */
export const dataCatalogArn = ({ partition, id }: Account, region: string): string =>
  `arn:${partition}:athena:${region}:${id}:datacatalog/AwsDataCatalog`;

/** The Glue catalog of the account, a database and its tables: Glue checks all three for a table. */
export const glueTablesArns = (
  { partition, id }: Account,
  region: string,
  database: string,
): string[] =>
  ["catalog", `database/${database}`, `table/${database}/*`].map(
    (resource) => `arn:${partition}:glue:${region}:${id}:${resource}`,
  );

/** A state machine of Step Functions. */
export const stateMachineArn = ({ partition, id }: Account, region: string, name: string): string =>
  `arn:${partition}:states:${region}:${id}:stateMachine:${name}`;

/** A call of another service that a state machine makes, such as `sns:publish`. */
export const stateTaskArn = (partition: Partition, call: string): string =>
  `arn:${partition}:states:::${call}`;
