// Accounts and providers for component tests, which have no stack around them.
import * as aws from "@pulumi/aws";
import type { Account, Partition } from "../../components/account.js";

export const logAccount = (partition: Partition = "aws"): Account => ({
  id: "111111111111",
  partition,
});

export const memberAccount = (partition: Partition = "aws"): Account => ({
  id: "222222222222",
  partition,
});

/** Options for a component under test: the provider of a member account. */
export const inMember = () => ({
  provider: new aws.Provider("account", {
    allowedAccountIds: ["222222222222"],
    region: "eu-central-1",
  }),
});

/** Both kinds of ARN that the program has to get right. */
export const partitions = [
  { partition: "aws", region: "eu-central-1" },
  { partition: "aws-cn", region: "cn-north-1" },
] as const;

/** A VPC of the member account as the provider describes it. */
export const aVpc = {
  id: "vpc-1",
  ownerId: "222222222222",
  enableDnsSupport: true,
  enableDnsHostnames: true,
  mainRouteTableId: "rtb-main",
  cidrBlockAssociations: [
    { cidrBlock: "10.1.0.0/16", state: "associated" },
    { cidrBlock: "10.0.0.0/16", state: "associated" },
    { cidrBlock: "10.2.0.0/16", state: "disassociated" },
  ],
};
