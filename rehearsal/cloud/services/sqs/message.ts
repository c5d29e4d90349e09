import { createHash } from "node:crypto";
import { AwsError } from "../../../kernel/errors.js";

export interface MessageAttribute {
  readonly DataType?: string;
  readonly StringValue: string;
}

/** A message that waits in a queue, and how often it was received. Times in milliseconds since the epoch. */
export interface Message {
  readonly MessageId: string;
  readonly Body: string;
  readonly MessageAttributes: Readonly<Record<string, MessageAttribute>>;
  readonly sent: number;
  /** After it was received, it is invisible until then. */
  visible: number;
  received: number;
}

export interface ReceiveInput {
  readonly QueueUrl: string;
  /** 1-10, 1 by default. */
  readonly MaxNumberOfMessages?: number;
  /** Seconds; the queue's by default. */
  readonly VisibilityTimeout?: number;
  readonly MessageAttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  /** The older name of the same. */
  readonly AttributeNames?: readonly string[];
}

/** Source: SQS API reference, ReceiveMessage and ChangeMessageVisibility: at most twelve hours. */
const MAX_VISIBILITY_SECONDS = 43_200;

/** Returns messages that are visible. Source: SQS API reference, ReceiveMessage. */
export function receive(
  messages: readonly Message[],
  input: ReceiveInput,
  { now, timeout }: { readonly now: number; readonly timeout: number },
) {
  const { MaxNumberOfMessages: most = 1, VisibilityTimeout: seconds = timeout } = input;
  if (most < 1 || most > 10) {
    throw new AwsError(
      "ReadCountOutOfRange",
      `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
    );
  }
  checkTimeout(seconds);
  const found = messages.filter(({ visible }) => visible <= now).slice(0, most);
  for (const message of found) {
    message.visible = now + seconds * 1000;
    message.received += 1;
  }
  // Without messages the field is not there.
  return found.length === 0 ? {} : { Messages: found.map((message) => handedOut(message, input)) };
}

export function checkTimeout(seconds: number): void {
  if (seconds >= 0 && seconds <= MAX_VISIBILITY_SECONDS) return;
  throw new AwsError(
    "InvalidParameterValue",
    `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= ${MAX_VISIBILITY_SECONDS}, if provided.`,
  );
}

function handedOut(message: Message, input: ReceiveInput) {
  const { MessageId, Body, MessageAttributes, sent, received } = message;
  const { MessageAttributeNames = [], MessageSystemAttributeNames, AttributeNames = [] } = input;
  const system = { SentTimestamp: String(sent), ApproximateReceiveCount: String(received) };
  const attributes = chosen(MessageAttributes, MessageAttributeNames);
  const systemAttributes = chosen(system, MessageSystemAttributeNames ?? AttributeNames);
  return {
    MessageId,
    ReceiptHandle: handleOf(message),
    MD5OfBody: md5(Body),
    Body,
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
    ...(Object.keys(systemAttributes).length > 0 && { Attributes: systemAttributes }),
  };
}

function chosen<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  const wanted = (name: string) => names.includes("All") || names.includes(name);
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted(name)));
}

/** A handle is for one receipt; the next receipt has another. */
function handleOf({ MessageId, received }: Message): string {
  return Buffer.from(`${MessageId} ${received}`).toString("base64");
}

/**
 * The place of the message that a handle is for; -1 where it is deleted or was received again since: AWS then does
 * nothing, and says nothing.
 * @throws AwsError ReceiptHandleIsInvalid
 */
export function placeOf(messages: readonly Message[], handle: string): number {
  const [, id, received] =
    /^([0-9a-f-]{36}) (\d+)$/.exec(Buffer.from(handle, "base64").toString()) ?? [];
  if (id === undefined) {
    const text = `The input receipt handle "${handle}" is not a valid receipt handle.`;
    throw new AwsError("ReceiptHandleIsInvalid", text);
  }
  return messages.findIndex(
    (message) => message.MessageId === id && message.received === Number(received),
  );
}

export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
