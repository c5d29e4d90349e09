// What a managed host may do only where a feature is used, one function per intent.
import type { Account } from "../account.js";
import {
  cloudWatchConfigsArn,
  directoryArn,
  kmsKeysArn,
  logGroupsArn,
  parameterArn,
} from "../arns.js";
import { hostLogGroupPrefix } from "../names.js";
import type { Grant } from "../policy.js";

/** The namespace of the CloudWatch agent's metrics, its own default. */
export const metricsNamespace = "CWAgent";

/** The CloudWatch agent's configurations; `CloudWatchAgentServerPolicy` reaches none of this path. */
export const mayReadCloudWatchConfigs = (account: Account): Grant => ({
  Sid: "ReadCloudWatchConfigs",
  Effect: "Allow",
  Action: "ssm:GetParameter",
  Resource: cloudWatchConfigsArn(account),
});

/**
 * Logs into the groups of the product, which exist. Making groups, and how long they are kept, is
 * not the agent's business.
 */
export const mayWriteLogs = (account: Account, prefix: string): Grant => ({
  Sid: "WriteLogs",
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
  Resource: logGroupsArn(account, hostLogGroupPrefix(prefix)),
});

export const mayPutMetrics = (): Grant => ({
  Sid: "PutMetrics",
  Effect: "Allow",
  Action: "cloudwatch:PutMetricData",
  // A metric is no resource; only its namespace can be limited.
  Resource: "*",
  Condition: { StringEquals: { "cloudwatch:namespace": metricsNamespace } },
});

/** The parameters that packages name as secrets of their install scripts, and no others. */
export const mayReadSecrets = (account: Account, names: readonly string[]): Grant => ({
  Sid: "ReadSecrets",
  Effect: "Allow",
  Action: "ssm:GetParameter",
  Resource: names.map((name) => parameterArn(account, name)),
});

/**
 * Decrypts those parameters with a key of the account's own. The default key, `aws/ssm`, allows it
 * by itself.
 */
export const mayDecryptSecrets = (account: Account, names: readonly string[]): Grant => ({
  Sid: "DecryptSecrets",
  Effect: "Allow",
  Action: "kms:Decrypt",
  // Which key encrypts a parameter is its owner's choice; the conditions leave the parameters alone.
  Resource: kmsKeysArn(account),
  Condition: {
    StringLike: {
      "kms:ViaService": parameterStore(account),
      "kms:EncryptionContext:PARAMETER_ARN": names.map((name) => parameterArn(account, name)),
    },
  },
});

/** Parameter Store in any Region, as KMS calls it. In China services are seen with both suffixes. */
const parameterStore = ({ partition }: Account): string[] => [
  "ssm.*.amazonaws.com",
  ...(partition === "aws-cn" ? ["ssm.*.amazonaws.com.cn"] : []),
];

/** The host makes its own computer account in the directory. */
export const mayJoinDirectories = (account: Account, ids: readonly string[]): Grant => ({
  Sid: "JoinDirectories",
  Effect: "Allow",
  Action: "ds:CreateComputer",
  Resource: ids.map((id) => directoryArn(account, id)),
});

/** The document that joins the host to a directory looks that directory up. */
export const mayReadDirectories = (): Grant => ({
  Sid: "ReadDirectories",
  Effect: "Allow",
  Action: "ds:DescribeDirectories",
  // Directory Service has no resource-level permissions for this action.
  Resource: "*",
});
