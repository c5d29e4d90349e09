// Endpoints for hosts in a VPC without a way to the internet, in all its private subnets.
import type * as aws from "@pulumi/aws";
import { endpointServices } from "../../../components/network/endpoint-services.js";
import { HostNetwork } from "../../../components/network/host-network.js";
import { SsmEndpoints } from "../../../components/network/ssm-endpoints.js";

const account = { id: "222222222222", partition: "aws" } as const;

export function example(provider: aws.Provider): SsmEndpoints {
  const network = new HostNetwork("network", { vpc: "main" }, { provider });
  const { vpcId } = network;
  return new SsmEndpoints(
    "endpoints",
    {
      account,
      region: "eu-central-1",
      services: endpointServices,
      vpcId,
      subnetIds: network.privateSubnetIds(),
      centralBuckets: ["packages-storage-bucket-log-1234567"],
    },
    { provider },
  );
}
