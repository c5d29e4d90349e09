import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { accountRootArn } from "../arns.js";
import type { Access } from "../policy.js";
import { resourcePolicy } from "../policy.js";

export interface EncryptionKeyArgs {
  readonly account: Account;
  /** Alias by which people find the key, from `names.ts`: `alias/…`. */
  readonly alias: string;
  /** What the key encrypts, for the person who reads the list of keys. */
  readonly description: string;
  /** Region of the key. @default the provider's */
  readonly region?: string;
  /** AWS services that use the key, beside whom IAM allows. @default none */
  readonly access?: readonly Access[];
}

/**
 * A customer-managed symmetric KMS key of one Region, rotated every year, with an alias. For the
 * components that own encrypted things: each brings the statements its services need.
 *
 * @example
 * new EncryptionKey(`${name}-encryption`, { account, alias: keyAlias("cf", "packages"), description: "…" }, { parent: this });
 */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts: InAccount) {
    super("fleet:index:EncryptionKey", name, { alias: args.alias }, opts);
    const policy = resourcePolicy(iamDecides(args.account), ...(args.access ?? []));
    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: args.description,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: pulumi.jsonStringify(policy),
        region: args.region,
      },
      { parent: this },
    );
    new aws.kms.Alias(
      `${name}-alias`,
      { name: args.alias, targetKeyId: key.keyId, region: args.region },
      { parent: this, deleteBeforeReplace: true },
    );
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/**
 * Hands the decision to the account's IAM policies, as AWS's default key policy does. Without it
 * nobody could administer the key, not even to repair this policy, and no role could be granted its
 * use. It grants nothing by itself: a principal still needs an IAM statement. `*` in a key policy is the key that the
 * policy belongs to.
 */
export const iamDecides = (account: Account): Access => ({
  Sid: "IamOfThisAccountDecides",
  Effect: "Allow",
  Principal: { AWS: accountRootArn(account) },
  Action: "kms:*",
  Resource: "*",
});
