import type * as archive from "@pulumi/archive";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import type { PackageOutputs } from "../../lib/log-outputs.js";
import { ArgumentError } from "../arguments.js";
import type { KeptRuns } from "../storage/central-bucket.js";
import { CentralBucket, tmpDaysLimits } from "../storage/central-bucket.js";
import { maxAccounts } from "../document-sharing.js";
import { EncryptionKey } from "../storage/encryption-key.js";
import { documentNameProblem, keyAlias, packageDocumentName } from "../names.js";
import { membersEncryptOutput } from "../storage/output-access.js";
import type { Package } from "./published-package.js";
import { PublishedPackage } from "./published-package.js";

export interface PackageFactoryArgs {
  /** The log account. */
  readonly account: Account;
  /** Begins every fixed name: 1-20 characters. */
  readonly prefix: string;
  /** Regions of the hosts; the first, the provider's own, holds bucket and key. */
  readonly regions: readonly string[];
  /** ARN of a key in the first Region that encrypts the bucket. @default a key of its own */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Whether the key of its own stays beside `kmsKeyArn`, as it encrypted what the bucket had before. @default false */
  readonly keepsOwnKey?: boolean;
  /** How long uploads under `tmp/` stay, in days, within `tmpDaysLimits`. @default `tmpDaysLimits.preset` */
  readonly tmpDays?: number;
  /** Runs of scripts in members, whose output the bucket keeps. @default none */
  readonly runs?: KeptRuns;
  /** One entry per package name. */
  readonly packages: readonly Package[];
  /** Zips on the machine that runs the program; it has no account. */
  readonly archives: archive.Provider;
}

/**
 * What the log account gives the hosts of all accounts: software as Distributor packages, out of
 * one encrypted bucket, shared with the accounts that may install them.
 *
 * @example
 * new PackageFactory("packages", { account, prefix: "cf", regions: ["eu-central-1"], packages, archives }, { provider });
 */
export class PackageFactory extends pulumi.ComponentResource {
  /** Name of the central bucket. */
  readonly bucket: pulumi.Output<string>;
  /** ARN of the key that encrypts the bucket. */
  readonly kmsKeyArn: pulumi.Output<string>;
  /** ARN of the factory's own key; undefined where it has none. */
  readonly ownKeyArn: pulumi.Output<string> | undefined;
  /** By package name. */
  readonly packages: pulumi.Output<Record<string, PackageOutputs>>;

  constructor(name: string, args: PackageFactoryArgs, opts: InAccount) {
    check(name, args);
    const { prefix, regions, archives } = args;
    super("fleet:index:PackageFactory", name, { prefix, regions }, opts);
    const needsOwnKey = args.kmsKeyArn === undefined || args.keepsOwnKey === true;
    this.ownKeyArn = needsOwnKey ? this.ownKey(name, args) : undefined;
    this.kmsKeyArn = pulumi.output(args.kmsKeyArn ?? this.ownKeyArn ?? "");
    const storage = new CentralBucket(
      `${name}-storage`,
      { kmsKeyArn: this.kmsKeyArn, tmpDays: args.tmpDays, runs: args.runs },
      { parent: this },
    );
    const published = args.packages.map((entry) => {
      const { arns } = new PublishedPackage(
        `${name}-${entry.name}`,
        { prefix, regions, bucket: storage.bucket, package: entry, archives },
        { parent: this, dependsOn: [storage] },
      );
      const secrets = [...new Set(entry.secrets)].sort();
      const sharedWith = [...entry.sharedWith].sort();
      return [entry.name, { version: entry.version, arns, secrets, sharedWith }] as const;
    });
    this.bucket = storage.bucket;
    this.packages = pulumi.output(Object.fromEntries(published));
    this.registerOutputs({
      bucket: this.bucket,
      kmsKeyArn: this.kmsKeyArn,
      packages: this.packages,
    });
  }

  private ownKey(
    name: string,
    { account, prefix, runs, kmsKeyArn }: PackageFactoryArgs,
  ): pulumi.Output<string> {
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        account,
        alias: keyAlias(prefix, "packages"),
        description: `Encrypts the central bucket of ${prefix}`,
        // Members write with the bucket's present key only.
        access: runs && kmsKeyArn === undefined ? [membersEncryptOutput(runs)] : [],
      },
      { parent: this },
    );
    return key.arn;
  }
}

function check(
  name: string,
  { account, prefix, regions, packages, tmpDays = tmpDaysLimits.preset }: PackageFactoryArgs,
): void {
  const problems: pulumi.InputPropertyErrorDetails[] = [];
  const { least, most } = tmpDaysLimits;
  if (!Number.isInteger(tmpDays) || tmpDays < least || tmpDays > most) {
    const reason = `expected a whole number of days from ${least} to ${most}, got ${tmpDays}`;
    problems.push({ propertyPath: "tmpDays", reason });
  }
  if (regions.length === 0) {
    problems.push({ propertyPath: "regions", reason: "expected at least one Region, got none" });
  }
  const seen = new Set<string>();
  for (const [index, entry] of packages.entries()) {
    const at = `packages[${index}]`;
    const document = packageDocumentName(prefix, entry.name);
    const tooLong = documentNameProblem(document, account, regions);
    if (tooLong) problems.push({ propertyPath: `${at}.name`, reason: tooLong });
    if (seen.has(entry.name)) {
      const reason = `expected one entry per package, got "${entry.name}" again`;
      problems.push({ propertyPath: `${at}.name`, reason });
    }
    if (entry.sharedWith.length > maxAccounts) {
      const found = `expected at most ${maxAccounts} accounts, got ${entry.sharedWith.length}`;
      const remedy = "list those that have hosts, or publish it a second time from another account";
      problems.push({ propertyPath: `${at}.sharedWith`, reason: `${found}; ${remedy}` });
    }
    if (entry.builds.length === 0) {
      problems.push({ propertyPath: `${at}.builds`, reason: "expected at least one, got none" });
    }
    seen.add(entry.name);
  }
  if (problems.length > 0) throw new ArgumentError(`PackageFactory "${name}"`, problems);
}
