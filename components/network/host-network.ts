import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../account.js";
import { directoryOut } from "./directory-ports.js";

export interface HostNetworkArgs {
  /**
   * `Name` tag of a VPC of this account, or of one shared with it; or its id, `vpc-…`, for a shared
   * VPC that has no tags here.
   */
  readonly vpc: string;
  /** Where the VPC was named, for messages. @default `vpc` */
  readonly vpcKey?: string;
}

/**
 * Where managed hosts live: a VPC found by name, its private subnets, and a security group that
 * lets nothing in. Systems Manager needs no inbound port: agents call out.
 *
 * @example
 * new HostNetwork("network", { vpc: "main" }, { provider });
 */
export class HostNetwork extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  private readonly directoryGroups = new Map<string, pulumi.Output<string>>();

  constructor(
    private readonly name: string,
    args: HostNetworkArgs,
    opts: InAccount,
  ) {
    super("fleet:index:HostNetwork", name, { vpc: args.vpc }, opts);
    const byId = /^vpc-[0-9a-f]+$/.test(args.vpc);
    const vpcs = aws.ec2.getVpcsOutput(
      byId ? { filters: [filter("vpc-id", args.vpc)] } : { tags: { Name: args.vpc } },
      { parent: this },
    );
    this.vpcId = vpcs.ids.apply((ids) => this.only(ids, args));
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      {
        description: "Managed hosts: nothing in, HTTPS out",
        vpcId: this.vpcId,
        // Stated explicitly, so that a rule added by hand shows up in the next preview.
        ingress: [],
        egress: [httpsOut],
      },
      { parent: this },
    );
    this.securityGroupId = group.id;
    // Not the VPC: where it is not found, the engine would say so twice.
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }

  /**
   * A second security group for hosts that join a directory: what a member of a domain needs, to the
   * addresses of the directory alone.
   */
  directoryGroupId(directoryId: string): pulumi.Output<string> {
    const existing = this.directoryGroups.get(directoryId);
    if (existing !== undefined) return existing;
    const directory = aws.directoryservice.getDirectoryOutput({ directoryId }, { parent: this });
    const group = new aws.ec2.SecurityGroup(
      `${this.name}-to-${directoryId}`,
      {
        description: `Managed hosts: to the directory ${directoryId}`,
        vpcId: this.vpcId,
        ingress: [],
        egress: directory.apply(directoryOut),
      },
      { parent: this },
    );
    this.directoryGroups.set(directoryId, group.id);
    return group.id;
  }

  /** All subnets of the VPC that give no public addresses, sorted. */
  privateSubnetIds(): pulumi.Output<string[]> {
    const filters = this.privateOnes();
    const subnets = aws.ec2.getSubnetsOutput({ filters }, { parent: this });
    return subnets.ids.apply((ids) => [...ids].sort());
  }

  /**
   * A subnet of the VPC that gives no public address: the one with that `Name` tag or id, or else
   * the one whose id sorts first. `key` is where it was named, for messages.
   */
  privateSubnetId(named?: string, key = "subnet"): pulumi.Output<string> {
    const byId = named !== undefined && /^subnet-[0-9a-f]+$/.test(named);
    const filters = [...this.privateOnes(), ...(byId ? [filter("subnet-id", named)] : [])];
    const tags = named === undefined || byId ? undefined : { Name: named };
    const subnets = aws.ec2.getSubnetsOutput({ filters, tags }, { parent: this });
    return subnets.ids.apply((ids) => {
      const first = [...ids].sort()[0];
      if (first) return first;
      const which = named === undefined ? "a subnet" : `a subnet named "${named}"`;
      const found = `${key}: expected ${which} with map-public-ip-on-launch off in the VPC, found none`;
      const why = `hosts are never put in a public one${tags ? `; ${sharing}` : ""}`;
      throw new pulumi.ResourceError(`${found}; ${why}`, this, true);
    });
  }

  private privateOnes() {
    return [{ name: "vpc-id", values: [this.vpcId] }, filter("map-public-ip-on-launch", "false")];
  }

  /** The one VPC that was found. */
  private only(ids: readonly string[], { vpc, vpcKey = "vpc" }: HostNetworkArgs): string {
    const [first] = ids;
    if (first !== undefined && ids.length === 1) return first;
    const found =
      ids.length === 0 ? `found none; ${sharing}` : `found ${[...ids].sort().join(", ")}`;
    const text = `${vpcKey}: expected one VPC called "${vpc}" in the provider's Region, ${found}`;
    throw new pulumi.ResourceError(text, this, true);
  }
}

/** Source: VPC user guide, "Share your VPC subnets with other accounts", tags. */
const sharing =
  "what another account shares has none of its tags here: tag it in this account too, or give its id";

const filter = (name: string, value: string) => ({ name, values: [value] });

/**
 * Systems Manager, S3 and the package repositories of Amazon Linux are reached over HTTPS, at
 * addresses that are not known beforehand. DNS and time come from the VPC itself, which security
 * groups do not filter; those of a directory they do: see `directoryGroupId`.
 */
const httpsOut = {
  description: "AWS APIs, packages and their repositories",
  protocol: "tcp",
  fromPort: 443,
  toPort: 443,
  cidrBlocks: ["0.0.0.0/0"],
};
