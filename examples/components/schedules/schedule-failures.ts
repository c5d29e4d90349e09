// A schedule whose failures an existing topic notifies people of.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { RunSchedule } from "../../../components/schedules/run-schedule.js";
import { ScheduleFailures } from "../../../components/schedules/schedule-failures.js";

const region = "eu-central-1";
const place = `${region}:222222222222`;

class WatchedSchedule extends pulumi.ComponentResource {
  constructor(name: string, opts: InAccount) {
    super("fleet:examples:WatchedSchedule", name, {}, opts);
    const { scheduleId } = new RunSchedule(
      `${name}-agent`,
      {
        account: { id: "222222222222", partition: "aws" },
        prefix: "cf",
        region,
        schedule: "agent",
        work: { what: "document", name: "AWS-UpdateSSMAgent", parameters: {} },
        target: { key: "tag:Environment", values: ["prod"] },
        expression: "rate(7 days)",
        maxConcurrency: "10%",
        maxErrors: "10%",
        source: { accountId: "111111111111", prefix: "cf" },
      },
      { parent: this },
    );
    new ScheduleFailures(
      `${name}-failures`,
      {
        prefix: "cf",
        region,
        schedules: [
          { key: "fleet:schedules.agent", schedule: "agent", kind: "association", id: scheduleId },
        ],
        topicArn: `arn:aws:sns:${place}:cf-ec2-bootstrap-failures`,
        deadLettersArn: `arn:aws:sqs:${place}:dead-letters`,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

export const example = (provider: aws.Provider) => new WatchedSchedule("watched", { provider });
