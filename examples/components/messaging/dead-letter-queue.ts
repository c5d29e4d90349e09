// A queue for the events that one rule could not deliver. The target names the queue by its ARN, and
// depends on it: a queue without its policy refuses the rule's first dead letter.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { rulesEncryptMessages } from "../../../components/storage/key-policies.js";
import { DeadLetterQueue } from "../../../components/messaging/dead-letter-queue.js";
import { EncryptionKey } from "../../../components/storage/encryption-key.js";
import { keyAlias } from "../../../components/names.js";

const account = { id: "222222222222", partition: "aws" } as const;
const region = "eu-central-1";

class WatchedRule extends pulumi.ComponentResource {
  readonly deadLettersArn: pulumi.Output<string>;

  constructor(name: string, opts: InAccount) {
    super("fleet:examples:WatchedRule", name, {}, opts);
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        account,
        alias: keyAlias("cf", "bootstrap"),
        description: "Dead letters",
        access: [rulesEncryptMessages(account)],
        region,
      },
      { parent: this },
    );
    const rule = new aws.cloudwatch.EventRule(
      `${name}-rule`,
      { eventPattern: JSON.stringify({ source: ["aws.ec2"] }), region },
      { parent: this },
    );
    const deadLetters = new DeadLetterQueue(
      `${name}-dead-letters`,
      { region, kmsKeyArn: key.arn, ruleArns: [rule.arn], what: "Backups" },
      { parent: this },
    );
    this.deadLettersArn = deadLetters.arn;
    this.registerOutputs({ deadLettersArn: this.deadLettersArn });
  }
}

export const example = (provider: aws.Provider) => new WatchedRule("watched", { provider });
