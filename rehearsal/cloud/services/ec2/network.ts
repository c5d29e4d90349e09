import { type Cloud } from "../../cloud.js";
import { Regional } from "../../regional.js";
import { AwsError } from "../../errors.js";
import { type Deployment, type Properties, resourceType } from "../../resource.js";

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly availabilityZone: string;
  readonly cidrBlock: string;
  /** Instances get public addresses: a public subnet. */
  readonly mapPublicIpOnLaunch: boolean;
}

export interface Vpc {
  readonly id: string;
  readonly name: string;
  readonly cidrBlock: string;
  readonly subnets: readonly Subnet[];
}

interface Filtered {
  readonly filters?: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly id?: string;
}

interface GroupRule {
  readonly securityGroupId: string;
}

/** VPCs and subnets, which exist before the program, and security groups. Routes and reachability are not modelled. */
export class Network {
  private readonly vpcs = new Regional<Vpc>();
  private readonly groups = new Regional<{ id: string; vpcId: string }>();

  constructor(private readonly cloud: Cloud) {}

  /** A VPC with one public and one private subnet in each of two zones, as somebody else made it before. */
  addVpc(account: string, region: string, name: string): void {
    const id = this.cloud.ids.ec2("vpc", `${account} ${region} ${name}`);
    const subnets = ["a", "b"].flatMap((zone, index) =>
      (["public", "private"] as const).map((kind, side) => ({
        id: this.cloud.ids.ec2("subnet", `${id} ${zone} ${kind}`),
        vpcId: id,
        name: `${name}-${kind}-${zone}`,
        availabilityZone: `${region}${zone}`,
        cidrBlock: `10.0.${index * 2 + side}.0/24`,
        mapPublicIpOnLaunch: kind === "public",
      })),
    );
    this.vpcs.in(account, region).set(id, { id, name, cidrBlock: "10.0.0.0/16", subnets });
  }

  /** @throws AwsError InvalidSubnetID.NotFound */
  subnet(account: string, region: string, id: string): Subnet {
    for (const vpc of this.vpcs.in(account, region).values()) {
      const found = vpc.subnets.find((subnet) => subnet.id === id);
      if (found !== undefined) return found;
    }
    throw new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
  }

  /** @throws AwsError InvalidGroup.NotFound */
  checkGroup(account: string, region: string, id: string): void {
    if (this.groups.in(account, region).has(id)) return;
    throw new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
  }

  readonly invokes = {
    "aws:ec2/getVpc:getVpc": (args: Filtered, at: Deployment): Properties => {
      const found = this.find(args, at);
      const [vpc] = found;
      if (vpc === undefined) throw this.noVpc(args, at);
      if (found.length > 1)
        throw new AwsError("TooMany", "multiple EC2 VPCs matched; use additional constraints");
      return { id: vpc.id, cidrBlock: vpc.cidrBlock, tags: { Name: vpc.name } };
    },
    "aws:ec2/getVpcs:getVpcs": (args: Filtered, at: Deployment): Properties => ({
      id: at.region,
      ids: this.find(args, at).map(({ id }) => id),
    }),
    "aws:ec2/getSubnets:getSubnets": (args: Filtered, at: Deployment): Properties => {
      const subnets = [...this.vpcs.in(at.account, at.region).values()].flatMap(
        (vpc) => vpc.subnets,
      );
      const matching = subnets.filter((subnet) =>
        matchesAll(args, (filter) => {
          if (filter === "vpc-id") return subnet.vpcId;
          if (filter === "subnet-id") return subnet.id;
          if (filter === "map-public-ip-on-launch") return String(subnet.mapPublicIpOnLaunch);
          if (filter === "availability-zone") return subnet.availabilityZone;
          return filter === "tag:Name" ? subnet.name : undefined;
        }),
      );
      return { id: at.region, ids: matching.map(({ id }) => id) };
    },
  };

