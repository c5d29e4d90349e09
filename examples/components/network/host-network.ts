// The network of managed hosts, in a VPC that is there already. `privateSubnetId` gives a subnet of
// it, by its Name tag or the first.
import type * as aws from "@pulumi/aws";
import { HostNetwork } from "../../../components/network/host-network.js";

export const example = (provider: aws.Provider): HostNetwork =>
  new HostNetwork("network", { vpc: "main" }, { provider });
