// A topic that alarms and rules publish to, and one address that it notifies.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import {
  alarmsEncryptNotifications,
  rulesEncryptNotifications,
} from "../../../components/bootstrap/bootstrap-access.js";
import { EncryptionKey } from "../../../components/storage/encryption-key.js";
import { failureTopicName, keyAlias } from "../../../components/names.js";
import { NotificationTopic } from "../../../components/messaging/notification-topic.js";

const account = { id: "222222222222", partition: "aws" } as const;
const region = "eu-central-1";

class Notifications extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, opts: InAccount) {
    super("fleet:examples:Notifications", name, {}, opts);
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        account,
        alias: keyAlias("cf", "bootstrap"),
        description: "Notifications",
        access: [
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
    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

export const example = (provider: aws.Provider) => new Notifications("bootstrap", { provider });
