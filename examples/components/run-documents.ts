// The documents of runs in a Region, as a part of CrossAccountRunner.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InAccount } from "../../components/account";
import { RunDocuments } from "../../components/run-documents";
import { runDocuments } from "../../runbooks/run-documents";

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
