import type { CommandsCloud } from "./commands.js";
import { isoTime } from "../../../../kernel/clock.js";
import type { Command, CommandDetails, Invocation, InvocationDetails } from "./command.js";
import { hasEnded, statusOf } from "./command.js";

/** Those that count against MaxErrors; what was not delivered does not. */
export function errorsOf({ tally }: Command): number {
  return tally.countOf("Failed", "ExecutionTimedOut");
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

/**
 * What a command comes to. Sources: user guide, "Understanding command statuses", detailed status for a command, and for
 * invocations that were never made (Undeliverable, InvalidPlatform) the same page's table for these; API reference, Command.
 */
export function outcomeOf(command: Command): CommandDetails {
  const { tally, invocations } = command;
  const all = invocations.size;
  if (all === 0) return "NoInstancesInTag";
  if (hasTooManyErrors(command))
    return tally.countOf("Failed") > 0 ? "Failed" : "ExecutionTimedOut";
  if (tally.countOf("DeliveryTimedOut") > limitOf(command.maxErrors, all))
    return "DeliveryTimedOut";
  if (tally.countOf("Undeliverable") === all) return "Undeliverable";
  if (tally.countOf("InvalidPlatform") === all) return "InvalidPlatform";
  const withoutEffect = tally.countOf("Undeliverable", "InvalidPlatform");
  const well = tally.countOf("Success");
  return well > 0 && well + withoutEffect === all ? "Success" : "Incomplete";
}

/** Sets an invocation's status and says so. Events: user guide, "EventBridge event examples for Systems Manager". */
export function setInvocation(
  cloud: CommandsCloud,
  command: Command,
  invocation: Invocation,
  details: InvocationDetails,
): void {
  command.tally.change(invocation, details);
  const { account, region, id, documentName } = command;
  const { instanceId } = invocation;
  if (hasEnded(details) && details !== "Success") {
    const text = `command ${id} (${documentName}): ${details}`;
    cloud.report({ account, region, instanceId, source: "Run Command", kind: "failure", text });
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
export function setCommand(cloud: CommandsCloud, command: Command, details: CommandDetails): void {
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
