import type { Access } from "../../../kernel/access.js";
import { AwsError } from "../../../kernel/errors.js";
import { operation } from "../../../kernel/operation.js";
import type { Queue, SqsService, SqsCloud } from "./sqs.js";
import type { MessageAttribute, ReceiveInput } from "./message.js";
import { checkTimeout, md5, placeOf, receive } from "./message.js";

interface ByUrl {
  readonly QueueUrl: string;
}

interface SendInput extends ByUrl {
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
}

interface ByHandle {
  readonly ReceiptHandle: string;
}

interface NewVisibility extends ByHandle {
  readonly VisibilityTimeout: number;
}

interface Batch<Entry> extends ByUrl {
  readonly Entries: readonly (Entry & { readonly Id: string })[];
}

/** Source: SQS developer guide, "Key management": who sends needs both permissions, who receives the second. */
const SENDER = ["kms:GenerateDataKey", "kms:Decrypt"];

/** What programs do with queues. */
export function queueOperations(cloud: SqsCloud, sqs: SqsService) {
  const access = (action: string, keyActions: readonly string[] = []) => ({
    access: ({ QueueUrl }: ByUrl): Access[] => sqs.access(sqs.queue(QueueUrl), action, keyActions),
  });
  const remove = (queue: Queue, { ReceiptHandle }: ByHandle) => {
    const place = placeOf(queue.messages, ReceiptHandle);
    if (place >= 0) queue.messages.splice(place, 1);
    reportDepth(cloud, queue);
  };
  const change = (queue: Queue, { ReceiptHandle, VisibilityTimeout }: NewVisibility) => {
    checkTimeout(VisibilityTimeout);
    const message = queue.messages[placeOf(queue.messages, ReceiptHandle)];
    if (message !== undefined) message.visible = cloud.clock.now + VisibilityTimeout * 1000;
  };
  const single = <Input extends ByUrl>(action: string, act: (queue: Queue, input: Input) => void) =>
    operation<Input, object>({
      ...access(action),
      run: (input) => {
        act(sqs.queue(input.QueueUrl), input);
        return {};
      },
    });
  const batch = <Entry>(action: string, act: (queue: Queue, entry: Entry) => void) =>
    operation<Batch<Entry>, object>({
      ...access(action),
      run: ({ QueueUrl, Entries }) =>
        forEachEntry(Entries, (entry) => act(sqs.queue(QueueUrl), entry)),
    });
  return {
    SendMessage: operation<SendInput, object>({
      ...access("sqs:SendMessage", SENDER),
      run: ({ QueueUrl, MessageBody: Body, MessageAttributes = {} }) => {
        const MessageId = cloud.ids.uuid("message");
        const { now } = cloud.clock;
        const message = {
          MessageId,
          Body,
          MessageAttributes,
          sent: now,
          visible: now,
          received: 0,
        };
        const queue = sqs.queue(QueueUrl);
        queue.messages.push(message);
        reportDepth(cloud, queue);
        return { MessageId, MD5OfMessageBody: md5(Body) };
      },
    }),
    ReceiveMessage: operation<ReceiveInput, object>({
      ...access("sqs:ReceiveMessage", ["kms:Decrypt"]),
      run: (input) => {
        const queue = sqs.queue(input.QueueUrl);
        expire(cloud, queue);
        const { messages, visibilityTimeout: timeout } = queue;
        return receive(messages, input, { now: cloud.clock.now, timeout });
      },
    }),
    PurgeQueue: single<ByUrl>("sqs:PurgeQueue", (queue) => {
      queue.messages.splice(0);
      reportDepth(cloud, queue);
    }),
    GetQueueAttributes: operation<ByUrl & { readonly AttributeNames?: readonly string[] }, object>({
      ...access("sqs:GetQueueAttributes"),
      run: ({ QueueUrl, AttributeNames: names = [] }) => {
        const all = Object.entries(attributesOf(cloud, sqs.queue(QueueUrl)));
        const attributes = all.filter(([name]) => names.includes("All") || names.includes(name));
        return { Attributes: Object.fromEntries(attributes) };
      },
    }),
    DeleteMessage: single<ByUrl & ByHandle>("sqs:DeleteMessage", remove),
    DeleteMessageBatch: batch<ByHandle>("sqs:DeleteMessage", remove),
    ChangeMessageVisibility: single<ByUrl & NewVisibility>("sqs:ChangeMessageVisibility", change),
    ChangeMessageVisibilityBatch: batch<NewVisibility>("sqs:ChangeMessageVisibility", change),
  };
}

/** Each entry of a batch succeeds or fails separately. */
function forEachEntry<Entry extends { readonly Id: string }>(
  entries: readonly Entry[],
  act: (entry: Entry) => void,
) {
  if (entries.length < 1 || entries.length > 10) {
    throw new AwsError(
      entries.length < 1
        ? "AWS.SimpleQueueService.EmptyBatchRequest"
        : "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
      `A batch has 1-10 entries, this one has ${entries.length}.`,
    );
  }
  const Successful: { Id: string }[] = [];
  const Failed: { Id: string; Code: string; Message: string; SenderFault: boolean }[] = [];
  for (const entry of entries) {
    try {
      act(entry);
      Successful.push({ Id: entry.Id });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { code: Code, message: Message } = error;
      Failed.push({ Id: entry.Id, Code, Message, SenderFault: true });
    }
  }
  return { Successful, ...(Failed.length > 0 && { Failed }) };
}

/** Deletes messages that are older than the queue's retention. */
function expire({ clock }: SqsCloud, { messages, retention }: Queue): void {
  const kept = messages.filter(({ sent }) => clock.now - sent < retention * 1000);
  if (kept.length < messages.length) messages.splice(0, Infinity, ...kept);
}

function attributesOf(cloud: SqsCloud, queue: Queue): Record<string, string> {
  expire(cloud, queue);
  const shown = queue.messages.filter(({ visible }) => visible <= cloud.clock.now).length;
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(shown),
    ApproximateNumberOfMessagesNotVisible: String(queue.messages.length - shown),
    ApproximateNumberOfMessagesDelayed: "0",
    MessageRetentionPeriod: String(queue.retention),
    VisibilityTimeout: String(queue.visibilityTimeout),
    ...(queue.kmsKey !== undefined && { KmsMasterKeyId: queue.kmsKey }),
    ...(queue.policy !== undefined && { Policy: JSON.stringify(queue.policy) }),
  };
}

/**
 * What SQS reports to CloudWatch about a queue: messages in flight count here, because they return unless they are
 * deleted.
 */
function reportDepth(cloud: SqsCloud, queue: Queue): void {
  cloud.cloudwatch.metrics.setGauge(queue, {
    namespace: "AWS/SQS",
    name: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue.name },
    value: queue.messages.length,
    unit: "Count",
  });
}
