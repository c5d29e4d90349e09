/** The three public partitions; ARNs and account ids never cross their borders. */
export const partitions = ["aws", "aws-cn", "aws-us-gov"] as const;

export type Partition = (typeof partitions)[number];
