import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InAccount } from "./account";

export interface HostNetworkArgs {
  /** `Name` tag of a VPC of this account, or of one shared with it. */
  readonly vpc: string;
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

  constructor(name: string, args: HostNetworkArgs, opts: InAccount) {
    super("fleet:index:HostNetwork", name, { vpc: args.vpc }, opts);
    this.vpcId = aws.ec2.getVpcOutput({ tags: { Name: args.vpc } }, { parent: this }).id;
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      {
        description: "Managed hosts: nothing in, HTTPS out",
        vpcId: this.vpcId,
        // Written out, so that a rule added by hand shows up in the next preview.
        ingress: [],
        egress: [httpsOut],
      },
      { parent: this },
    );
    this.securityGroupId = group.id;
    this.registerOutputs({
      vpcId: this.vpcId,
      securityGroupId: this.securityGroupId,
    });
  }

  /**
   * A subnet of the VPC that gives no public address: the one with that `Name` tag, or else the one
   * whose id sorts first.
   */
  privateSubnetId(named?: string): pulumi.Output<string> {
    const filters = [
      { name: "vpc-id", values: [this.vpcId] },
      { name: "map-public-ip-on-launch", values: ["false"] },
    ];
    const tags = named === undefined ? undefined : { Name: named };
    const subnets = aws.ec2.getSubnetsOutput({ filters, tags }, { parent: this });
    return subnets.ids.apply((ids) => {
      const first = [...ids].sort()[0];
      if (first) return first;
      const which = named === undefined ? "a subnet" : `a subnet named "${named}"`;
      const found = `expected ${which} with map-public-ip-on-launch off in the VPC, found none`;
      throw new pulumi.ResourceError(`${found}; hosts are never put in a public one`, this, true);
    });
  }
}

/**
 * Systems Manager, S3 and the package repositories of Amazon Linux are reached over HTTPS, at
 * addresses that are not known beforehand. DNS and time come from the VPC itself, which security
 * groups do not filter.
 */
const httpsOut = {
  description: "AWS APIs, packages and their repositories",
  protocol: "tcp",
  fromPort: 443,
  toPort: 443,
  cidrBlocks: ["0.0.0.0/0"],
};
