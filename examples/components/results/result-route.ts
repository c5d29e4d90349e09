// The state machine of one route, in a component that has its topic, key and log group.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { EncryptionKey } from "../../../components/storage/encryption-key.js";
import { keyAlias } from "../../../components/names.js";
import type { Route } from "../../../components/results/result-route.js";
import { ResultRoute } from "../../../components/results/result-route.js";

const account = { id: "111111111111", partition: "aws" } as const;
const region = "eu-central-1";
const database = "cf_runs";
const workgroup = "cf-runs";
const topicArns = { disks: "arn:aws:sns:eu-central-1:111111111111:cf-route-disks" };
const logGroupArn = "arn:aws:logs:eu-central-1:111111111111:log-group:/cf/routes";

const route: Route = {
  name: "disks",
  sql: "SELECT line FROM output WHERE run = ?",
  parameters: ["schedule-disk-pressure"],
  schedule: "rate(1 day)",
  rules: [{ column: "line", operator: "contains", value: "full", topic: "disks" }],
};

class Routed extends pulumi.ComponentResource {
  constructor(name: string, opts: InAccount) {
    super("fleet:examples:Routed", name, {}, opts);
    const key = new EncryptionKey(
      `${name}-encryption`,
      { account, alias: keyAlias("cf", "routes"), description: "…" },
      { parent: this },
    );
    const stores = [{ bucket: "cf-central", kmsKeyArn: key.arn }];
    new ResultRoute(
      `${name}-disks`,
      {
        account,
        prefix: "cf",
        region,
        route,
        database,
        workgroup,
        stores,
        topicArns,
        kmsKeyArn: key.arn,
        logGroupArn,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

export const example = (provider: aws.Provider) => new Routed("routes", { provider });
