import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../account.js";
import {
  abortUnfinishedUploads,
  closedToPublic,
  encryptedWith,
  expireOutput,
  expireReplacedVersions,
  noKeysOfClients,
  onlyKms,
  onlyTheKey,
  onlyTls,
  ownedByUs,
  removeMarkers,
  versioned,
} from "./bucket-settings.js";
import type { OutputStore } from "./output-access.js";
import { outputAccess } from "./output-access.js";
import { resourcePolicy } from "../policy.js";

export interface CentralBucketArgs {
  /** ARN of the KMS key that encrypts every object. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /**
   * How long what is handed in under `tmp/` stays, in days: 1-365. It is packed within a day or two; a week forgives a
   * weekend. @default 7
   */
  readonly tmpDays?: number;
  /** Runs of scripts in members, which keep their output here. @default none */
  readonly runs?: KeptRuns;
}

/** Who writes output into the bucket, and how long it stays. */
export interface KeptRuns extends OutputStore {
  /** In days: 1-3650. */
  readonly outputDays: number;
}

/** What is handed in is a copy of what its author has: once it is replaced or expired, a day is enough. */
const noncurrentTmpDays = 1;

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
    const { kmsKeyArn, tmpDays = 7, runs } = args;
    super("fleet:index:CentralBucket", name, { tmpDays }, opts);
    const bucket = new aws.s3.Bucket(`${name}-bucket`, {}, { parent: this });
    const of = { bucket: bucket.bucket };
    const closed = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      { ...of, ...closedToPublic },
      { parent: this },
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { ...of, ...ownedByUs },
      { parent: this },
    );
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { ...of, ...versioned },
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
          ...(runs ? outputAccess(bucket.arn, runs) : []),
        ),
      },
      { parent: this, dependsOn: [closed] },
    );
    // A rule on noncurrent versions means nothing before there are any.
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { ...of, rules: lifecycle(tmpDays, runs) },
      { parent: this, dependsOn: [versioning] },
    );
    this.bucket = bucket.bucket;
    this.registerOutputs({ bucket: this.bucket });
  }
}

/** Packages and documents have no expiry: a version once published can be published again. */
const lifecycle = (tmpDays: number, runs: KeptRuns | undefined) => [
  {
    id: "expire-handed-in-executables",
    status: "Enabled",
    filter: { prefix: "tmp/" },
    expiration: { days: tmpDays },
    noncurrentVersionExpiration: { noncurrentDays: noncurrentTmpDays },
  },
  ...(runs ? expireOutput(runs.outputDays) : []),
  expireReplacedVersions,
  removeMarkers,
  abortUnfinishedUploads,
];
