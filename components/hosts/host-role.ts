import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import {
  instances,
  mayFetchPackages,
  mayFollowAssociations,
  mayInstallPackages,
  mayListenForCommands,
  mayReportItself,
} from "./host-grants.js";
import {
  mayDecryptSecrets,
  mayJoinDirectories,
  mayPutMetrics,
  mayReadCloudWatchConfigs,
  mayReadDirectories,
  mayReadSecrets,
  mayWriteLogs,
} from "./host-feature-grants.js";
import { maySnapshotByVss } from "./host-vss-grants.js";
import type { OutputBuckets } from "../storage/output-grants.js";
import { mayEncryptOutput, mayWriteOutput } from "../storage/output-grants.js";
import type { LogAccount } from "../log-account.js";
import { allPackages } from "../packages/package-arns.js";
import type { Grant } from "../policy.js";
import { permissions, trust } from "../policy.js";
import { mayFetchAssociated } from "../schedules/schedule-grants.js";

/** What of the product the hosts use; what is absent, the role does not allow. */
export interface HostFeatures {
  /** The CloudWatch agent; `prefix` begins its log groups: `/<prefix>/ec2/…`. */
  readonly cloudWatch?: { readonly prefix: string };
  /** Names of the account's parameters that install scripts of packages read. @default none */
  readonly secrets?: readonly string[];
  /** Ids of the directories that Windows hosts join: `d-…`. @default none */
  readonly directories?: readonly string[];
  /** Buckets of the log account that keep what commands print. @default none */
  readonly output?: OutputBuckets;
  /** ARNs of the documents that associations hold hosts to. @default none */
  readonly associated?: readonly string[];
  /** Snapshots of Windows hosts by VSS. @default false */
  readonly vss?: boolean;
}

export interface HostRoleArgs {
  /** The member account. */
  readonly account: Account;
  /** The log account's packages, from the outputs of its stack. */
  readonly packages: LogAccount;
  readonly features: HostFeatures;
}

/**
 * The role and instance profile of managed hosts, once per account: enough for the agent to be
 * reached and to install our packages, and what the features in use need.
 *
 * @example
 * new HostRole("hosts", { account, packages, features: { cloudWatch: { prefix: "cf" } } }, { provider });
 */
export class HostRole extends pulumi.ComponentResource {
  /** Name of the instance profile. */
  readonly instanceProfile: pulumi.Output<string>;

  constructor(name: string, args: HostRoleArgs, opts: InAccount) {
    super("fleet:index:HostRole", name, {}, opts);
    const { account } = args;
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "Instance role of hosts that Systems Manager manages",
        assumeRolePolicy: trust(instances()),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-role`,
      {
        role: role.name,
        policy: permissions(
          mayReportItself(account),
          mayListenForCommands(),
          mayFollowAssociations(account),
          mayFetchPackages(allPackages(args.packages, account.partition)),
          mayInstallPackages(),
          ...featureGrants(account, args.features),
        ),
      },
      { parent: this },
    );
    // An agent that is denied when it starts hibernates before it tries again: no profile without its policy.
    const profile = new aws.iam.InstanceProfile(
      `${name}-profile`,
      { role: role.name },
      { parent: this, dependsOn: [policy] },
    );
    this.instanceProfile = profile.name;
    this.registerOutputs({ instanceProfile: this.instanceProfile });
  }
}

function featureGrants(account: Account, features: HostFeatures): Grant[] {
  const {
    cloudWatch,
    secrets = [],
    directories = [],
    output,
    associated = [],
    vss = false,
  } = features;
  return [
    ...(cloudWatch === undefined
      ? []
      : [
          mayReadCloudWatchConfigs(account),
          mayWriteLogs(account, cloudWatch.prefix),
          mayPutMetrics(),
        ]),
    ...(secrets.length === 0
      ? []
      : [mayReadSecrets(account, secrets), mayDecryptSecrets(account, secrets)]),
    ...(directories.length === 0
      ? []
      : [mayJoinDirectories(account, directories), mayReadDirectories()]),
    ...(output === undefined
      ? []
      : [mayWriteOutput(account, output), mayEncryptOutput(account, output)]),
    ...(associated.length === 0 ? [] : [mayFetchAssociated(associated)]),
    ...(vss ? maySnapshotByVss(account) : []),
  ];
}
