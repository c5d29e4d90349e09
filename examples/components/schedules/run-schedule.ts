// A script of the library that runs every day, on each host of a tag.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { RunSchedule } from "../../../components/schedules/run-schedule.js";

const args = {
  account: { id: "222222222222", partition: "aws" },
  prefix: "cf",
  region: "eu-central-1",
  target: { key: "tag:Environment", values: ["prod"] },
  maxConcurrency: "10%",
  maxErrors: "10%",
  source: { accountId: "111111111111", prefix: "cf" },
  bucket: "packages-storage-bucket-log-1234567",
} as const;

class Schedules extends pulumi.ComponentResource {
  constructor(name: string, opts: InAccount) {
    super("fleet:examples:Schedules", name, {}, opts);
    const { scheduleId } = new RunSchedule(
      `${name}-facts`,
      {
        ...args,
        schedule: "facts",
        work: { what: "script", name: "facts", parameters: {} },
        expression: "rate(1 day)",
      },
      { parent: this },
    );
    this.registerOutputs({ scheduleId });
  }
}

export const example = (provider: aws.Provider) => new Schedules("schedules", { provider });
