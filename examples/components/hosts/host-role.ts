// The role of managed hosts, for instances that are launched by something else: an Auto Scaling
// group takes the profile's name.
import type * as aws from "@pulumi/aws";
import { HostRole } from "../../../components/hosts/host-role.js";

const account = { id: "222222222222", partition: "aws" } as const;
const packages = { accountId: "111111111111", prefix: "cf" };

export const example = (provider: aws.Provider): HostRole =>
  new HostRole(
    "hosts",
    { account, packages, features: { cloudWatch: { prefix: "cf" } } },
    { provider },
  );
