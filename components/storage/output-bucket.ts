import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { expireOutput } from "./bucket-settings.js";
import { EncryptionKey } from "./encryption-key.js";
import { keyAlias, outputBucketName } from "../names.js";
import { membersEncryptOutput, outputAccess } from "./output-access.js";
import { makePrivate, refusals } from "./private-bucket.js";
import { resourcePolicy } from "../policy.js";
import type { RunAccounts } from "../runs/run-accounts.js";

export interface OutputBucketArgs {
  /** The log account. */
  readonly account: Account;
  readonly prefix: string;
  readonly region: string;
  /** Accounts whose hosts write. */
  readonly accounts: RunAccounts;
  /** How long output stays, in days, within `outputDaysLimits`. */
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
        description: `Encrypts the command output of ${prefix} in this Region`,
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
    const { closed, encryption } = makePrivate(
      name,
      { bucket, kmsKeyArn: key.arn, region, expiry: expireOutput(outputDays) },
      { parent: this },
    );
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.bucket,
        region,
        policy: resourcePolicy(
          ...refusals(bucket.arn, key.arn),
          ...outputAccess(bucket.arn, store),
        ),
      },
      // No host writes before its bytes would be encrypted.
      { parent: this, dependsOn: [closed, encryption] },
    );
    this.bucket = bucket.bucket;
    this.kmsKeyArn = key.arn;
    this.registerOutputs({ bucket: this.bucket, kmsKeyArn: this.kmsKeyArn });
  }
}
