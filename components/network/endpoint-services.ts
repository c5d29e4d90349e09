// The services that hosts in a VPC without a way to the internet reach by endpoints.

/**
 * What an agent and the software that the bootstrap installs call. Not among them: `sts`, as a host has its
 * credentials from the metadata service; `events` and `sqs`, which only AWS's own services call here; `ec2`, which
 * only snapshots by VSS need, and `ds`, which only joining a domain does.
 */
export const interfaceServices = [
  "ssm",
  "ssmmessages",
  "ec2messages",
  "logs",
  "kms",
  "monitoring",
] as const;

export const endpointServices = [...interfaceServices, "s3"] as const;

export type EndpointService = (typeof endpointServices)[number];

/**
 * The service as EC2 calls it. In China those that came late are called otherwise, of ours CloudWatch alone. Source:
 * aws-cdk, aws-ec2/lib/vpc-endpoint.ts, which has it from DescribeVpcEndpointServices.
 */
export function endpointServiceName(service: EndpointService, region: string): string {
  const china = region.startsWith("cn-") && service === "monitoring";
  return `${china ? "cn." : ""}com.amazonaws.${region}.${service}`;
}
