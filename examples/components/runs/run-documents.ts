// The documents of runs in a Region, as a part of CrossAccountRunner.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { RunDocuments } from "../../../components/runs/run-documents.js";
import { runDocuments } from "../../../runbooks/loader/run-documents.js";

class Runs extends pulumi.ComponentResource {
  constructor(name: string, opts: InAccount) {
    super("fleet:examples:Runs", name, {}, opts);
    const sharedWith = ["222222222222"];
    const { runbook, scripts } = runDocuments();
    const { runbookArn } = new RunDocuments(
      `${name}-eu-central-1`,
      { prefix: "cf", region: "eu-central-1", sharedWith, runbook, scripts },
      { parent: this },
    );
    this.registerOutputs({ runbookArn });
  }
}

export const example = (provider: aws.Provider) => new Runs("runs", { provider });
