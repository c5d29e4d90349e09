// What members may do to a bucket for the output of commands, and to its key. Each statement is half of a permission: the
// role in the member has the other half.
import * as pulumi from "@pulumi/pulumi";
import type { Partition } from "../account.js";
import { roleInAccountsArn } from "../arns.js";
import { executionRoleName } from "../names.js";
import type { Access } from "../policy.js";
import type { RunAccounts } from "../runs/run-accounts.js";
import { callersOf, throughS3 } from "../runs/run-accounts.js";

/** What the keys of S3 begin with; the account comes next, then Region and run. */
export const outputPrefix = "output/";
/** A line for each host and run. */
export const invocationsPrefix = "invocations/";
/** Results of queries. */
export const queriesPrefix = "queries/";

/** The bucket and who writes into it. */
export interface OutputStore {
  readonly partition: Partition;
  readonly accounts: RunAccounts;
}

/**
 * Hosts write the output of commands, each below its own account. They can read nothing, and what they overwrite stays as a
 * version for a week. The agent sends an ACL, for which S3 requires another permission.
 */
export const hostsWriteOutput = (
  bucketArn: pulumi.Input<string>,
  { partition, accounts }: OutputStore,
): Access => ({
  Sid: "HostsWriteOutput",
  Effect: "Allow",
  ...callersOf(accounts, partition),
  Action: ["s3:PutObject", "s3:PutObjectAcl"],
  Resource: pulumi.interpolate`${bucketArn}/${outputPrefix}\${aws:PrincipalAccount}/*`,
});

/** The runbook writes how each host of its account answered. */
export const runsRecordAnswers = (
  bucketArn: pulumi.Input<string>,
  { partition, accounts }: OutputStore,
): Access => ({
  Sid: "RunsRecordAnswers",
  Effect: "Allow",
  ...callersOf(accounts, partition, onlyRuns(partition)),
  Action: "s3:PutObject",
  Resource: pulumi.interpolate`${bucketArn}/${invocationsPrefix}\${aws:PrincipalAccount}/*`,
});

/** The runbook checks whether the output of its account's hosts has arrived. It sees names and no contents. */
export const runsLookUpOutput = (
  bucketArn: pulumi.Input<string>,
  { partition, accounts }: OutputStore,
): Access => ({
  Sid: "RunsLookUpOutput",
  Effect: "Allow",
  ...callersOf(accounts, partition, {
    ...onlyRuns(partition),
    StringLike: { "s3:prefix": `${outputPrefix}\${aws:PrincipalAccount}/*` },
  }),
  Action: "s3:ListBucket",
  Resource: bucketArn,
});

/** Everything of a bucket that is for members. */
export const outputAccess = (bucketArn: pulumi.Input<string>, store: OutputStore): Access[] => [
  hostsWriteOutput(bucketArn, store),
  runsRecordAnswers(bucketArn, store),
  runsLookUpOutput(bucketArn, store),
];

/**
 * S3 encrypts what members write with the bucket's key, in their name. It decrypts the parts of an object that is
 * uploaded in several, as agents do above 5 MB; none of them can get what is in the bucket.
 */
export const membersEncryptOutput = ({ partition, accounts }: OutputStore): Access => ({
  Sid: "MembersEncryptOutput",
  Effect: "Allow",
  ...callersOf(accounts, partition, throughS3(partition)),
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  Resource: "*",
});

const onlyRuns = (partition: Partition) => ({
  ArnLike: { "aws:PrincipalArn": roleInAccountsArn(partition, executionRoleName) },
});
