import type { Subscription, Topic, TopicMessage } from "./topic.js";
import { waitsForPerson } from "./topic.js";
import type { Keys, Queues } from "../../../kernel/ports.js";
import type { Kernel } from "../../../kernel/kernel.js";
import type { Arn } from "../../../kernel/arn.js";
import { parseArn } from "../../../kernel/arn.js";
import type { Access } from "../../../kernel/access.js";
import { AwsError, messageOf } from "../../../kernel/errors.js";
import { operation } from "../../../kernel/operation.js";
import type { ResourceType, Service } from "../../../kernel/resource.js";
import { topicResources } from "./resources.js";

interface PublishInput {
  readonly TopicArn: Arn;
  readonly Message: string;
  readonly Subject?: string;
}

/** What SNS uses of the rest of the cloud. */
export interface SnsCloud extends Kernel {
  readonly kms: Keys;
  readonly sqs: Queues;
}

/** SNS: topics with policy and encryption; messages are kept, and delivered to queues that subscribe. */
export class SnsService implements Service {
  readonly topics = new Map<Arn, Topic>();
  readonly resourceTypes: readonly ResourceType[];

  constructor(private readonly cloud: SnsCloud) {
    this.resourceTypes = topicResources(this, cloud);
  }

  /** @throws AwsError NotFound */
  topic(arn: Arn): Topic {
    const topic = this.topics.get(arn);
    if (topic !== undefined) return topic;
    throw new AwsError("NotFound", "Topic does not exist");
  }

  readonly operations = {
    Publish: operation<PublishInput, { MessageId: string }>({
      access: ({ TopicArn }) => this.publishAccess(this.topic(TopicArn)),
      run: (input) => this.publish(this.topic(input.TopicArn), input),
    }),
    ListSubscriptionsByTopic: operation<{ readonly TopicArn: Arn }, object>({
      access: ({ TopicArn }) => [this.access(this.topic(TopicArn), "sns:ListSubscriptionsByTopic")],
      run: ({ TopicArn }) => ({
        Subscriptions: [...this.topic(TopicArn).subscriptions.values()].map((found) => ({
          SubscriptionArn: waitsForPerson(found) ? "PendingConfirmation" : found.arn,
          Protocol: found.protocol,
          Endpoint: found.endpoint,
          TopicArn,
          Owner: this.topic(TopicArn).account,
        })),
      }),
    }),
  };

  /** Source: SNS developer guide, "Key management": who publishes needs both permissions. */
  private publishAccess(topic: Topic): Access[] {
    const own = this.access(topic, "sns:Publish");
    if (topic.kmsKey === undefined) return [own];
    const keyActions = ["kms:GenerateDataKey", "kms:Decrypt"];
    const context = {
      "kms:ViaService": `sns.${topic.region}.${this.cloud.partition.dnsSuffix}`,
      "kms:EncryptionContext:aws:sns:topicArn": topic.arn,
    };
    return [own, ...this.cloud.kms.access(topic.kmsKey, topic, keyActions, context)];
  }

  private access(topic: Topic, action: string): Access {
    return {
      action,
      resource: topic.arn,
      resourceAccount: topic.account,
      ...(topic.policy !== undefined && {
        resourcePolicy: { place: `the topic policy of ${topic.name}`, document: topic.policy },
      }),
    };
  }

  private publish(topic: Topic, { Message, Subject }: PublishInput): { MessageId: string } {
    if (Message === "") throw new AwsError("InvalidParameter", "Invalid parameter: Empty message");
    if (Buffer.byteLength(Message) > 256 * 1024)
      throw new AwsError("InvalidParameter", "Invalid parameter: Message too long");
    const { cloud } = this;
    const id = cloud.ids.uuid("topic message");
    const subject = Subject === undefined ? {} : { subject: Subject };
    const message = { id, time: cloud.clock.now, message: Message, ...subject };
    topic.messages.push(message);
    const { account, region, name } = topic;
    const instanceId = /\bi-[0-9a-f]{17}\b/.exec(Message)?.[0];
    cloud.report({
      account,
      region,
      ...(instanceId !== undefined && { instanceId }),
      source: "SNS",
      text: `topic ${name}: ${Subject ?? summary(Message)}`,
      kind: "info",
    });
    for (const subscription of topic.subscriptions.values())
      cloud.clock.spawn(() => this.handOn(topic, subscription, message));
    return { MessageId: id };
  }

  /** E-mail is kept with the topic: a rehearsal cannot show whether a person reads it. */
  private async handOn(topic: Topic, found: Subscription, message: TopicMessage): Promise<void> {
    const { cloud } = this;
    const { account, region, arn, name } = topic;
    if (found.protocol.startsWith("email")) return;
    if (found.protocol !== "sqs") {
      cloud.reportNotRehearsed(`sns subscription by ${found.protocol}`);
      return;
    }
    const parts = parseArn(found.endpoint);
    const queue = cloud.sqs.byArn(found.endpoint);
    try {
      await cloud.call({
        principal: {
          kind: "service",
          service: "sns.amazonaws.com",
          sourceAccount: account,
          sourceArn: arn,
        },
        account: parts?.account ?? account,
        region: parts?.region ?? region,
        service: "sqs",
        operation: "SendMessage",
        input: {
          QueueUrl: queue?.url ?? found.endpoint,
          MessageBody: found.raw ? message.message : this.envelope(topic, message),
        },
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const text = `topic ${name} could not hand a message to ${found.endpoint}: ${messageOf(error)}`;
      cloud.report({ account, region, source: "SNS", text, kind: "failure" });
    }
  }

  private envelope(topic: Topic, { id, subject, message, time }: TopicMessage): string {
    return JSON.stringify({
      Type: "Notification",
      MessageId: id,
      TopicArn: topic.arn,
      ...(subject !== undefined && { Subject: subject }),
      Message: message,
      Timestamp: new Date(time).toISOString(),
    });
  }
}

/** A message in a line: of an event its type and how it ended, of anything else how it begins. */
function summary(message: string): string {
  try {
    const event = JSON.parse(message) as { "detail-type"?: string; detail?: { Status?: string } };
    const { "detail-type": type, detail } = event;
    if (type !== undefined)
      return detail?.Status === undefined ? type : `${type}: ${detail.Status}`;
  } catch {
    // It is a text for people.
  }
  return message.replace(/\s+/g, " ").slice(0, 200);
}
