// The role of people who run scripts, as a part of CrossAccountRunner.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { RunOperator } from "../../../components/runs/run-operator.js";

const account = { id: "111111111111", partition: "aws" } as const;
const accounts = { ids: ["222222222222"] };
const principals = ["arn:aws:iam::333333333333:role/Operators"];
const administrationRoleArn =
  "arn:aws:iam::111111111111:role/AWS-SystemsManager-AutomationAdministrationRole";
const stores = [
  {
    bucket: "packages-storage-bucket-log-1234567",
    kmsKeyArn: "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  },
];

class Runs extends pulumi.ComponentResource {
  constructor(name: string, opts: InAccount) {
    super("fleet:examples:Runs", name, {}, opts);
    const { roleArn } = new RunOperator(
      `${name}-operator`,
      {
        account,
        prefix: "cf",
        region: "eu-central-1",
        accounts,
        principals,
        administrationRoleArn,
        stores,
      },
      { parent: this },
    );
    this.registerOutputs({ roleArn });
  }
}

export const example = (provider: aws.Provider) => new Runs("runs", { provider });
