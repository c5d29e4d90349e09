// A route that starts every day, and the topic that is told when it fails.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InAccount } from "../../components/account";
import { EncryptionKey } from "../../components/encryption-key";
import { keyAlias } from "../../components/names";
import { RouteMachine, RouteSchedules } from "../../components/route-schedules";

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
