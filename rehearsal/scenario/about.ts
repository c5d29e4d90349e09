import type { Message } from "../cloud/services/sqs/message.js";
import type { AutomationExecution } from "../runbook/execution.js";
import { INSTANCE_PARAMETER } from "./product.js";

/** The first instance that a text names: by its id, in an ARN or anywhere in an event. */
export function instanceIn(text: string): string | undefined {
  return /\bi-[0-9a-f]{8,17}\b/.exec(text)?.[0];
}

/** The instance that a run is for, if it is for one: named by id, or by ARN as tag-change events give it. */
export function instanceOfRun({
  parameters,
}: Pick<AutomationExecution, "parameters">): string | undefined {
  return instanceIn(parameters[INSTANCE_PARAMETER]?.join(" ") ?? "");
}

/** Without a cause it is no dead letter: a rule whose target the queue is put it there. */
export function isDeadLetter({ MessageAttributes }: Pick<Message, "MessageAttributes">): boolean {
  return MessageAttributes["ERROR_CODE"] !== undefined;
}
