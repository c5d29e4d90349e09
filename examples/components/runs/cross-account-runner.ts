// Runs of scripts in one member, with the output in the central bucket.
import type * as aws from "@pulumi/aws";
import { CrossAccountRunner } from "../../../components/runs/cross-account-runner.js";
import { runDocuments } from "../../../runbooks/loader/run-documents.js";

const account = { id: "111111111111", partition: "aws" } as const;
const bucket = "packages-storage-bucket-log-1234567";
const kmsKeyArn = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab";

export function example(provider: aws.Provider): CrossAccountRunner {
  const { runbook, scripts } = runDocuments();
  return new CrossAccountRunner(
    "runs",
    {
      account,
      prefix: "cf",
      regions: ["eu-central-1"],
      accounts: { ids: ["222222222222"] },
      runbook,
      scripts,
      bucket,
      kmsKeyArn,
      outputDays: 90,
    },
    { provider },
  );
}
