// One rule that starts the runbook, as BootstrapRegion declares it for each of its events.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { BootstrapTrigger } from "../../../components/bootstrap/bootstrap-trigger.js";

const account = { id: "222222222222", partition: "aws" } as const;

class StartedInstances extends pulumi.ComponentResource {
  readonly ruleArn: pulumi.Output<string>;

  constructor(name: string, opts: InAccount) {
    super("fleet:examples:StartedInstances", name, {}, opts);
    const start = {
      account,
      prefix: "cf",
      region: "eu-central-1",
      packageArnPrefix: "arn:aws:ssm:eu-central-1:111111111111:document/cf-package-",
      automationRoleArn: "arn:aws:iam::222222222222:role/automation",
      rulesRoleArn: "arn:aws:iam::222222222222:role/rules",
      deadLettersArn: "arn:aws:sqs:eu-central-1:222222222222:dead-letters",
    };
    const { ruleArn } = new BootstrapTrigger(
      `${name}-running`,
      {
        ...start,
        rule: "running",
        description: "Bootstraps an instance when it starts",
        pattern: { source: ["aws.ec2"], detail: { state: ["running"] } },
        instancePath: "$.detail.instance-id",
      },
      { parent: this },
    );
    this.ruleArn = ruleArn;
    this.registerOutputs({ ruleArn: this.ruleArn });
  }
}

export const example = (provider: aws.Provider) => new StartedInstances("started", { provider });
