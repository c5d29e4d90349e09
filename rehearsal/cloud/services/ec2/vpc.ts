import type { Kernel } from "../../../kernel/kernel.js";

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly availabilityZone: string;
  readonly cidrBlock: string;
  /** Instances get public addresses: a public subnet. */
  readonly mapPublicIpOnLaunch: boolean;
  readonly routeTableId: string;
}

export interface Vpc extends Omit<VpcSettings, "subnets"> {
  readonly id: string;
  readonly name: string;
  readonly cidrBlock: string;
  readonly mainRouteTableId: string;
  readonly subnets: readonly Subnet[];
}

/** What a scenario says of a VPC. */
export interface VpcSettings {
  /** Whether there is a way out of the private subnets to the internet, and so to all of AWS. */
  readonly internet: boolean;
  /** The account that owns the VPC and shares its subnets. */
  readonly owner: string;
  /** Whether the VPC and its subnets have their `Name` tags in this account; of what is shared they need not. */
  readonly tagged: boolean;
  /** Private subnets that it has beside the usual ones, by their `Name` tags or ids. */
  readonly subnets: readonly string[];
}

/**
 * A VPC with one public and one private subnet in each of two zones, which existed before the stacks.
 * @param name its `Name` tag; or its id, which is then its name as well
 */
export function makeVpc(kernel: Kernel, region: string, name: string, settings: VpcSettings): Vpc {
  // The same in every account that sees the VPC.
  const ec2 = (prefix: string, part = "") =>
    kernel.ids.stable(prefix, `${settings.owner} ${region} ${name} ${part}`);
  const id = /^vpc-[0-9a-f]+$/.test(name) ? name : ec2("vpc");
  const mainRouteTableId = ec2("rtb", "main");
  const privateRouteTableId = ec2("rtb", "private");
  const usual = ["a", "b"].flatMap((zone, index) =>
    (["public", "private"] as const).map((kind, side) => ({
      id: ec2("subnet", `${zone} ${kind}`),
      vpcId: id,
      name: `${name}-${kind}-${zone}`,
      availabilityZone: `${region}${zone}`,
      cidrBlock: `10.0.${index * 2 + side}.0/24`,
      mapPublicIpOnLaunch: kind === "public",
      routeTableId: kind === "public" ? mainRouteTableId : privateRouteTableId,
    })),
  );
  const names = new Set(usual.map((subnet) => subnet.name));
  const more = settings.subnets.filter((subnet) => !names.has(subnet));
  const others = more.map((subnet, index) => ({
    id: /^subnet-[0-9a-f]+$/.test(subnet) ? subnet : ec2("subnet", subnet),
    vpcId: id,
    name: subnet,
    availabilityZone: `${region}a`,
    cidrBlock: `10.0.${index + 16}.0/24`,
    mapPublicIpOnLaunch: false,
    routeTableId: privateRouteTableId,
  }));
  const subnets = [...usual, ...others];
  return { ...settings, id, name, cidrBlock: "10.0.0.0/16", mainRouteTableId, subnets };
}

/** Whether an IPv4 address is in a range such as `10.0.0.0/16`. */
export function contains(range: string, address: string): boolean {
  const [network = "", bits = "32"] = range.split("/");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(network) / size) === Math.floor(numberOf(address) / size);
}

const numberOf = (address: string): number =>
  address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
