import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InAccount } from "./account";
import { Access, resourcePolicy } from "./policy";

export interface CentralBucketArgs {
  /** ARN of the KMS key that encrypts every object. */
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** Executables handed in under `tmp/` are packed within a day or two; a week forgives a weekend. */
const tmpDays = 7;
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
    super("fleet:index:CentralBucket", name, {}, opts);
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
      { ...of, rules: [encryptedWith(args.kmsKeyArn)] },
      { parent: this },
    );
    // S3 refuses two changes of a bucket's access at once.
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { ...of, policy: resourcePolicy(onlyTls(bucket.arn)) },
      { parent: this, dependsOn: [closed] },
    );
    // A rule on noncurrent versions means nothing before there are any.
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { ...of, rules: lifecycle },
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

const lifecycle = [
  {
    id: "expire-handed-in-executables",
    status: "Enabled",
    filter: { prefix: "tmp/" },
    expiration: { days: tmpDays },
  },
  {
    id: "expire-replaced-versions",
    status: "Enabled",
    filter: { prefix: "" },
    noncurrentVersionExpiration: { noncurrentDays },
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
