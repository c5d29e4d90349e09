/** What differs between AWS's partitions for the local cloud. Source: AWS General Reference, "Regions and Zones". */
export interface Partition {
  readonly id: "aws" | "aws-cn" | "aws-us-gov";
  readonly name: string;
  readonly dnsSuffix: string;
  /** The Regions that a rehearsal uses, in this order, where those of the stacks are of another partition. */
  readonly regions: readonly string[];
}

export const PARTITIONS: readonly Partition[] = [
  {
    id: "aws",
    name: "AWS Standard",
    dnsSuffix: "amazonaws.com",
    regions: ["eu-central-1", "eu-west-1", "us-east-1", "us-west-2", "ap-southeast-1"],
  },
  {
    id: "aws-cn",
    name: "AWS China",
    dnsSuffix: "amazonaws.com.cn",
    regions: ["cn-north-1", "cn-northwest-1"],
  },
  {
    id: "aws-us-gov",
    name: "AWS GovCloud (US)",
    dnsSuffix: "amazonaws.com",
    regions: ["us-gov-west-1", "us-gov-east-1"],
  },
];

export function partitionNamed(id: string): Partition {
  const found = PARTITIONS.find((partition) => partition.id === id);
  if (found === undefined) throw new Error(`no partition is called ${id}`);
  return found;
}
