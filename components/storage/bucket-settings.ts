// What all our buckets have in common: closed, versioned, encrypted by one key and over TLS only.
import * as pulumi from "@pulumi/pulumi";
import { invocationsPrefix, outputPrefix, queriesPrefix } from "./output-access.js";
import type { Access } from "../policy.js";

/** How long an overwritten or deleted object can be brought back. */
const noncurrentDays = 90;
/** An upload that has not ended by then never will, and is billed until it is aborted. */
const uploadDays = 7;
/**
 * Output that expired or was overwritten is gone for good after that, so that `outputDays` means what it says; a week is
 * time to see that a host wrote over what it had written.
 */
const noncurrentOutputDays = 7;
/** Results of queries are asked for again rather than looked for. */
const queryDays = 30;

export const closedToPublic = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

/** The bucket's owner owns every object, whoever wrote it; ACLs have no effect. */
export const ownedByUs = { rule: { objectOwnership: "BucketOwnerEnforced" } };

export const versioned = { versioningConfiguration: { status: "Enabled" } };

/** A bucket key asks KMS once for many objects instead of once for each. */
export const encryptedWith = (kmsKeyArn: pulumi.Input<string>) => ({
  applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
  bucketKeyEnabled: true,
});

export const expireReplacedVersions = {
  id: "expire-replaced-versions",
  status: "Enabled",
  filter: { prefix: "" },
  noncurrentVersionExpiration: { noncurrentDays },
};

/** What expires in a versioned bucket leaves a marker, which is listed for ever. */
export const removeMarkers = {
  id: "remove-markers-of-what-is-gone",
  status: "Enabled",
  filter: { prefix: "" },
  expiration: { expiredObjectDeleteMarker: true },
};

export const abortUnfinishedUploads = {
  id: "abort-unfinished-uploads",
  status: "Enabled",
  filter: { prefix: "" },
  abortIncompleteMultipartUpload: { daysAfterInitiation: uploadDays },
};

/** The range of `outputDays`, and its value where nobody sets it. */
export const outputDaysLimits = { least: 1, most: 3650, preset: 90 };

/** Output of commands, how hosts answered, and results of queries. */
export const expireOutput = (outputDays: number) =>
  [
    { prefix: outputPrefix, days: outputDays },
    { prefix: invocationsPrefix, days: outputDays },
    { prefix: queriesPrefix, days: queryDays },
  ].map(({ prefix, days }) => ({
    id: `expire-${prefix.replace("/", "")}`,
    status: "Enabled",
    filter: { prefix },
    expiration: { days },
    noncurrentVersionExpiration: { noncurrentDays: noncurrentOutputDays },
  }));

/** Refuses everyone, the account's administrators included, over a connection that is not TLS. */
export const onlyTls = (bucketArn: pulumi.Output<string>): Access => ({
  Sid: "OnlyOverTls",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** Refuses requests for a weaker encryption. A request that names none gets the bucket's, so it is not refused. */
export const onlyKms = (bucketArn: pulumi.Output<string>): Access => ({
  Sid: "OnlyEncryptedByKms",
  ...refusedUpload(bucketArn),
  Condition: {
    Null: { "s3:x-amz-server-side-encryption": "false" },
    StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
  },
});

/** Refuses requests for another key than the bucket's, such as one whose owner can withdraw it. */
export const onlyTheKey = (
  bucketArn: pulumi.Output<string>,
  kmsKeyArn: pulumi.Input<string>,
): Access => ({
  Sid: "OnlyEncryptedWithTheKey",
  ...refusedUpload(bucketArn),
  Condition: {
    Null: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "false" },
    StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": kmsKeyArn },
  },
});

/** Refuses objects that only their author could read. */
export const noKeysOfClients = (bucketArn: pulumi.Output<string>): Access => ({
  Sid: "NoKeysOfClients",
  ...refusedUpload(bucketArn),
  Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
});

const refusedUpload = (bucketArn: pulumi.Output<string>): Omit<Access, "Sid"> => ({
  Effect: "Deny",
  Principal: "*",
  Action: "s3:PutObject",
  Resource: pulumi.interpolate`${bucketArn}/*`,
});
