import { AwsError } from "../../../../kernel/errors.js";
import type { PageInput } from "../../../../kernel/pages.js";
import type { Command, CommandDetails } from "./command.js";
import { hasEnded, statusOf } from "./command.js";
import { own } from "../../../../own.js";

export interface CommandQuery extends PageInput {
  readonly CommandId?: string;
  readonly InstanceId?: string;
  readonly Details?: boolean;
  readonly Filters?: readonly { readonly key: string; readonly value: string }[];
}

/** Items on a page of ListCommands and ListCommandInvocations. Source: API reference. */
export const PAGES = { maximum: 50, default: 50 };

type Test = (command: Command, details: CommandDetails) => boolean;

/** Source: API reference, CommandFilter. */
const TESTS: Readonly<Record<string, (value: string) => Test>> = {
  InvokedAfter: (value) => (command) => command.requested >= Date.parse(value),
  InvokedBefore: (value) => (command) => command.requested < Date.parse(value),
  // A status, or one of its details.
  Status: (value) => (_command, details) => details === value || statusOf(details) === value,
  DocumentName:
    (value) =>
    ({ documentName }) =>
      documentName === value,
};

/**
 * Whether a command, or an invocation in the given state, is one of those that the filters let through.
 * @throws AwsError InvalidFilterKey
 */
export function filterOf({ Filters = [] }: CommandQuery, listed: "commands" | "invocations"): Test {
  const tests = Filters.map(({ key, value }): Test => {
    const test = own(TESTS, key)?.(value);
    if (test !== undefined) return test;
    if (key === "ExecutionStage" && listed === "commands")
      return (_command, details) => hasEnded(details) === (value === "Complete");
    throw new AwsError("InvalidFilterKey", `The specified key isn't valid: ${key}`);
  });
  return (command, details) => tests.every((test) => test(command, details));
}
