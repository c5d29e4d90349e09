import { type Cloud } from "../cloud/cloud.js";
import { secondsAt } from "./figures.js";
import { letters } from "./records.js";
import { type DeadLetter, type ScenarioReport, type TopicMessage } from "./schema.js";

/** What is left in queues at the end: events whose start failed, and what rules sent there. */
export function queueReport(cloud: Cloud): Pick<ScenarioReport, "deadLetters" | "messages"> {
  const deadLetters: DeadLetter[] = [];
  const messages: TopicMessage[] = [];
  for (const { queue, message, body, instanceId } of letters(cloud.sqs.all)) {
    const { ERROR_CODE, ERROR_MESSAGE } = message.MessageAttributes;
    const about = {
      seconds: secondsAt(Date.parse(body.time)),
      account: queue.account,
      region: queue.region,
      ...(instanceId !== undefined && { instanceId }),
    };
    if (ERROR_CODE === undefined) {
      messages.push({ ...about, topic: queue.name, text: message.Body });
    } else {
      const [code, text] = [ERROR_CODE.StringValue, ERROR_MESSAGE?.StringValue ?? ""];
      deadLetters.push({ ...about, queue: queue.name, code, message: text });
    }
  }
  return { deadLetters, messages };
}
