import { isoTime } from "../../clock.js";
import { type Cloud } from "../../cloud.js";
import {
  type Command,
  type CommandDetails,
  hasEnded,
  type Invocation,
  type InvocationDetails,
  statusOf,
} from "./command.js";

/** Those that count against MaxErrors; what was not delivered does not. */
export function errorsOf(command: Command): number {
  const counted: readonly InvocationDetails[] = ["Failed", "ExecutionTimedOut"];
  return [...command.invocations.values()].filter(({ details }) => counted.includes(details))
    .length;
}

/** `10` or `10%` of the instances, rounded down. */
export function limitOf(text: string, count: number): number {
  const value = Number.parseInt(text, 10);
  return text.endsWith("%") ? Math.floor((value * count) / 100) : value;
}

/** Whether so many failed that no more are sent. */
export function hasTooManyErrors(command: Command): boolean {
  return errorsOf(command) > limitOf(command.maxErrors, command.invocations.size);
}

/** What a command comes to. Source: user guide, "Understanding command statuses", detailed status for a command. */
export function outcomeOf(command: Command): CommandDetails {
  const all = [...command.invocations.values()].map(({ details }) => details);
  const every = (wanted: CommandDetails) => all.every((details) => details === wanted);
  if (all.length === 0) return "NoInstancesInTag";
  if (every("Success")) return "Success";
  if (hasTooManyErrors(command)) {
    return all.includes("Failed") ? "Failed" : "ExecutionTimedOut";
  }
  if (every("DeliveryTimedOut")) return "DeliveryTimedOut";
  return every("Undeliverable") ? "Undeliverable" : "Incomplete";
}

/** Sets an invocation's status and says so. Events: user guide, "EventBridge event examples for Systems Manager". */
export function setInvocation(
  cloud: Cloud,
  command: Command,
  invocation: Invocation,
  details: InvocationDetails,
): void {
  invocation.details = details;
  const { account, region, id, documentName } = command;
  const { instanceId } = invocation;
  if (hasEnded(details) && details !== "Success") {
    const text = `command ${id} (${documentName}): ${details}`;
    cloud.tell({ account, region, instanceId, source: "Run Command", kind: "failure", text });
  }
  cloud.events.emit({
    account,
    region,
    source: "aws.ssm",
    detailType: "EC2 Command Invocation Status-change Notification",
    resources: [cloud.arn("ec2", region, account, `instance/${instanceId}`)],
    detail: {
      "command-id": id,
      "document-name": documentName,
      "instance-id": instanceId,
      "requested-date-time": isoTime(command.requested),
      status: statusOf(details),
    },
  });
}

/** Sets the status of the whole command and says so. */
export function setCommand(cloud: Cloud, command: Command, details: CommandDetails): void {
  if (command.details === details) return;
  command.details = details;
  const { account, region, id, documentName } = command;
  cloud.events.emit({
    account,
    region,
    source: "aws.ssm",
    detailType: "EC2 Command Status-change Notification",
    resources: [...command.invocations.keys()].map((instance) =>
      cloud.arn("ec2", region, account, `instance/${instance}`),
    ),
    detail: {
      "command-id": id,
      "document-name": documentName,
      "expire-after": isoTime(command.expires),
      parameters: command.parameters,
      "requested-date-time": isoTime(command.requested),
      status: statusOf(details),
    },
  });
}
