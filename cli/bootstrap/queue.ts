import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { chunks } from "../../lib/lists.js";

/** Most entries of a batch, of SQS's and of PutEvents'. */
export const BATCH = 10;
/** Seconds to wait for a message: with a wait SQS asks all of its servers, and only then an empty answer means empty. */
const WAIT = 2;

/** A message that SQS has delivered to us. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
}

/**
 * Receives all messages of a queue, each once; for so many seconds nobody else gets them. They stay in the queue:
 * release them, or delete them.
 */
export async function receiveAll(
  sqs: SQSClient,
  QueueUrl: string,
  VisibilityTimeout: number,
): Promise<Message[]> {
  const found = new Map<string, Message>();
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        VisibilityTimeout,
        MaxNumberOfMessages: BATCH,
        WaitTimeSeconds: WAIT,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["SentTimestamp"],
      }),
    );
    if (Messages.length === 0) return [...found.values()];
    // A standard queue may deliver a message twice; the last handle counts.
    for (const message of Messages) found.set(message.MessageId ?? "", message);
  }
}

/** Makes messages visible to others at once. Where that fails, they become visible when the time is over. */
export async function release(
  sqs: SQSClient,
  QueueUrl: string,
  messages: readonly ReceivedMessage[],
): Promise<void> {
  for (const batch of chunks(messages, BATCH)) {
    const Entries = batch.map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: 0,
    }));
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries });
    await sqs.send(command).catch(() => undefined);
  }
}

/** Deletes messages; gives those that are still there, with SQS's reason. */
export async function deleteAll<T extends ReceivedMessage>(
  sqs: SQSClient,
  QueueUrl: string,
  messages: readonly T[],
): Promise<Map<T, string>> {
  const undeleted = new Map<T, string>();
  for (const batch of chunks(messages, BATCH)) {
    const Entries = batch.map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
    }));
    const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    for (const { Id, Code, Message: text } of Failed) {
      const message = batch[Number(Id)];
      if (message !== undefined) undeleted.set(message, `${Code ?? ""}: ${text ?? ""}`);
    }
  }
  return undeleted;
}
