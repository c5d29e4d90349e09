import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InAccount } from "./account";
import { Access, resourcePolicy } from "./policy";

export interface CentralBucketArgs {
  /** ARN of the KMS key that encrypts every object. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /**
   * How long what is handed in under `tmp/` stays, in days: 1-365. It is packed within a day or two; a week forgives a
   * weekend. @default 7
   */
  readonly tmpDays?: number;
}

/** What is handed in is a copy of what its author has: once it is replaced or expired, a day is enough. */
const noncurrentTmpDays = 1;
/** How long an overwritten or deleted object can be brought back. */
const noncurrentDays = 90;
/** An upload that has not ended by then never will, and is billed until it is aborted. */
const uploadDays = 7;

/**
 * The one bucket in the log account for everything of Systems Manager: `tmp/` (executables handed
 * in), `packages/` (built packages and manifests) and, with the features that need them, documents,
 * session logs and command output. Encrypted with the given key, versioned, private, TLS only.
 *
 * Whoever writes into it depends on this component, so that no object precedes the encryption.
 *
 * @example
 * new CentralBucket(`${name}-storage`, { kmsKeyArn: key.arn }, { parent: this });
 */
export class CentralBucket extends pulumi.ComponentResource {
  /** Name of the bucket. */
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: CentralBucketArgs, opts: InAccount) {
    const { kmsKeyArn, tmpDays = 7 } = args;
    super("fleet:index:CentralBucket", name, { tmpDays }, opts);
    const bucket = new aws.s3.Bucket(`${name}-bucket`, {}, { parent: this });
    const of = { bucket: bucket.bucket };
    const closed = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        ...of,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      { parent: this },
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this },
    );
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { ...of, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { ...of, rules: [encryptedWith(kmsKeyArn)] },
      { parent: this },
    );
    // S3 refuses two changes of a bucket's access at once.
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        ...of,
        policy: resourcePolicy(
          onlyTls(bucket.arn),
          onlyKms(bucket.arn),
          onlyTheKey(bucket.arn, kmsKeyArn),
          noKeysOfClients(bucket.arn),
        ),
      },
      { parent: this, dependsOn: [closed] },
    );
    // A rule on noncurrent versions means nothing before there are any.
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { ...of, rules: lifecycle(tmpDays) },
      { parent: this, dependsOn: [versioning] },
    );
    this.bucket = bucket.bucket;
    this.registerOutputs({ bucket: this.bucket });
  }
}

/** A bucket key asks KMS once for many objects instead of once for each. */
const encryptedWith = (kmsKeyArn: pulumi.Input<string>) => ({
  applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
  bucketKeyEnabled: true,
});

/** Packages and documents have no expiry: a version once published can be published again. */
const lifecycle = (tmpDays: number) => [
  {
    id: "expire-handed-in-executables",
    status: "Enabled",
    filter: { prefix: "tmp/" },
    expiration: { days: tmpDays },
    noncurrentVersionExpiration: { noncurrentDays: noncurrentTmpDays },
  },
  {
    id: "expire-replaced-versions",
    status: "Enabled",
    filter: { prefix: "" },
    noncurrentVersionExpiration: { noncurrentDays },
  },
  {
    // What expires in a versioned bucket leaves a marker, which is listed for ever.
    id: "remove-markers-of-what-is-gone",
    status: "Enabled",
    filter: { prefix: "" },
    expiration: { expiredObjectDeleteMarker: true },
  },
  {
    id: "abort-unfinished-uploads",
    status: "Enabled",
    filter: { prefix: "" },
    abortIncompleteMultipartUpload: { daysAfterInitiation: uploadDays },
  },
];

/** Refuses everyone, the account's administrators included, over a connection that is not TLS. */
export const onlyTls = (bucketArn: pulumi.Output<string>): Access => ({
  Sid: "OnlyOverTls",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** Refuses whoever asks for a weaker encryption. Who asks for none gets the bucket's, and the condition is not met. */
export const onlyKms = (bucketArn: pulumi.Output<string>): Access => ({
  Sid: "OnlyEncryptedByKms",
  ...refusedUpload(bucketArn),
  Condition: {
    Null: { "s3:x-amz-server-side-encryption": "false" },
    StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
  },
});

/** Refuses whoever asks for another key than the bucket's, such as one that can be taken away from us. */
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
