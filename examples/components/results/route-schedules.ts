// A route that starts every day, and the topic that gets a message when it fails.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { EncryptionKey } from "../../../components/storage/encryption-key.js";
import { keyAlias } from "../../../components/names.js";
import type { RouteMachine } from "../../../components/results/route-schedules.js";
import { RouteSchedules } from "../../../components/results/route-schedules.js";

const account = { id: "111111111111", partition: "aws" } as const;
const region = "eu-central-1";
const failuresTopicArn = "arn:aws:sns:eu-central-1:111111111111:cf-route-failures";
const machines: RouteMachine[] = [
  {
    name: "disks",
    arn: "arn:aws:states:eu-central-1:111111111111:stateMachine:cf-route-disks",
    schedule: "rate(1 day)",
  },
];

class Scheduled extends pulumi.ComponentResource {
  constructor(name: string, opts: InAccount) {
    super("fleet:examples:Scheduled", name, {}, opts);
    const key = new EncryptionKey(
      `${name}-encryption`,
      { account, alias: keyAlias("cf", "routes"), description: "…" },
      { parent: this },
    );
    new RouteSchedules(
      `${name}-schedules`,
      { account, prefix: "cf", region, machines, kmsKeyArn: key.arn, failuresTopicArn },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

export const example = (provider: aws.Provider) => new Scheduled("routes", { provider });
