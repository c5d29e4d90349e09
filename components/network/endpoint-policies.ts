// Who may use an endpoint, and for what. This applies besides the policies of the callers and of the resources.
import type { Account } from "../account.js";
import { bucketArn } from "../arns.js";
import type { Access } from "../policy.js";

/**
 * The accounts whose hosts live in the VPC, with whatever their own policies allow; nobody with credentials of another
 * account, who could carry data out through the endpoint.
 */
export const accountsUseEndpoint = (accounts: readonly string[]): Access => ({
  Sid: "AccountsUseEndpoint",
  Effect: "Allow",
  // Every principal of the accounts in the condition: all other software in the VPC uses this endpoint too.
  Principal: "*",
  Action: "*",
  Resource: "*",
  Condition: { StringEquals: { "aws:PrincipalAccount": [...accounts] } },
});

/** The accounts' own buckets: all other software in the VPC uses this endpoint too. */
export const accountsUseOwnBuckets = (accounts: readonly string[]): Access => ({
  Sid: "AccountsUseOwnBuckets",
  Effect: "Allow",
  // The condition limits both the principal and the resource.
  Principal: "*",
  Action: "s3:*",
  Resource: "*",
  Condition: {
    StringEquals: {
      "aws:PrincipalAccount": [...accounts],
      "aws:ResourceAccount": [...accounts],
    },
  },
});

/** The log account's bucket, and that for output of the Region. */
export const accountsUseCentralBucket = (
  { partition }: Account,
  accounts: readonly string[],
  buckets: readonly string[],
): Access => ({
  Sid: "AccountsUseCentralBucket",
  Effect: "Allow",
  // Every principal of the accounts in the condition, as far as the bucket's own policy allows.
  Principal: "*",
  Action: ["s3:GetEncryptionConfiguration", "s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"],
  Resource: buckets
    .map((bucket) => bucketArn(partition, bucket))
    .flatMap((arn) => [arn, `${arn}/*`]),
  Condition: { StringEquals: { "aws:PrincipalAccount": [...accounts] } },
});

/**
 * What Systems Manager and Amazon Linux keep in buckets of AWS: packages, updates of the agent, modules for Windows.
 * Source: Systems Manager user guide, "SSM Agent communications with AWS managed S3 buckets"; Amazon Linux 2023 user
 * guide, "Repositories".
 */
export const hostsReadAwsBuckets = ({ partition }: Account, region: string): Access => ({
  Sid: "HostsReadAwsBuckets",
  Effect: "Allow",
  // The addresses are signed by AWS's own accounts, or not at all.
  Principal: "*",
  Action: "s3:GetObject",
  Resource: [
    `amazon-ssm-${region}`,
    `amazon-ssm-packages-${region}`,
    `aws-ssm-${region}`,
    `aws-ssm-distributor-file-${region}`,
    `aws-ssm-document-attachments-${region}`,
    `aws-windows-downloads-${region}`,
    `${region}-birdwatcher-prod`,
    `al2023-repos-${region}-de612dc2`,
  ].map((bucket) => `${bucketArn(partition, bucket)}/*`),
});
