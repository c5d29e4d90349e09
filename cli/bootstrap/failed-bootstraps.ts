import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { isRecord } from "../../lib/record.js";
import type { Queue } from "./member.js";
import type { ReceivedMessage } from "./queue.js";
import { receiveAll } from "./queue.js";
import type { Run } from "./run.js";
import { runOf } from "./run.js";

/** A message of one of the queues: a bootstrap that did not come to a good end, and why. */
export interface FailedBootstrap extends ReceivedMessage {
  readonly queue: Queue;
  /** When the event happened; ISO 8601. */
  readonly time: string;
  /** Absent where the event is about no instance. */
  readonly instanceId?: string;
  /** `ERROR_CODE` of EventBridge, or the status of the run. */
  readonly code: string;
  readonly cause: string;
  /** The step that failed, of a run. */
  readonly step?: string;
  readonly executionId?: string;
}

/** Takes all messages of a queue for so many seconds, and finds out what each is about. */
export async function readFailedBootstraps(
  { sqs, ssm }: { readonly sqs: SQSClient; readonly ssm: SSMClient },
  queue: Queue,
  seconds: number,
): Promise<FailedBootstrap[]> {
  const messages = await receiveAll(sqs, queue.url, seconds);
  const failures: FailedBootstrap[] = [];
  for (const message of messages) failures.push(await failedBootstrapOf(message, queue, ssm));
  return failures.sort((a, b) => (a.time < b.time ? -1 : 1));
}

async function failedBootstrapOf(
  message: Message,
  queue: Queue,
  ssm: SSMClient,
): Promise<FailedBootstrap> {
  const event = eventIn(message.Body ?? "");
  const executionId = textAt(event.detail, "ExecutionId");
  const run = executionId === undefined ? undefined : await runOf(ssm, executionId);
  const instanceId = run?.instanceId ?? instanceOf(event);
  const attribute = (name: string) => message.MessageAttributes?.[name]?.StringValue;
  const code = attribute("ERROR_CODE");
  return {
    queue,
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    time: event.time ?? new Date(Number(message.Attributes?.SentTimestamp ?? 0)).toISOString(),
    ...(instanceId !== undefined && { instanceId }),
    ...(executionId !== undefined && { executionId }),
    ...(code === undefined
      ? failureOf(run, textAt(event.detail, "Status"))
      : { code, cause: attribute("ERROR_MESSAGE") ?? "EventBridge gives no reason" }),
  };
}

function failureOf(run: Run | undefined, status: string | undefined) {
  const { cause = "the message names no run", step } = run ?? {};
  return { code: status ?? "Failed", cause, ...(step !== undefined && { step }) };
}

interface Event {
  readonly time?: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources: readonly unknown[];
}

/** The event in a message; the queue may hold other messages that were sent by hand. */
function eventIn(body: string): Event {
  let event: unknown;
  try {
    event = JSON.parse(body);
  } catch {
    event = undefined;
  }
  if (!isRecord(event)) return { detail: {}, resources: [] };
  const { time, detail, resources } = event;
  return {
    ...(typeof time === "string" && { time }),
    detail: isRecord(detail) ? detail : {},
    resources: Array.isArray(resources) ? resources : [],
  };
}

/** State changes and requests name the instance, tag changes have its ARN. */
function instanceOf({ detail, resources }: Event): string | undefined {
  const arn = resources.find(
    (resource) => typeof resource === "string" && resource.includes(":instance/"),
  );
  return textAt(detail, "instance-id") ?? idIn(typeof arn === "string" ? arn : "");
}

function idIn(text: string): string | undefined {
  return /\bi-[0-9a-f]{8,17}$/.exec(text)?.[0];
}

function textAt(record: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = record[key];
  return typeof value === "string" ? value : undefined;
}
