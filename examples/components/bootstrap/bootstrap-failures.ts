// How failed runs are noticed: a topic notifies people, and a queue keeps the failures.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { eventRuleArn } from "../../../components/arns.js";
import {
  alarmsEncryptNotifications,
  rulesEncryptNotifications,
} from "../../../components/bootstrap/bootstrap-access.js";
import { rulesEncryptMessages } from "../../../components/storage/key-policies.js";
import { BootstrapFailures } from "../../../components/bootstrap/bootstrap-failures.js";
import { DeadLetterQueue } from "../../../components/messaging/dead-letter-queue.js";
import { EncryptionKey } from "../../../components/storage/encryption-key.js";
import { bootstrapRuleName, failureTopicName, keyAlias } from "../../../components/names.js";
import { NotificationTopic } from "../../../components/messaging/notification-topic.js";

const account = { id: "222222222222", partition: "aws" } as const;
const region = "eu-central-1";

class SeenFailures extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, opts: InAccount) {
    super("fleet:examples:SeenFailures", name, {}, opts);
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        account,
        alias: keyAlias("cf", "bootstrap"),
        description: "Failures",
        access: [
          rulesEncryptMessages(account),
          rulesEncryptNotifications(account, region, "cf"),
          alarmsEncryptNotifications(account, region, "cf"),
        ],
        region,
      },
      { parent: this },
    );
    const topic = new NotificationTopic(
      `${name}-notifications`,
      {
        account,
        region,
        topicName: failureTopicName("cf"),
        kmsKeyArn: key.arn,
        notify: ["ops@example.com"],
      },
      { parent: this },
    );
    const deadLetters = new DeadLetterQueue(
      `${name}-dead-letters`,
      {
        region,
        kmsKeyArn: key.arn,
        ruleArns: [eventRuleArn(account, region, bootstrapRuleName("cf", "failed"))],
        what: "Instances whose bootstrap",
        topicArn: topic.arn,
      },
      { parent: this },
    );
    const failures = new BootstrapFailures(
      `${name}-failures`,
      {
        account,
        prefix: "cf",
        region,
        kmsKeyArn: key.arn,
        topicArn: topic.arn,
        deadLettersArn: deadLetters.arn,
      },
      { parent: this },
    );
    this.url = failures.url;
    this.registerOutputs({ url: this.url });
  }
}

export const example = (provider: aws.Provider) => new SeenFailures("bootstrap", { provider });
