import type { EventsCloud } from "./events.js";
import { AwsError, NotRehearsed } from "../../../kernel/errors.js";
import type { Principal, ServicePrincipal } from "../../../kernel/principal.js";
import type { Delivery } from "./delivery.js";
import { transform } from "./input-transformer.js";

/** Calls a rule's target with the event, as EventBridge or as the target's role. @throws AwsError */
export async function callTarget(cloud: EventsCloud, delivery: Delivery): Promise<void> {
  const { arn } = delivery.target;
  const service = arn.split(":")[2] ?? "";
  if (arn.includes(":automation-definition/")) await startAutomation(cloud, delivery);
  else if (service === "sns") await publish(cloud, delivery);
  else if (service === "sqs") await send(cloud, delivery);
  else if (arn.includes(":stateMachine:")) await startExecution(cloud, delivery);
  else throw new NotRehearsed(`event target ${arn}`);
}

export function eventsPrincipal({ event, ruleArn }: Delivery): ServicePrincipal {
  return {
    kind: "service",
    service: "events.amazonaws.com",
    sourceAccount: event.account,
    sourceArn: ruleArn,
  };
}

/** The fields of a delivery in the timeline besides its text. */
export function about({ event, instanceId }: Delivery) {
  const { account, region } = event;
  return {
    account,
    region,
    source: "EventBridge",
    ...(instanceId !== undefined && { instanceId }),
  };
}

async function startAutomation(cloud: EventsCloud, delivery: Delivery): Promise<void> {
  const { event, target, ruleArn, ruleName } = delivery;
  const { account, region } = event;
  const match = /^arn:[^:]+:ssm:[^:]+:(\d*):automation-definition\/([^:]+)(?::(.+))?$/.exec(
    target.arn,
  );
  const [, owner = "", name = "", version] = match ?? [];
  await call(cloud, delivery, "ssm", "StartAutomationExecution", {
    DocumentName:
      owner === "" || owner === account
        ? name
        : cloud.arn("ssm", region, owner, `document/${name}`),
    ...(version !== undefined && { DocumentVersion: version }),
    Parameters: parametersOf(delivery),
  });
  cloud.report({
    ...about(delivery),
    text: `rule ${ruleName} (${ruleArn.split(":")[4] ?? ""}) started ${name}`,
    kind: "info",
  });
}

async function startExecution(cloud: EventsCloud, delivery: Delivery): Promise<void> {
  const { arn: stateMachineArn } = delivery.target;
  const input = inputOf(delivery);
  await call(cloud, delivery, "stepfunctions", "StartExecution", { stateMachineArn, input });
  cloud.report({
    ...about(delivery),
    text: `rule ${delivery.ruleName} started ${stateMachineArn.split(":").at(-1) ?? ""}`,
    kind: "info",
  });
}

/** SNS itself reports what is published. */
async function publish(cloud: EventsCloud, delivery: Delivery): Promise<void> {
  const TopicArn = delivery.target.arn;
  await call(cloud, delivery, "sns", "Publish", { TopicArn, Message: inputOf(delivery) });
}

async function send(cloud: EventsCloud, delivery: Delivery): Promise<void> {
  const queue = cloud.sqs.byArn(delivery.target.arn);
  if (queue === undefined) {
    throw new AwsError(
      "AWS.SimpleQueueService.NonExistentQueue",
      `The specified queue does not exist: ${delivery.target.arn}`,
    );
  }
  await call(cloud, delivery, "sqs", "SendMessage", {
    QueueUrl: queue.url,
    MessageBody: inputOf(delivery),
  });
  cloud.report({
    ...about(delivery),
    text: `rule ${delivery.ruleName} put the event into ${queue.name}`,
    kind: "info",
  });
}

async function call(
  cloud: EventsCloud,
  delivery: Delivery,
  service: string,
  operation: string,
  input: object,
): Promise<void> {
  const { account, region } = delivery.event;
  const principal = await actorOf(cloud, delivery);
  await cloud.call({ principal, account, region, service, operation, input });
}

/**
 * The target's role, which automations and state machines must have; topics and queues may leave it to their own
 * policies.
 */
async function actorOf(cloud: EventsCloud, delivery: Delivery): Promise<Principal> {
  const { event, target } = delivery;
  const principal = eventsPrincipal(delivery);
  if (target.roleArn === undefined) return principal;
  return cloud.sts.assume({
    principal,
    roleArn: target.roleArn,
    sessionName: event.id.replaceAll("-", ""),
    region: event.region,
  });
}

/** The text that the target gets. */
function inputOf({ target, event, ruleArn }: Delivery): string {
  return target.inputTransformer === undefined
    ? (target.input ?? JSON.stringify(event))
    : transform(target.inputTransformer, event, ruleArn);
}

/** The runbook's parameters: lists of strings, whatever their type. */
function parametersOf(delivery: Delivery): unknown {
  const text = inputOf(delivery);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AwsError(
      "InvalidInput",
      `the target's input is no JSON after the transformation: ${text}`,
    );
  }
}
