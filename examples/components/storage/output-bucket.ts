// A bucket for output in a Region whose hosts reach no bucket of another Region.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { OutputBucket } from "../../../components/storage/output-bucket.js";

const account = { id: "111111111111", partition: "aws" } as const;
const accounts = { ids: ["222222222222"] };

class Runs extends pulumi.ComponentResource {
  constructor(name: string, opts: InAccount) {
    super("fleet:examples:Runs", name, {}, opts);
    const { bucket } = new OutputBucket(
      `${name}-eu-west-1`,
      { account, prefix: "cf", region: "eu-west-1", accounts, outputDays: 90 },
      { parent: this },
    );
    this.registerOutputs({ bucket });
  }
}

export const example = (provider: aws.Provider) => new Runs("runs", { provider });
