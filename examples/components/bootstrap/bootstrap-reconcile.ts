// The hourly search for lost bootstraps, as BootstrapRegion declares it with its runbook and roles.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { BootstrapReconcile } from "../../../components/bootstrap/bootstrap-reconcile.js";
import { bootstrapDocuments } from "../../../runbooks/loader/bootstrap-documents.js";

const account = { id: "222222222222", partition: "aws" } as const;
const region = "eu-central-1";
const runbook = bootstrapDocuments().reconcile;
const roleArn = "arn:aws:iam::222222222222:role/reconcile";
const rulesRoleArn = "arn:aws:iam::222222222222:role/rules";
const deadLettersArn = "arn:aws:sqs:eu-central-1:222222222222:dead-letters";

class FoundAgain extends pulumi.ComponentResource {
  readonly ruleArn: pulumi.Output<string>;

  constructor(name: string, opts: InAccount) {
    super("fleet:examples:FoundAgain", name, {}, opts);
    const { ruleArn } = new BootstrapReconcile(
      `${name}-reconcile`,
      { account, prefix: "cf", region, runbook, roleArn, rulesRoleArn, deadLettersArn },
      { parent: this },
    );
    this.ruleArn = ruleArn;
    this.registerOutputs({ ruleArn: this.ruleArn });
  }
}

export const example = (provider: aws.Provider) => new FoundAgain("found", { provider });
