import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../account.js";
import { expireOutput } from "./bucket-settings.js";
import type { OutputStore } from "./output-access.js";
import { outputAccess } from "./output-access.js";
import { makePrivate, refusals } from "./private-bucket.js";
import { resourcePolicy } from "../policy.js";

/** The range of `tmpDays`, and its value where nobody sets it. */
export const tmpDaysLimits = { least: 1, most: 365, preset: 7 };

export interface CentralBucketArgs {
  /** ARN of the KMS key that encrypts every object. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /**
   * How long uploads under `tmp/` stay, in days, within `tmpDaysLimits`. An upload is packed within a day or two; a
   * week allows for a weekend. @default `tmpDaysLimits.preset`
   */
  readonly tmpDays?: number;
  /** Runs of scripts in members, which keep their output here. @default none */
  readonly runs?: KeptRuns;
}

/** Who writes output into the bucket, and how long it stays. */
export interface KeptRuns extends OutputStore {
  /** How long output stays, in days, within `outputDaysLimits`. */
  readonly outputDays: number;
}

/** An upload is a copy of what its author has: once it is replaced or expired, a day is enough. */
const noncurrentTmpDays = 1;

/**
 * The one bucket in the log account for everything of Systems Manager: `tmp/` (uploaded executables), `packages/`
 * (built packages and manifests) and, with the features that need them, documents,
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
    const { kmsKeyArn, tmpDays = tmpDaysLimits.preset, runs } = args;
    super("fleet:index:CentralBucket", name, { tmpDays }, opts);
    const bucket = new aws.s3.Bucket(`${name}-bucket`, {}, { parent: this });
    const { closed } = makePrivate(
      name,
      { bucket, kmsKeyArn, expiry: expiry(tmpDays, runs) },
      { parent: this },
    );
    const access = runs ? outputAccess(bucket.arn, runs) : [];
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.bucket,
        policy: resourcePolicy(...refusals(bucket.arn, kmsKeyArn), ...access),
      },
      { parent: this, dependsOn: [closed] },
    );
    this.bucket = bucket.bucket;
    this.registerOutputs({ bucket: this.bucket });
  }
}

/** Packages and documents have no expiry: a version once published can be published again. */
const expiry = (tmpDays: number, runs: KeptRuns | undefined) => [
  {
    id: "expire-handed-in-executables",
    status: "Enabled",
    filter: { prefix: "tmp/" },
    expiration: { days: tmpDays },
    noncurrentVersionExpiration: { noncurrentDays: noncurrentTmpDays },
  },
  ...(runs ? expireOutput(runs.outputDays) : []),
];
