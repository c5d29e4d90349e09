// What a member's roles may do to buckets for output: the hosts', and that of runs. The buckets' policies have the
// other half.
import type { Account } from "../account.js";
import { bucketArn } from "../arns.js";
import { invocationsPrefix, outputPrefix } from "./output-access.js";
import type { Grant } from "../policy.js";
import { throughS3 } from "../runs/run-accounts.js";

/** Buckets for output, and the keys that encrypt them, from the log stack's outputs. */
export interface OutputBuckets {
  readonly buckets: readonly string[];
  readonly keyArns: readonly string[];
}

/** The run records how each host answered, below its own account. */
export const mayRecordAnswers = (account: Account, { buckets }: OutputBuckets): Grant => ({
  Sid: "RecordAnswers",
  Effect: "Allow",
  Action: "s3:PutObject",
  Resource: buckets.map(
    (bucket) => `${bucketArn(account.partition, bucket)}/${invocationsPrefix}${account.id}/*`,
  ),
});

/** The run checks whether the output of its hosts has arrived: names, no contents. */
export const mayLookUpOutput = (account: Account, { buckets }: OutputBuckets): Grant => ({
  Sid: "LookUpOutput",
  Effect: "Allow",
  Action: "s3:ListBucket",
  Resource: buckets.map((bucket) => bucketArn(account.partition, bucket)),
  Condition: { StringLike: { "s3:prefix": `${outputPrefix}${account.id}/*` } },
});

/** S3 encrypts the record with the bucket's key in the run's name; with a bucket key, what is encrypted is the bucket. */
export const mayEncryptAnswers = (account: Account, output: OutputBuckets): Grant => ({
  Sid: "EncryptAnswers",
  Effect: "Allow",
  Action: "kms:GenerateDataKey",
  Resource: [...output.keyArns],
  Condition: inBuckets(account, output),
});

/** The host writes what commands print, below its own account. The agent sends an ACL with it. */
export const mayWriteOutput = (account: Account, { buckets }: OutputBuckets): Grant => ({
  Sid: "WriteOutput",
  Effect: "Allow",
  Action: ["s3:PutObject", "s3:PutObjectAcl"],
  Resource: buckets.map(
    (bucket) => `${bucketArn(account.partition, bucket)}/${outputPrefix}${account.id}/*`,
  ),
});

/** As for the run; above 5 MB the agent uploads in parts, which S3 puts together by decrypting them. */
export const mayEncryptOutput = (account: Account, output: OutputBuckets): Grant => ({
  Sid: "EncryptOutput",
  Effect: "Allow",
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  Resource: [...output.keyArns],
  Condition: inBuckets(account, output),
});

const inBuckets = (account: Account, { buckets }: OutputBuckets) => {
  const { StringLike } = throughS3(account.partition);
  const arns = buckets.map((bucket) => bucketArn(account.partition, bucket));
  return {
    StringLike,
    StringEquals: { "kms:EncryptionContext:aws:s3:arn": arns },
  };
};
