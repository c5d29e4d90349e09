import type { Cloud } from "../../cloud/cloud.js";
import { instanceIn, isDeadLetter } from "../about.js";
import type { Expectations } from "../schema/scenario.js";
import type { CheckResult } from "./result.js";

/**
 * Compares what services stored for people with what a scenario expects: queues, topics, logs, metrics. Dead letters
 * about the instances `counted` are left out: the expectations of a fleet count its own.
 */
export function checkNotifications(
  cloud: Cloud,
  then: Expectations,
  counted: ReadonlySet<string> = new Set(),
): CheckResult[] {
  const messages = cloud.sqs.all.flatMap((queue) => queue.messages);
  const causes = messages
    .filter(
      (message) => isDeadLetter(message) && !counted.has(instanceIn(message.Body) ?? "no instance"),
    )
    .map(
      ({ MessageAttributes: { ERROR_CODE, ERROR_MESSAGE } }) =>
        `${ERROR_CODE?.StringValue ?? ""}: ${ERROR_MESSAGE?.StringValue ?? ""}`,
    );
  const failures = messages.filter((message) => !isDeadLetter(message)).map(({ Body }) => Body);
  const published = [...cloud.sns.topics.values()]
    .flatMap((topic) => topic.messages)
    .map(({ subject, message }) => (subject === undefined ? message : `${subject}: ${message}`));
  return [
    ...eachIn("dead letter", "events are in dead-letter queues", then.deadLetters, causes),
    ...eachIn("kept failure", "failed runs are kept in queues", then.failures, failures),
    ...eachIn("topic's message", "messages are in topics", then.topics, published),
    ...Object.entries(then.logGroups).flatMap(([name, texts]) => checkLogGroup(cloud, name, texts)),
    ...then.metrics.map((wanted) => checkMetric(cloud, wanted)),
  ];
}

/** As many texts as there are, each in one of those found. */
function eachIn(
  thing: string,
  things: string,
  wanted: readonly string[],
  all: readonly string[],
): CheckResult[] {
  const found = all.slice(0, 3).join("; ") || "none";
  const holds = all.length === wanted.length;
  return [
    {
      expectation: `${wanted.length} ${things}`,
      holds,
      ...(!holds && { found: all.length === 0 ? found : `${all.length}: ${found}` }),
    },
    ...wanted.map((text) => {
      const holds = all.some((content) => content.includes(text));
      return {
        expectation: `a ${thing} has "${text}"`,
        holds,
        ...(!holds && { found }),
      };
    }),
  ];
}

function checkLogGroup(cloud: Cloud, name: string, texts: readonly string[]): CheckResult[] {
  const groups = [...cloud.logs.groups.all()].filter((group) => group.name === name);
  if (groups.length === 0) {
    const known = [...cloud.logs.groups.all()].map((group) => group.name).join(", ");
    return [{ expectation: `log group ${name} is there`, holds: false, found: known || "none" }];
  }
  const lines = groups
    .flatMap(({ streams }) => [...streams.values()].flatMap(({ events }) => events))
    .map(({ message }) => message);
  if (texts.length === 0) {
    const [found] = lines;
    const expectation = `log group ${name} has no events`;
    return [{ expectation, holds: found === undefined, ...(found !== undefined && { found }) }];
  }
  return texts.map((text) => {
    const holds = lines.some((line) => line.includes(text));
    const found = `${lines.length} events: ${lines.slice(0, 3).join("; ")}`;
    return {
      expectation: `log group ${name} has "${text}"`,
      holds,
      ...(!holds && { found }),
    };
  });
}

function checkMetric(
  cloud: Cloud,
  { namespace, name, dimensions }: Expectations["metrics"][number],
): CheckResult {
  const metrics = [...cloud.cloudwatch.metrics.all.all()];
  const holds = metrics.some(
    (metric) =>
      metric.namespace === namespace &&
      metric.name === name &&
      Object.entries(dimensions).every(([key, value]) => metric.dimensions[key] === value),
  );
  const near = metrics.filter((metric) => metric.namespace === namespace);
  const known = [...new Set(near.map((metric) => metric.name))].join(", ") || "none";
  const by = Object.entries(dimensions).map(([key, value]) => `, ${key} ${value}`);
  return {
    expectation: `metric ${namespace} ${name}${by.join("")} has values`,
    holds,
    ...(!holds && { found: known }),
  };
}
