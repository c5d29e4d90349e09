import type { Kernel } from "../../../kernel/kernel.js";
import { AwsError } from "../../../kernel/errors.js";
import { Regional } from "../../../kernel/regional.js";
import type { Deployment, Properties } from "../../../kernel/resource.js";
import type { Endpoint } from "./endpoints.js";
import { VpcEndpoints } from "./endpoints.js";
import type { Filtered } from "./filters.js";
import { matchesAll } from "./filters.js";
import type { Instance } from "../../../kernel/instance.js";
import { SecurityGroups } from "./security-groups.js";
import type { Subnet, Vpc, VpcSettings } from "./vpc.js";
import { makeVpc } from "./vpc.js";
import { own } from "../../../own.js";

/** A service of AWS, as its endpoints are called, by the name that an API call has for it. */
const ENDPOINT_OF: Readonly<Record<string, string>> = { cloudwatch: "monitoring" };

/** Stands for any address of AWS. Source: RFC 5737, an address for examples. */
const PUBLIC_ADDRESS = "203.0.113.1";

/** VPCs and subnets, which exist before the program, security groups and endpoints. */
export class Network {
  private readonly vpcs = new Regional<Vpc>();
  private readonly groups: SecurityGroups;
  private readonly endpoints: VpcEndpoints;
  readonly resourceTypes;

  constructor(private readonly kernel: Kernel) {
    this.groups = new SecurityGroups(kernel, (...place) => void this.vpc(...place));
    this.endpoints = new VpcEndpoints(kernel, this);
    this.resourceTypes = [...this.groups.resourceTypes, ...this.endpoints.resourceTypes];
  }

  /** A VPC that an account sees, its own or one that is shared with it. */
  addVpc(account: string, region: string, name: string, settings: Partial<VpcSettings> = {}): void {
    const { internet = true, owner = account, subnets = [], tagged = true } = settings;
    const vpc = makeVpc(this.kernel, region, name, { internet, owner, subnets, tagged });
    this.vpcs.in(account, region).set(vpc.id, vpc);
  }

