import type { Documents } from "../documents/document-named.js";
import type { Agent } from "../../../../host/agent.js";
import type { Instance } from "../../../../kernel/instance.js";
import type { EventBus, Instances } from "../../../../kernel/ports.js";
import type { Kernel } from "../../../../kernel/kernel.js";
import { AwsError, NotRehearsed } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import { operation } from "../../../../kernel/operation.js";
import { pageOf } from "../../../../kernel/pages.js";
import type { Principal } from "../../../../kernel/principal.js";
import { Regional } from "../../../../kernel/regional.js";
import type { Command, CommandDetails, Invocation } from "./command.js";
import { hasEnded } from "./command.js";
import { CommandCreation } from "./command-creation.js";
import { describeCommand, describeInvocation, describeOutput } from "./command-output.js";
import type { CommandQuery } from "./command-queries.js";
import { filterOf, PAGES } from "./command-queries.js";
import { CommandRun } from "./command-run.js";
import type { SendInput } from "./send-input.js";

export type { Command, Invocation, PluginRun } from "./command.js";
export type { SendInput } from "./send-input.js";

interface InvocationInput {
  readonly CommandId: string;
  readonly InstanceId: string;
  readonly PluginName?: string;
}

/** What Run Command uses of the rest of the cloud. */
export interface CommandsCloud extends Kernel {
  readonly events: EventBus;
  readonly ec2: Instances;
  readonly resourceGroups: {
    /** A group's instances in the order of their launch; undefined: there is no such group. */
    instances(account: string, region: string, name: string): readonly Instance[] | undefined;
  };
  readonly s3: {
    has(name: string): boolean;
    /** @throws AwsError NoSuchBucket */
    bucket(name: string): { readonly region: string };
  };
  readonly ssm: {
    readonly documents: Documents;
    readonly agents: {
      /** The instances that SSM knows, whether their agents are online or not. */
      registered(account: string, region: string): readonly Instance[];
      /** The agent that commands for an instance reach; undefined while it is not online. */
      onlineAgent(account: string, region: string, instanceId: string): Agent | undefined;
      /** How often the instance was started: shows whether it was up all the time. */
      startsOf(account: string, region: string, instanceId: string): number;
    };
  };
}

/** Run Command. */
export class SsmCommands {
  private readonly commands = new Regional<Command>();

  private readonly creation: CommandCreation;

  constructor(private readonly cloud: CommandsCloud) {
    this.creation = new CommandCreation(cloud);
  }

  /** The state of a command on its instances, with whole outputs. @throws AwsError InvalidCommandId */
  invocations(account: string, region: string, commandId: string): readonly Invocation[] {
    return [...this.command(account, region, commandId).invocations.values()];
  }

  /** Every command of every account, in the order of their sending within each. */
  get all(): Iterable<Command> {
    return this.commands.all();
  }

  /** The progress of a command. */
  detailsOf(account: string, region: string, commandId: string): CommandDetails {
    return this.commands.in(account, region).get(commandId)?.details ?? "Failed";
  }

  readonly operations = {
    SendCommand: operation<SendInput, object>({
      access: (input, caller) => this.creation.access(input, caller),
      run: async (input, caller) => {
        const command = await this.creation.create(input, caller);
        this.commands.in(command.account, command.region).set(command.id, command);
        const run = new CommandRun(this.cloud, command);
        this.cloud.clock.spawn(() => run.run());
        return { Command: describeCommand(command) };
      },
    }),
    ListCommands: operation<CommandQuery, object>({
      access: (_input, caller) => [everything("ssm:ListCommands", caller)],
      run: (input, caller) => {
        const { InstanceId: id } = input;
        const fits = filterOf(input, "commands");
        const found = this.select(input, caller).filter(
          (command) =>
            (id === undefined || command.invocations.has(id)) && fits(command, command.details),
        );
        const { items, rest } = pageOf(found, input, PAGES);
        return { Commands: items.map(describeCommand), ...rest };
      },
    }),
    ListCommandInvocations: operation<CommandQuery, object>({
      access: (_input, caller) => [everything("ssm:ListCommandInvocations", caller)],
      run: (input, caller) => {
        const { InstanceId: id, Details = false } = input;
        const fits = filterOf(input, "invocations");
        const found = this.select(input, caller).flatMap((command) =>
          invocationsOn(command, id)
            .filter(({ details }) => fits(command, details))
            .map((invocation) => ({ command, invocation })),
        );
        const { items, rest } = pageOf(found, input, PAGES);
        const described = items.map(({ command, invocation }) =>
          describeInvocation(command, invocation, Details),
        );
        return { CommandInvocations: described, ...rest };
      },
    }),
    GetCommandInvocation: operation<InvocationInput, object>({
      access: (_input, caller) => [everything("ssm:GetCommandInvocation", caller)],
      run: ({ CommandId, InstanceId, PluginName }, { account, principal, region }) => {
        const command = this.command(account, region, CommandId);
        const invocation = command.invocations.get(InstanceId);
        if (invocation === undefined) {
          throw new AwsError(
            "InvocationDoesNotExist",
            `Command ${CommandId} has no invocation on ${InstanceId}`,
          );
        }
        // People read the placeholder; a runbook would take it for the host's answer.
        if (isAutomation(principal)) checkIsKnown(command, invocation);
        return describeOutput(command, invocation, PluginName);
      },
    }),
    CancelCommand: operation<
      { readonly CommandId: string; readonly InstanceIds?: readonly string[] },
      object
    >({
      access: (_input, caller) => [everything("ssm:CancelCommand", caller)],
      run: ({ CommandId, InstanceIds }, { account, region }) => {
        const command = this.command(account, region, CommandId);
        const ids = InstanceIds ?? [];
        for (const invocation of command.invocations.values()) {
          if (ids.length > 0 && !ids.includes(invocation.instanceId)) continue;
          if (hasEnded(invocation.details)) continue;
          command.tally.change(invocation, "Cancelled");
          invocation.stop?.();
        }
        if (ids.length > 0) return {};
        if (!hasEnded(command.details)) command.details = "Cancelled";
        command.cancelled = true;
        return {};
      },
    }),
  };

  private command(account: string, region: string, id: string): Command {
    const found = this.commands.in(account, region).get(id);
    if (found === undefined)
      throw new AwsError("InvalidCommandId", `The command ID ${id} is not valid`);
    return found;
  }

  private select({ CommandId }: CommandQuery, { account, region }: Caller): readonly Command[] {
    if (CommandId !== undefined) return [this.command(account, region, CommandId)];
    // The newest first, as AWS lists them.
    return [...this.commands.in(account, region).values()].reverse();
  }
}

/** Source: Systems Manager user guide, the names of sessions in CloudTrail's events of automations. */
const isAutomation = (principal: Principal): boolean =>
  principal.kind === "session" && principal.sessionName.startsWith("Automation-");

/** @throws NotRehearsed where a script was only read */
function checkIsKnown({ documentName }: Command, { plugins }: Invocation): void {
  if (plugins.every(({ result }) => result.parsedOnly !== true)) return;
  throw new NotRehearsed(
    `what ${documentName.replace(/^.*\//, "")} answers on Windows`,
    "its PowerShell is parsed, not executed",
  );
}

function invocationsOn({ invocations }: Command, id: string | undefined): readonly Invocation[] {
  if (id === undefined) return [...invocations.values()];
  const found = invocations.get(id);
  return found === undefined ? [] : [found];
}

function everything(action: string, { account }: Caller) {
  return { action, resource: "*", resourceAccount: account };
}
