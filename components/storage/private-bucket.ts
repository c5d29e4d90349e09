import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Access } from "../policy.js";
import {
  abortUnfinishedUploads,
  closedToPublic,
  encryptedWith,
  expireReplacedVersions,
  noKeysOfClients,
  onlyKms,
  onlyTheKey,
  onlyTls,
  ownedByUs,
  removeMarkers,
  versioned,
} from "./bucket-settings.js";

/** A bucket and the key that encrypts it. */
export interface EncryptedBucket {
  /** Name of the bucket. */
  readonly bucket: pulumi.Input<string>;
  /** ARN of the key. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** ARNs of keys that encrypted objects before, which whoever reads them needs. @default none */
  readonly earlierKeyArns?: readonly pulumi.Input<string>[];
}

export interface PrivateBucketArgs {
  readonly bucket: aws.s3.Bucket;
  /** ARN of the key that encrypts every object. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Region of the bucket. @default the provider's */
  readonly region?: string;
  /** What expires, before the rules that every bucket has. */
  readonly expiry: readonly aws.types.input.s3.BucketLifecycleConfigurationRule[];
}

/**
 * Makes a bucket private: closed to the public, owned by the account, versioned, encrypted by one key, and
 * cleaned of what nobody can reach any more. The children belong to the component that owns the bucket.
 * Its policy depends on what is returned, because S3 refuses two changes of a bucket's access at once.
 */
export function makePrivate(
  name: string,
  { bucket, kmsKeyArn, region, expiry }: PrivateBucketArgs,
  opts: { readonly parent: pulumi.ComponentResource },
): { readonly closed: pulumi.Resource; readonly encryption: pulumi.Resource } {
  const place = { bucket: bucket.bucket, region };
  const closed = new aws.s3.BucketPublicAccessBlock(
    `${name}-public-access`,
    { ...place, ...closedToPublic },
    opts,
  );
  new aws.s3.BucketOwnershipControls(`${name}-ownership`, { ...place, ...ownedByUs }, opts);
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { ...place, ...versioned },
    opts,
  );
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    { ...place, rules: [encryptedWith(kmsKeyArn)] },
    opts,
  );
  // A rule on noncurrent versions means nothing before there are any.
  const rules = [...expiry, expireReplacedVersions, removeMarkers, abortUnfinishedUploads];
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { ...place, rules },
    { ...opts, dependsOn: [versioning] },
  );
  return { closed, encryption };
}

/** What the policy of every private bucket refuses. */
export const refusals = (
  bucketArn: pulumi.Output<string>,
  kmsKeyArn: pulumi.Input<string>,
): Access[] => [
  onlyTls(bucketArn),
  onlyKms(bucketArn),
  onlyTheKey(bucketArn, kmsKeyArn),
  noKeysOfClients(bucketArn),
];
