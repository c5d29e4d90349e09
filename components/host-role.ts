import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Account, InAccount } from "./account";
import {
  instances,
  mayFetchPackages,
  mayFollowAssociations,
  mayInstallPackages,
  mayListenForCommands,
  mayReportItself,
} from "./host-grants";
import { allPackages, PackageSource } from "./package-source";
import { permissions, trust } from "./policy";

export interface HostRoleArgs {
  /** The member account. */
  readonly account: Account;
  /** The log account's packages, as its stack's outputs tell. */
  readonly packages: PackageSource;
}

/**
 * The role and instance profile of managed hosts, once per account: enough for the agent to be
 * reached and to install our packages. Inventory, patching, logs and parameters are not in it; the
 * features that need them bring their own grants.
 *
 * @example
 * new HostRole("hosts", { account, packages }, { provider });
 */
export class HostRole extends pulumi.ComponentResource {
  /** Name of the instance profile. */
  readonly instanceProfile: pulumi.Output<string>;

  constructor(name: string, args: HostRoleArgs, opts: InAccount) {
    super("fleet:index:HostRole", name, {}, opts);
    const { account } = args;
    const role = new aws.iam.Role(
      `${name}-role`,
      { description: "Managed hosts", assumeRolePolicy: trust(instances()) },
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
