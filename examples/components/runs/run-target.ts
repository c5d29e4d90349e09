// What a member needs so that scripts of the log account run on its hosts.
import type * as aws from "@pulumi/aws";
import { RunTarget } from "../../../components/runs/run-target.js";

const account = { id: "222222222222", partition: "aws" } as const;
const output = {
  buckets: ["packages-storage-bucket-log-1234567"],
  keyArns: ["arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
};

export const example = (provider: aws.Provider): RunTarget =>
  new RunTarget(
    "runs",
    { account, source: { accountId: "111111111111", prefix: "cf" }, output, hasOperator: true },
    { provider },
  );
