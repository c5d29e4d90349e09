import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount, Partition } from "../account.js";
import { sessionPermissionSetName } from "../names.js";
import { permissions } from "../policy.js";
import { maySession } from "./session-grants.js";

export interface IdentityCenterAccessArgs {
  readonly partition: Partition;
  /** Begins the names of permission set and group: 1-20 characters. */
  readonly prefix: string;
  /** Region of Identity Center. */
  readonly region: string;
  /** The accounts whose hosts people open sessions on. */
  readonly accountIds: readonly string[];
  /** Id of a group that is there already, as where another system provides the groups. @default a new one */
  readonly groupId?: string;
}

/**
 * Sessions for people who sign in by IAM Identity Center: a permission set that allows the same as the
 * `SessionUserRole`, a group, and its assignment to accounts. To be made in the account that administers
 * Identity Center: the organisation's management account or the one that it delegated this to.
 *
 * @example
 * new IdentityCenterAccess("people", { partition: "aws", prefix: "cf", region: "eu-central-1", accountIds: ["222222222222"] }, { provider });
 */
export class IdentityCenterAccess extends pulumi.ComponentResource {
  readonly permissionSetArn: pulumi.Output<string>;

  constructor(name: string, args: IdentityCenterAccessArgs, opts: InAccount) {
    const { partition, region, accountIds } = args;
    super("fleet:index:IdentityCenterAccess", name, { region, accountIds }, opts);
    const center = aws.ssoadmin.getInstancesOutput({ region }, { parent: this });
    const instanceArn = center.arns.apply((arns) => this.first(arns, region));
    const permissionSet = new aws.ssoadmin.PermissionSet(
      `${name}-permissions`,
      {
        name: sessionPermissionSetName(args.prefix),
        description: "Allows Session Manager sessions on managed hosts",
        instanceArn,
        sessionDuration: "PT8H",
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const policy = new aws.ssoadmin.PermissionSetInlinePolicy(
      `${name}-permissions`,
      {
        instanceArn,
        permissionSetArn: permissionSet.arn,
        // Each account gets the policy for itself; a role reaches no other account by it.
        inlinePolicy: pulumi.jsonStringify(permissions(...maySession({ partition, id: "*" }))),
        region,
      },
      { parent: this },
    );
    const principalId = this.group(name, args, center);
    for (const account of accountIds) {
      new aws.ssoadmin.AccountAssignment(
        `${name}-${account}`,
        {
          instanceArn,
          permissionSetArn: permissionSet.arn,
          principalType: "GROUP",
          principalId,
          targetType: "AWS_ACCOUNT",
          targetId: account,
          region,
        },
        // An assignment carries the permissions of its moment into the account.
        { parent: this, dependsOn: [policy] },
      );
    }
    this.permissionSetArn = permissionSet.arn;
    this.registerOutputs({ permissionSetArn: this.permissionSetArn });
  }

  private group(
    name: string,
    { prefix, region, groupId }: IdentityCenterAccessArgs,
    center: pulumi.Output<aws.ssoadmin.GetInstancesResult>,
  ): pulumi.Output<string> {
    if (groupId !== undefined) return pulumi.output(groupId);
    return new aws.identitystore.Group(
      `${name}-group`,
      {
        displayName: sessionPermissionSetName(prefix),
        description: "People who open Session Manager sessions on managed hosts",
        identityStoreId: center.identityStoreIds.apply((ids) => this.first(ids, region)),
        region,
      },
      { parent: this },
    ).groupId;
  }

  /** The one instance of the organisation; AWS lists none in a Region without it. */
  private first(found: readonly string[], region: string): string {
    const [only] = found;
    if (only !== undefined) return only;
    const reason = `expected IAM Identity Center in ${region}, found none`;
    const remedy = "enable it, or name its Region";
    throw new pulumi.ResourceError(`fleet:identityCenter: ${reason}; ${remedy}`, this, true);
  }
}
