// SQL over the output of scripts in one account, all of it in one bucket.
import type * as aws from "@pulumi/aws";
import { RunQueries } from "../../../components/results/run-queries.js";
import { readNamedQueries } from "../../../queries/loader/named-queries.js";

const bucket = "cf-central";
const kmsKeyArn = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd";

export const example = (provider: aws.Provider) =>
  new RunQueries(
    "run-queries",
    {
      prefix: "cf",
      bucket,
      kmsKeyArn,
      accountIds: ["222222222222"],
      regions: ["eu-central-1"],
      queries: readNamedQueries(),
    },
    { provider },
  );
