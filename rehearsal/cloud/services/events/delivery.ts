import type { EventsCloud } from "./events.js";
import { AccessDenied, AwsError, messageOf, Throttled } from "../../../kernel/errors.js";
import type { CloudEvent } from "./event.js";
import type { InputTransformer } from "./input-transformer.js";
import { about, callTarget, eventsPrincipal } from "./targets.js";

export interface Target {
  readonly arn: string;
  readonly roleArn?: string;
  readonly input?: string;
  readonly inputTransformer?: InputTransformer;
  readonly deadLetterArn?: string;
  /** 0-185. */
  readonly maximumRetryAttempts: number;
  /** Seconds, 60-86400. */
  readonly maximumEventAge: number;
}

/** A rule's target and the event for it. */
export interface Delivery {
  readonly event: CloudEvent;
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: Target;
  /** The instance that the event is about, for the timeline. */
  readonly instanceId?: string;
}

/** AWS retries "with exponential back off and jitter" up to 185 times in 24 hours, and publishes no more. Milliseconds. */
const FIRST_BACKOFF = 1_000;
const MAX_BACKOFF_MS = 8 * 60_000;

/**
 * Delivers an event to a target: retries temporary failures, and sends what fails to the dead-letter queue. Source:
 * EventBridge user guide, "Event retry policy and using dead-letter queues": missing permissions and missing
 * resources are not retried.
 */
export async function deliver(cloud: EventsCloud, delivery: Delivery): Promise<void> {
  const { target, event } = delivery;
  const start = cloud.clock.now;
  for (let attempt = 0; ; attempt++) {
    try {
      await callTarget(cloud, delivery);
      return;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const delay = backoff(attempt, event.id);
      const age = cloud.clock.now + delay - start;
      const exhausted =
        attempt >= target.maximumRetryAttempts
          ? "MaximumRetryAttempts"
          : age > target.maximumEventAge * 1000
            ? "MaximumEventAgeInSeconds"
            : undefined;
      const code = errorCode(error);
      if (code !== "THROTTLING" || exhausted !== undefined) {
        await bury(cloud, delivery, {
          code,
          message: messageOf(error),
          attempt,
          ...(exhausted !== undefined && { exhausted }),
        });
        return;
      }
      await cloud.clock.sleep(delay);
    }
  }
}

function errorCode(error: AwsError): string {
  if (error instanceof AccessDenied) return "NO_PERMISSIONS";
  if (error instanceof Throttled) return "THROTTLING";
  return /NotFound|NonExistent|NoSuchEntity|InvalidDocument$/.test(error.code)
    ? "NO_RESOURCE"
    : error.code;
}

/** Doubles up to the longest; the jitter comes from the event's id, so that every run has the same. */
function backoff(attempt: number, id: string): number {
  const jitter =
    Number.parseInt(id.slice(attempt % 8, (attempt % 8) + 4).replace("-", "0"), 16) / 0xffff;
  return Math.round(Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF * 2 ** attempt) * (0.5 + jitter / 2));
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly attempt: number;
  readonly exhausted?: string;
}

async function bury(cloud: EventsCloud, delivery: Delivery, failure: Failure): Promise<void> {
  const { event, target, ruleArn, ruleName } = delivery;
  const cause = `rule ${ruleName} could not start its target: ${failure.code}: ${failure.message}`;
  const queue =
    target.deadLetterArn === undefined ? undefined : cloud.sqs.byArn(target.deadLetterArn);
  const lost = (why: string) =>
    cloud.report({
      ...about(delivery),
      text: `${cause}; the event is lost: ${why}`,
      kind: "failure",
    });
  if (queue === undefined) {
    lost(
      target.deadLetterArn === undefined
        ? "the target has no dead-letter queue"
        : "its dead-letter queue does not exist",
    );
    return;
  }
  const attributes = {
    RULE_ARN: ruleArn,
    TARGET_ARN: target.arn,
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    RETRY_ATTEMPTS: String(failure.attempt),
    ...(failure.exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: failure.exhausted }),
  };
  try {
    await cloud.call({
      principal: eventsPrincipal(delivery),
      account: event.account,
      region: event.region,
      service: "sqs",
      operation: "SendMessage",
      input: {
        QueueUrl: queue.url,
        MessageBody: JSON.stringify(event),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [
            name,
            { DataType: "String", StringValue },
          ]),
        ),
      },
    });
    cloud.report({
      ...about(delivery),
      text: `${cause}; the event is in ${queue.name}`,
      kind: "failure",
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    lost(`the dead-letter queue refuses it: ${messageOf(error)}`);
  }
}
