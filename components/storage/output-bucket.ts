import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import {
  abortUnfinishedUploads,
  closedToPublic,
  encryptedWith,
  expireOutput,
  expireReplacedVersions,
  onlyKms,
  onlyTheKey,
  onlyTls,
  noKeysOfClients,
  ownedByUs,
  removeMarkers,
  versioned,
} from "./bucket-settings.js";
import { EncryptionKey } from "./encryption-key.js";
import { keyAlias, outputBucketName } from "../names.js";
import { membersEncryptOutput, outputAccess } from "./output-access.js";
import { resourcePolicy } from "../policy.js";
import type { RunAccounts } from "../runs/run-accounts.js";

export interface OutputBucketArgs {
  /** The log account. */
  readonly account: Account;
  readonly prefix: string;
  readonly region: string;
  /** Accounts whose hosts write. */
  readonly accounts: RunAccounts;
  /** How long output stays, in days: 1-3650. */
  readonly outputDays: number;
}

/**
 * A bucket for the output of commands in a Region of its own, with a key of its own there: for hosts
 * whose only way to S3 is a gateway endpoint, which leads to buckets of its Region.
 *
 * @example
 * new OutputBucket(`${name}-eu-west-1`, { account, prefix: "cf", region: "eu-west-1", accounts, outputDays: 90 }, { parent: this });
 */
export class OutputBucket extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  readonly kmsKeyArn: pulumi.Output<string>;

  constructor(name: string, args: OutputBucketArgs, opts: InAccount) {
    super("fleet:index:OutputBucket", name, { region: args.region }, opts);
    const { account, prefix, region, accounts, outputDays } = args;
    const store = { partition: account.partition, accounts };
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        account,
        alias: keyAlias(prefix, "output"),
        description: `Output of commands of ${prefix}`,
        access: [membersEncryptOutput(store)],
        region,
      },
      { parent: this },
    );
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: outputBucketName(prefix, account.id, region), region },
      { parent: this, deleteBeforeReplace: true },
    );
    const of = { bucket: bucket.bucket, region };
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
    const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { ...of, rules: [encryptedWith(key.arn)] },
      { parent: this },
    );
    // S3 refuses two changes of a bucket's access at once, and no host writes before its bytes would be encrypted.
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        ...of,
        policy: resourcePolicy(
          onlyTls(bucket.arn),
          onlyKms(bucket.arn),
          onlyTheKey(bucket.arn, key.arn),
          noKeysOfClients(bucket.arn),
          ...outputAccess(bucket.arn, store),
        ),
      },
      { parent: this, dependsOn: [closed, encryption] },
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        ...of,
        rules: [
          ...expireOutput(outputDays),
          expireReplacedVersions,
          removeMarkers,
          abortUnfinishedUploads,
        ],
      },
      { parent: this, dependsOn: [versioning] },
    );
    this.bucket = bucket.bucket;
    this.kmsKeyArn = key.arn;
    this.registerOutputs({ bucket: this.bucket, kmsKeyArn: this.kmsKeyArn });
  }
}