  readonly resourceTypes = [
    resourceType<{ vpcId: string; ingress?: unknown[]; egress?: unknown[] }>({
      type: "aws:ec2/securityGroup:SecurityGroup",
      models: [
        "name",
        "namePrefix",
        "description",
        "vpcId",
        "ingress",
        "egress",
        "revokeRulesOnDelete",
        "tags",
      ],
      replaceOnChanges: ["name", "description", "vpcId"],
      autoname: "name",
      create: (inputs, at) => {
        if (!this.vpcs.in(at.account, at.region).has(inputs.vpcId)) {
          throw new AwsError(
            "InvalidVpcID.NotFound",
            `The vpc ID '${inputs.vpcId}' does not exist`,
          );
        }
        const id = this.cloud.ids.ec2("sg", `${at.account} ${at.region} ${at.name}`);
        this.groups.in(at.account, at.region).set(id, { id, vpcId: inputs.vpcId });
        return { id, outputs: this.groupOutputs(id, at) };
      },
      update: (id, _inputs, at) => this.groupOutputs(id, at),
      delete: (id, at) => void this.groups.in(at.account, at.region).delete(id),
    }),
    ...["Ingress", "Egress"].map((direction) =>
      resourceType<GroupRule>({
        type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
        models: [
          "securityGroupId",
          "ipProtocol",
          "fromPort",
          "toPort",
          "cidrIpv4",
          "cidrIpv6",
          "prefixListId",
          "referencedSecurityGroupId",
          "description",
          "tags",
        ],
        replaceOnChanges: ["securityGroupId"],
        create: (inputs, at) => {
          this.checkGroup(at.account, at.region, inputs.securityGroupId);
          const id = this.cloud.ids.ec2("sgr", inputs.securityGroupId);
          return {
            id,
            outputs: {
              securityGroupRuleId: id,
              arn: this.cloud.arn("ec2", at.region, at.account, `security-group-rule/${id}`),
            },
          };
        },
        update: (id, _inputs, at) => ({
          securityGroupRuleId: id,
          arn: this.cloud.arn("ec2", at.region, at.account, `security-group-rule/${id}`),
        }),
        delete: () => undefined,
      }),
    ),
  ];

  private find(args: Filtered, at: Deployment): Vpc[] {
    return [...this.vpcs.in(at.account, at.region).values()].filter((vpc) =>
      matchesAll(args, (filter) => {
        if (filter === "vpc-id") return vpc.id;
        return filter === "tag:Name" ? vpc.name : undefined;
      }),
    );
  }

  private noVpc(args: Filtered, { account, region }: Deployment): AwsError {
    const known = [...this.vpcs.in(account, region).values()].map(({ name }) => name).join(", ");
    return new AwsError(
      "NotFound",
      `no matching EC2 VPC found for ${JSON.stringify(args.tags ?? args.filters ?? args.id)}; the VPCs there are named ${known || "nothing, as there are none"} (given.vpcs of a scenario says which there are)`,
    );
  }

  private groupOutputs(id: string, at: Deployment): Properties {
    return {
      arn: this.cloud.arn("ec2", at.region, at.account, `security-group/${id}`),
      ownerId: at.account,
    };
  }
}

/** EC2's filters: every filter must hold, by one of its values, in which `*` stands for any text. */
function matchesAll(args: Filtered, valueOf: (filter: string) => string | undefined): boolean {
  const filters = [
    ...(args.filters ?? []),
    ...Object.entries(args.tags ?? {}).map(([key, value]) => ({
      name: `tag:${key}`,
      values: [value],
    })),
    ...(args.id === undefined ? [] : [{ name: "vpc-id", values: [args.id] }]),
  ];
  return filters.every(({ name, values }) => {
    const value = valueOf(name);
    return value !== undefined && values.some((wanted) => wildcard(wanted).test(value));
  });
}

function wildcard(text: string): RegExp {
  const escaped = text
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`);
}
