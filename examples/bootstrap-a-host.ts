import * as aws from "@pulumi/aws";
import { BootstrapProduct } from "../components/bootstrap/bootstrap-product.js";
import { HostNetwork } from "../components/network/host-network.js";
import { HostRole } from "../components/hosts/host-role.js";
import { ManagedHost } from "../components/hosts/managed-host.js";
import { bootstrapDocuments } from "../runbooks/loader/bootstrap-documents.js";

/** Launches a host that has a package installed as soon as its agent answers. */
export function bootstrapAHost() {
  const provider = new aws.Provider("member", {
    region: "eu-central-1",
    allowedAccountIds: ["222222222222"],
  });
  const account = { id: "222222222222", partition: "aws" } as const;
  const packages = { accountId: "111111111111", prefix: "cf" };
  const bootstrap = new BootstrapProduct(
    "bootstrap",
    {
      account,
      prefix: "cf",
      regions: ["eu-central-1"],
      documents: bootstrapDocuments(),
      cloudWatch: {},
      packages,
    },
    { provider },
  );
  const role = new HostRole(
    "hosts",
    { account, packages, features: { cloudWatch: { prefix: "cf" } } },
    { provider },
  );
  const network = new HostNetwork("network", { vpc: "main" }, { provider });
  const host = new ManagedHost(
    "web",
    {
      platform: "linux",
      instanceType: "t4g.micro",
      enabled: true,
      packages: ["tool"],
      cloudwatch: "linux",
      instanceProfile: role.instanceProfile,
      securityGroupIds: [network.securityGroupId],
      subnetId: network.privateSubnetId(),
    },
    { provider, dependsOn: [bootstrap] },
  );
  return { instanceId: host.instanceId };
}
