// The bootstrap product in two Regions with one pair of roles, which is what BootstrapProduct is
// made of.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { BootstrapRegion } from "../../../components/bootstrap/bootstrap-region.js";
import { BootstrapRoles } from "../../../components/bootstrap/bootstrap-roles.js";
import { bootstrapDocuments } from "../../../runbooks/loader/bootstrap-documents.js";

const account = { id: "222222222222", partition: "aws" } as const;

class TwoRegions extends pulumi.ComponentResource {
  readonly deadLetterQueueUrls: pulumi.Output<string>[];

  constructor(name: string, opts: InAccount) {
    super("fleet:examples:TwoRegions", name, {}, opts);
    const roles = new BootstrapRoles(`${name}-roles`, { account, prefix: "cf" }, { parent: this });
    const args = {
      account,
      prefix: "cf",
      documents: bootstrapDocuments(),
      cloudWatch: {},
      packageArnPrefix: "arn:aws:ssm:eu-central-1:111111111111:document/cf-package-",
      automationRoleArn: roles.automationRoleArn,
      rulesRoleArn: roles.rulesRoleArn,
      reconcileRoleArn: roles.reconcileRoleArn,
    };
    const frankfurt = new BootstrapRegion(
      `${name}-eu-central-1`,
      { ...args, region: "eu-central-1" },
      { parent: this },
    );
    const ireland = new BootstrapRegion(
      `${name}-eu-west-1`,
      {
        ...args,
        region: "eu-west-1",
        packageArnPrefix: "arn:aws:ssm:eu-west-1:111111111111:document/cf-package-",
      },
      { parent: this },
    );
    this.deadLetterQueueUrls = [frankfurt.deadLetterQueueUrl, ireland.deadLetterQueueUrl];
    this.registerOutputs({ deadLetterQueueUrls: this.deadLetterQueueUrls });
  }
}

export const example = (provider: aws.Provider) => new TwoRegions("bootstrap", { provider });
