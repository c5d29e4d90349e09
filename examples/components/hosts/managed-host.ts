// One host with what it needs: a role, and a network in a VPC that is there already.
import type * as aws from "@pulumi/aws";
import { HostNetwork } from "../../../components/network/host-network.js";
import { HostRole } from "../../../components/hosts/host-role.js";
import { ManagedHost } from "../../../components/hosts/managed-host.js";

const account = { id: "222222222222", partition: "aws" } as const;
const source = { accountId: "111111111111", prefix: "cf" };

export function example(provider: aws.Provider): ManagedHost {
  const { instanceProfile } = new HostRole(
    "hosts",
    { account, packages: source, features: { cloudWatch: { prefix: "cf" } } },
    { provider },
  );
  const network = new HostNetwork("network", { vpc: "main" }, { provider });
  return new ManagedHost(
    "web",
    {
      platform: "linux",
      instanceType: "t3.micro",
      enabled: true,
      packages: ["fleet-facts"],
      cloudwatch: "linux",
      instanceProfile,
      securityGroupIds: [network.securityGroupId],
      subnetId: network.privateSubnetId(),
    },
    { provider },
  );
}
