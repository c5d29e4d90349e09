// Every morning a mail names the hosts that did not answer a scheduled script.
import type * as aws from "@pulumi/aws";
import { ResultDistribution } from "../../../components/results/result-distribution.js";
import { readNamedQueries } from "../../../queries/loader/named-queries.js";

const account = { id: "111111111111", partition: "aws" } as const;
const kmsKeyArn = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd";
const stores = [{ bucket: "cf-central", kmsKeyArn }];

const routes = [
  {
    name: "no-answer",
    sql: readNamedQueries().find(({ name }) => name === "no-answer")?.sql ?? "",
    parameters: ["schedule-disk-pressure"],
    schedule: "cron(0 6 * * ? *)",
    rules: [{ operator: "always", topic: "disks" }],
  },
] as const;

export const example = (provider: aws.Provider) =>
  new ResultDistribution(
    "distribution",
    {
      account,
      prefix: "cf",
      region: "eu-central-1",
      routes,
      topics: { disks: ["ops@example.com"] },
      database: "cf_runs",
      workgroup: "cf-runs",
      stores,
    },
    { provider },
  );
