import type { Cloud } from "../cloud/cloud.js";
import { secondsAt } from "./figures.js";
import type { Records } from "./records.js";
import type { DeadLetter, ScenarioReport, TopicMessage } from "./schema.js";

type Queued = Pick<ScenarioReport, "deadLetters" | "messages">;

/** The messages left in queues at the end, events whose start failed and others, and the messages of topics. */
export function queueReport(cloud: Cloud, records: Records): Queued {
  const deadLetters: DeadLetter[] = [];
  const messages: TopicMessage[] = [];
  for (const { name, account, region, messages: left } of cloud.sqs.all) {
    for (const { Body, MessageAttributes, sent } of left) {
      const { ERROR_CODE, ERROR_MESSAGE } = MessageAttributes;
      const about = { seconds: secondsAt(sent), account, region, ...host(records, Body) };
      if (ERROR_CODE === undefined) {
        messages.push({ ...about, place: `queue ${name}`, text: Body });
      } else {
        const [code, message] = [ERROR_CODE.StringValue, ERROR_MESSAGE?.StringValue ?? ""];
        deadLetters.push({ ...about, queue: name, code, message });
      }
    }
  }
  for (const { name, account, region, messages: published } of cloud.sns.topics.values()) {
    for (const { time, subject, message: text } of published) {
      const about = { seconds: secondsAt(time), account, region, ...host(records, text) };
      const title = subject === undefined ? {} : { subject };
      messages.push({ ...about, place: `topic ${name}`, ...title, text });
    }
  }
  return { deadLetters, messages };
}

function host(records: Records, text: string): { readonly instanceId?: string } {
  const instanceId = records.instanceIn(text);
  return instanceId === undefined ? {} : { instanceId };
}
