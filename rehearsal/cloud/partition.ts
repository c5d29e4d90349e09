/** What differs between AWS's partitions for the local cloud. Source: AWS General Reference, "Regions and Zones". */
export interface Partition {
  readonly id: "aws" | "aws-cn" | "aws-us-gov";
  readonly name: string;
  readonly dnsSuffix: string;
  /** The Region that a rehearsal in this partition uses where the stack's own is of another. */
  readonly home: string;
}

export const PARTITIONS: readonly Partition[] = [
  { id: "aws", name: "AWS Standard", dnsSuffix: "amazonaws.com", home: "eu-central-1" },
  { id: "aws-cn", name: "AWS China", dnsSuffix: "amazonaws.com.cn", home: "cn-north-1" },
  {
    id: "aws-us-gov",
    name: "AWS GovCloud (US)",
    dnsSuffix: "amazonaws.com",
    home: "us-gov-west-1",
  },
];

export function partitionNamed(id: string): Partition {
  const found = PARTITIONS.find((partition) => partition.id === id);
  if (found === undefined) throw new Error(`no partition is called ${id}`);
  return found;
}