  /** @throws AwsError InvalidVpcID.NotFound */
  vpc(account: string, region: string, id: string): Vpc {
    const found = this.vpcs.in(account, region).get(id);
    if (found !== undefined) return found;
    throw new AwsError("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
  }

  /** @throws AwsError InvalidSubnetID.NotFound */
  subnet(account: string, region: string, id: string): Subnet {
    const found = this.subnets(account, region).find((subnet) => subnet.id === id);
    if (found !== undefined) return found;
    throw new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
  }

  /** A private subnet of a VPC that the account sees; undefined without one. */
  privateSubnet(account: string, region: string): string | undefined {
    return this.subnets(account, region).find((subnet) => !subnet.mapPublicIpOnLaunch)?.id;
  }

  /** The subnet that is called the same, in the VPC that is called the same, in another Region; undefined without one. */
  subnetInRegion(account: string, from: string, id: string, region: string): Subnet | undefined {
    const { name, vpcId } = this.subnet(account, from, id);
    const vpcName = this.vpc(account, from, vpcId).name;
    const existing = [...this.vpcs.in(account, region).values()].find(
      (vpc) => vpc.name === vpcName,
    );
    return existing?.subnets.find((subnet) => subnet.name === name);
  }

  /** @throws AwsError InvalidGroup.NotFound */
  checkGroup(account: string, region: string, id: string): void {
    this.groups.check(account, region, id);
  }

  /** Why an instance cannot reach a service of AWS; undefined where it can. */
  unreachable(instance: Instance, service: string): string | undefined {
    const { account, region, subnetId } = instance;
    const name = own(ENDPOINT_OF, service) ?? service;
    const subnet = this.subnet(account, region, subnetId);
    const vpc = this.vpc(account, region, subnet.vpcId);
    // S3 keeps its public addresses behind a gateway; other endpoints have addresses of the VPC.
    const inside = !vpc.internet && name !== "s3";
    const target = inside ? vpc.cidrBlock.replace(/\/.*$/, "") : PUBLIC_ADDRESS;
    if (!this.letOut(instance, target, 443)) return "its security groups let no HTTPS out";
    if (vpc.internet) return undefined;
    const found = this.endpoints.ofVpc(region, vpc.id, name);
    const none = `VPC ${vpc.name} has no way to the internet and no endpoint for ${name}`;
    if (found.length === 0) return none;
    const open = found.some((endpoint) => this.isOpen(endpoint, instance, subnet));
    return open ? undefined : `the endpoint for ${name} lets nothing in from ${instance.privateIp}`;
  }

  /** Whether an instance's security groups let it talk to an address; whether there is a route is not looked at. */
  letOut(instance: Instance, address: string, port: number): boolean {
    const { securityGroupIds: ids } = instance;
    // Without a group of its own an instance has the VPC's default one, which lets everything out.
    return ids.length === 0 || this.groups.letThrough(instance, ids, "egress", address, port);
  }

  /** Whether an endpoint lets an instance in; a gateway's route must be in the table of its subnet. */
  private isOpen({ inputs }: Endpoint, { privateIp }: Instance, subnet: Subnet): boolean {
    if (inputs.vpcEndpointType !== "Interface") {
      return inputs.routeTableIds?.includes(subnet.routeTableId) ?? false;
    }
    const { region, owner } = this.placeOf(inputs.vpcId);
    const groups = inputs.securityGroupIds ?? [];
    return (
      inputs.privateDnsEnabled === true &&
      this.groups.letThrough({ account: owner, region }, groups, "ingress", privateIp)
    );
  }

  private placeOf(vpcId: string): { readonly owner: string; readonly region: string } {
    const vpc = [...this.vpcs.all()].find(({ id }) => id === vpcId);
    const zone = vpc?.subnets[0]?.availabilityZone ?? "";
    return { owner: vpc?.owner ?? "", region: zone.slice(0, -1) };
  }

  readonly invokes = {
    "aws:ec2/getVpc:getVpc": (args: Filtered, at: Deployment): Properties => {
      const [vpc, ...more] = this.find(args, at);
      if (vpc === undefined) throw new AwsError("NotFound", "no matching EC2 VPC found");
      if (more.length > 0)
        throw new AwsError("TooMany", "multiple EC2 VPCs matched; use additional constraints");
      return describeVpc(vpc);
    },
    "aws:ec2/getVpcs:getVpcs": (args: Filtered, at: Deployment): Properties => ({
      id: at.region,
      ids: this.find(args, at).map(({ id }) => id),
    }),
    "aws:ec2/getSubnets:getSubnets": (args: Filtered, at: Deployment): Properties => {
      const matching = this.subnets(at.account, at.region).filter((subnet) =>
        matchesAll(args, (filter) => {
          if (filter === "vpc-id") return [subnet.vpcId];
          if (filter === "subnet-id") return [subnet.id];
          if (filter === "map-public-ip-on-launch") return [String(subnet.mapPublicIpOnLaunch)];
          if (filter === "availability-zone") return [subnet.availabilityZone];
          const { tagged } = this.vpc(at.account, at.region, subnet.vpcId);
          return [filter === "tag:Name" && tagged ? subnet.name : undefined];
        }),
      );
      return { id: at.region, ids: matching.map(({ id }) => id) };
    },
    "aws:ec2/getSubnet:getSubnet": ({ id = "" }: Filtered, at: Deployment): Properties => ({
      ...this.subnet(at.account, at.region, id),
      ownerId: this.vpc(at.account, at.region, this.subnet(at.account, at.region, id).vpcId).owner,
    }),
    "aws:ec2/getRouteTables:getRouteTables": (args: Filtered, at: Deployment): Properties => {
      const tables = new Map<string, Subnet[]>();
      for (const subnet of this.subnets(at.account, at.region)) {
        tables.set(subnet.routeTableId, [...(tables.get(subnet.routeTableId) ?? []), subnet]);
      }
      const matching = [...tables].filter(([, subnets]) =>
        matchesAll(args, (filter) => {
          if (filter === "association.subnet-id") return explicit(subnets, this, at);
          return filter === "vpc-id" ? subnets.map(({ vpcId }) => vpcId) : [];
        }),
      );
      return { id: at.region, ids: matching.map(([id]) => id) };
    },
  };

  private subnets(account: string, region: string): Subnet[] {
    return [...this.vpcs.in(account, region).values()].flatMap(({ subnets }) => subnets);
  }

  private find(args: Filtered, at: Deployment): Vpc[] {
    return [...this.vpcs.in(at.account, at.region).values()]
      .filter(({ id }) => args.id === undefined || args.id === id)
      .filter((vpc) =>
        matchesAll(args, (filter) => {
          if (filter === "vpc-id") return [vpc.id];
          return [filter === "tag:Name" && vpc.tagged ? vpc.name : undefined];
        }),
      );
  }
}

/** The subnets with which a table is associated; those of the main table only use it. */
function explicit(subnets: readonly Subnet[], network: Network, at: Deployment): string[] {
  return subnets
    .filter(({ vpcId, routeTableId }) => {
      return network.vpc(at.account, at.region, vpcId).mainRouteTableId !== routeTableId;
    })
    .map(({ id }) => id);
}

function describeVpc(vpc: Vpc): Properties {
  return {
    id: vpc.id,
    cidrBlock: vpc.cidrBlock,
    cidrBlockAssociations: [{ cidrBlock: vpc.cidrBlock, state: "associated" }],
    enableDnsHostnames: true,
    enableDnsSupport: true,
    mainRouteTableId: vpc.mainRouteTableId,
    ownerId: vpc.owner,
    tags: vpc.tagged ? { Name: vpc.name } : {},
  };
}
