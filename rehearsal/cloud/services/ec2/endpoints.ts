import type { Kernel } from "../../../kernel/kernel.js";
import { AwsError } from "../../../kernel/errors.js";
import { parsePolicy } from "../../iam/policy.js";
import { Regional } from "../../../kernel/regional.js";
import type { Deployment, Properties } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import type { Network } from "./network.js";
import type { Subnet, Vpc } from "./vpc.js";

export interface EndpointInputs {
  readonly vpcId: string;
  readonly serviceName: string;
  readonly vpcEndpointType?: "Interface" | "Gateway";
  readonly subnetIds?: readonly string[];
  readonly securityGroupIds?: readonly string[];
  readonly routeTableIds?: readonly string[];
  readonly privateDnsEnabled?: boolean;
  readonly policy?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Endpoint {
  readonly id: string;
  inputs: EndpointInputs;
}

/**
 * The services that have endpoints, as far as hosts call them; in China some have another name. Source:
 * aws-cdk, aws-ec2/lib/vpc-endpoint.ts, from DescribeVpcEndpointServices.
 */
const SERVICES =
  "ssm ssmmessages ec2messages logs kms monitoring s3 sts ec2 events sqs sns secretsmanager ds".split(
    " ",
  );
const NAMED_OTHERWISE_IN_CHINA = new Set("monitoring sts ec2 sqs".split(" "));

/** VPC endpoints. Their policies are read, not evaluated. */
export class VpcEndpoints {
  private readonly endpoints = new Regional<Endpoint>();

  constructor(
    private readonly kernel: Kernel,
    private readonly network: Network,
  ) {}

  /** The endpoints of a service in a VPC, whichever account made them. */
  ofVpc(region: string, vpcId: string, service: string): Endpoint[] {
    const serviceName = nameOf(service, region);
    return [...this.endpoints.all()].filter(
      ({ inputs }) => inputs.vpcId === vpcId && inputs.serviceName === serviceName,
    );
  }

  readonly resourceTypes = [
    resourceType<EndpointInputs>({
      type: "aws:ec2/vpcEndpoint:VpcEndpoint",
      models: [
        "vpcId",
        "serviceName",
        "vpcEndpointType",
        "subnetIds",
        "securityGroupIds",
        "routeTableIds",
        "privateDnsEnabled",
        "policy",
        "tags",
      ],
      replaceOnChanges: ["vpcId", "serviceName", "vpcEndpointType"],
      create: (inputs, at) => {
        this.check(inputs, at);
        const id = this.kernel.ids.ec2("vpce", `${at.account} ${at.region} ${at.name}`);
        this.endpoints.in(at.account, at.region).set(id, { id, inputs });
        return { id, outputs: this.outputs(id, at) };
      },
      update: (id, inputs, at) => {
        this.check(inputs, at, id);
        this.endpoints.in(at.account, at.region).set(id, { id, inputs });
        return this.outputs(id, at);
      },
      read: (id, at) => {
        const found = this.endpoints.in(at.account, at.region).get(id);
        return found && { tags: { ...found.inputs.tags } };
      },
      delete: (id, at) => void this.endpoints.in(at.account, at.region).delete(id),
    }),
  ];

  /** @throws AwsError as CreateVpcEndpoint and ModifyVpcEndpoint do */
  private check(inputs: EndpointInputs, at: Deployment, id?: string): void {
    const vpc = this.network.vpc(at.account, at.region, inputs.vpcId);
    if (vpc.owner !== at.account) {
      throw new AwsError(
        "UnauthorizedOperation",
        `The VPC '${vpc.id}' is shared by ${vpc.owner}; you cannot create endpoints in it`,
      );
    }
    if (!SERVICES.some((service) => nameOf(service, at.region) === inputs.serviceName)) {
      throw new AwsError(
        "InvalidServiceName",
        `The Vpc Endpoint Service '${inputs.serviceName}' does not exist`,
      );
    }
    if (inputs.policy !== undefined) parsePolicy(inputs.policy, "resource");
    const others = [...this.endpoints.in(at.account, at.region).values()]
      .filter((other) => other.id !== id && other.inputs.vpcId === inputs.vpcId)
      .filter((other) => other.inputs.serviceName === inputs.serviceName);
    if (inputs.vpcEndpointType === "Interface") this.checkInterface(inputs, at, vpc, others);
    else checkGateway(inputs, vpc, others);
  }

  private checkInterface(
    inputs: EndpointInputs,
    { account, region }: Deployment,
    vpc: Vpc,
    others: readonly Endpoint[],
  ): void {
    for (const group of inputs.securityGroupIds ?? [])
      this.network.checkGroup(account, region, group);
    const zones = new Set<string>();
    for (const id of inputs.subnetIds ?? []) {
      const subnet = subnetOf(vpc, id);
      if (zones.has(subnet.availabilityZone)) {
        throw new AwsError(
          "DuplicateSubnetsInSameZone",
          `Found another VPC endpoint subnet in the availability zone of ${id}`,
        );
      }
      zones.add(subnet.availabilityZone);
    }
    const conflict = others.some((other) => other.inputs.privateDnsEnabled === true);
    if (inputs.privateDnsEnabled !== true || !conflict) return;
    throw new AwsError(
      "InvalidParameter",
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${inputs.serviceName} in the VPC ${vpc.id}`,
    );
  }

  private outputs(id: string, at: Deployment): Properties {
    const arn = this.kernel.arn("ec2", at.region, at.account, `vpc-endpoint/${id}`);
    return { arn, ownerId: at.account, state: "available" };
  }
}

/** What a service's endpoints are called in a Region. */
function nameOf(service: string, region: string): string {
  const china = region.startsWith("cn-") && NAMED_OTHERWISE_IN_CHINA.has(service);
  return `${china ? "cn." : ""}com.amazonaws.${region}.${service}`;
}

function checkGateway(inputs: EndpointInputs, vpc: Vpc, others: readonly Endpoint[]): void {
  if (!inputs.serviceName.endsWith(".s3")) {
    throw new AwsError(
      "InvalidParameter",
      `The service ${inputs.serviceName} has no endpoints of type Gateway`,
    );
  }
  const routeTables = new Set([
    vpc.mainRouteTableId,
    ...vpc.subnets.map((subnet) => subnet.routeTableId),
  ]);
  const taken = new Set(others.flatMap((other) => other.inputs.routeTableIds ?? []));
  for (const id of inputs.routeTableIds ?? []) {
    if (!routeTables.has(id)) {
      throw new AwsError(
        "InvalidRouteTableId.NotFound",
        `The routeTable ID '${id}' does not exist`,
      );
    }
    if (taken.has(id)) {
      throw new AwsError(
        "RouteAlreadyExists",
        `route table ${id} already has a route with the prefix list of ${inputs.serviceName}`,
      );
    }
  }
}

function subnetOf(vpc: Vpc, id: string): Subnet {
  const found = vpc.subnets.find((subnet) => subnet.id === id);
  if (found !== undefined) return found;
  throw new AwsError("InvalidSubnetId.NotFound", `The subnet ID '${id}' does not exist`);
}
