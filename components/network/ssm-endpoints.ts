import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import {
  accountsUseCentralBucket,
  accountsUseEndpoint,
  accountsUseOwnBuckets,
  hostsReadAwsBuckets,
} from "./endpoint-policies.js";
import type { EndpointService } from "./endpoint-services.js";
import { endpointServiceName } from "./endpoint-services.js";
import { resourcePolicy } from "../policy.js";

export interface SsmEndpointsArgs {
  /** The account that owns the VPC. */
  readonly account: Account;
  readonly region: string;
  /** What to make endpoints for: those that the VPC does not have. */
  readonly services: readonly EndpointService[];
  /** Other accounts whose hosts live in subnets of the VPC that are shared with them. @default none */
  readonly sharedWith?: readonly string[];
  readonly vpcId: pulumi.Input<string>;
  /** The VPC's private subnets. */
  readonly subnetIds: pulumi.Input<readonly string[]>;
  /** Names of the log account's buckets, which the S3 endpoint lets through. */
  readonly centralBuckets: readonly string[];
}

/**
 * Endpoints by which hosts without a way to the internet reach Systems Manager and what else the
 * bootstrap needs. AWS refuses a second endpoint of a service with private DNS in a VPC.
 *
 * @example
 * new SsmEndpoints("endpoints", { account, region: "eu-central-1", services: endpointServices, vpcId, subnetIds: network.privateSubnetIds(), … }, { provider });
 */
export class SsmEndpoints extends pulumi.ComponentResource {
  /** By service, the id of its endpoint. */
  readonly endpointIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: SsmEndpointsArgs, opts: InAccount) {
    super("fleet:index:SsmEndpoints", name, { services: args.services }, opts);
    const vpc = aws.ec2
      .getVpcOutput({ id: args.vpcId }, { parent: this })
      .apply((found) => this.usable(found, args.account));
    const places = pulumi
      .output(args.subnetIds)
      .apply((ids) => pulumi.all(ids.map((id) => this.placeOf(id))));
    const within: Within = { name, args, vpc, places };
    const byInterface = args.services.filter((service) => service !== "s3");
    const groupIds = byInterface.length > 0 ? [this.securityGroup(within).id] : [];
    const endpoints: [string, pulumi.Output<string>][] = byInterface.map((service) => [
      service,
      this.interfaceFor(service, within, groupIds).id,
    ]);
    if (args.services.includes("s3")) endpoints.push(["s3", this.gateway(within).id]);
    this.endpointIds = pulumi.output(Object.fromEntries(endpoints));
    this.registerOutputs({ endpointIds: this.endpointIds });
  }

  private securityGroup({ name, vpc }: Within): aws.ec2.SecurityGroup {
    return new aws.ec2.SecurityGroup(
      `${name}-group`,
      {
        description: "Endpoints: HTTPS from the VPC, nothing out",
        vpcId: vpc.id,
        ingress: [
          {
            description: "Hosts of the VPC",
            protocol: "tcp",
            fromPort: 443,
            toPort: 443,
            cidrBlocks: vpc.apply(rangesOf),
          },
        ],
        egress: [],
      },
      { parent: this },
    );
  }

  private interfaceFor(
    service: EndpointService,
    { name, args, vpc, places }: Within,
    securityGroupIds: pulumi.Output<string>[],
  ): aws.ec2.VpcEndpoint {
    const policy = resourcePolicy(accountsUseEndpoint(accountsOf(args)));
    return new aws.ec2.VpcEndpoint(
      `${name}-${service}`,
      {
        vpcId: vpc.id,
        serviceName: endpointServiceName(service, args.region),
        vpcEndpointType: "Interface",
        subnetIds: places.apply(onePerZone),
        securityGroupIds,
        privateDnsEnabled: true,
        policy: pulumi.jsonStringify(policy),
        tags: { Name: `${name}-${service}` },
      },
      { parent: this },
    );
  }

  private gateway({ name, args, vpc, places }: Within): aws.ec2.VpcEndpoint {
    const { account, region } = args;
    const accounts = accountsOf(args);
    const policy = resourcePolicy(
      hostsReadAwsBuckets(account, region),
      accountsUseOwnBuckets(accounts),
      accountsUseCentralBucket(account, accounts, args.centralBuckets),
    );
    return new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        serviceName: endpointServiceName("s3", region),
        vpcEndpointType: "Gateway",
        routeTableIds: pulumi.all([places, vpc.mainRouteTableId]).apply(tablesOf),
        policy: pulumi.jsonStringify(policy),
        tags: { Name: `${name}-s3` },
      },
      { parent: this },
    );
  }

  /** The zone of a subnet and its own route table; a subnet that has none of its own uses the VPC's main one. */
  private placeOf(id: string): pulumi.Output<Place> {
    const subnet = aws.ec2.getSubnetOutput({ id }, { parent: this });
    const filters = [{ name: "association.subnet-id", values: [id] }];
    const tables = aws.ec2.getRouteTablesOutput({ filters }, { parent: this });
    return pulumi
      .all([subnet.availabilityZone, tables.ids])
      .apply(([zone, [routeTableId]]) => ({ id, zone, routeTableId }));
  }

  /** The VPC, where endpoints can be made in it. */
  private usable(vpc: aws.ec2.GetVpcResult, account: Account): aws.ec2.GetVpcResult {
    if (vpc.ownerId !== account.id) {
      throw this.refusal(
        `expected a VPC of account ${account.id}, got ${vpc.id}, which ${vpc.ownerId} shares; only its owner can make endpoints in it`,
      );
    }
    if (!vpc.enableDnsSupport || !vpc.enableDnsHostnames) {
      throw this.refusal(
        `expected DNS support and DNS hostnames to be on in ${vpc.id}; without them the services' names lead past the endpoints`,
      );
    }
    return vpc;
  }

  private refusal(text: string): pulumi.ResourceError {
    return new pulumi.ResourceError(`fleet:endpoints: ${text}`, this, true);
  }
}

/** What all endpoints of the component have in common. */
interface Within {
  readonly name: string;
  readonly args: SsmEndpointsArgs;
  readonly vpc: pulumi.Output<aws.ec2.GetVpcResult>;
  readonly places: pulumi.Output<Place[]>;
}

/** A private subnet. */
interface Place {
  readonly id: string;
  readonly zone: string;
  readonly routeTableId?: string;
}

/** The VPC's ranges of addresses. */
const rangesOf = ({ cidrBlockAssociations }: aws.ec2.GetVpcResult): string[] =>
  cidrBlockAssociations
    .filter(({ state }) => state === "associated")
    .map(({ cidrBlock }) => cidrBlock)
    .sort();

const tablesOf = ([places, main]: [Place[], string]): string[] =>
  [...new Set(places.map(({ routeTableId }) => routeTableId ?? main))].sort();

/** EC2 takes one subnet of each zone for an endpoint. */
function onePerZone(places: readonly Place[]): string[] {
  const zones = new Map<string, string>();
  for (const { id, zone } of places) if (!zones.has(zone)) zones.set(zone, id);
  return [...zones.values()].sort();
}

const accountsOf = ({ account, sharedWith = [] }: SsmEndpointsArgs): string[] =>
  [...new Set([account.id, ...sharedWith])].sort();
