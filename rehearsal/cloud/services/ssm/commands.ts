import { type Access } from "../../authorization.js";
import { type Cloud } from "../../cloud.js";
import { AwsError } from "../../errors.js";
import { type Caller, operation } from "../../operation.js";
import { Regional } from "../../regional.js";
import { type Instance } from "../ec2/instance.js";
import { type Command, hasEnded, type Invocation, pendingOn } from "./command.js";
import { commandPlatforms, readCommand } from "./command-content.js";
import { describeCommand, describeInvocation, describeOutput } from "./command-output.js";
import { checkParameters, resolveInputs } from "./command-parameters.js";
import { CommandRun, executionSeconds } from "./command-run.js";
import { versionOf } from "./document.js";
import { checkInput, fits, type SendInput, unmodelledInputs } from "./send-input.js";
import { parseContent } from "./document-content.js";
import { checkDocumentReference } from "./document-store.js";

export { type Command, type Invocation, type PluginRun } from "./command.js";
export { type SendInput } from "./send-input.js";

interface CommandFilter {
  readonly CommandId?: string;
  readonly InstanceId?: string;
  readonly Details?: boolean;
}

interface InvocationInput {
  readonly CommandId: string;
  readonly InstanceId: string;
  readonly PluginName?: string;
}

/** Run Command. */
export class SsmCommands {
  private readonly commands = new Regional<Command>();

  constructor(private readonly cloud: Cloud) {}

  /** What a command is on its instances, with whole outputs. @throws AwsError InvalidCommandId */
  invocations(account: string, region: string, commandId: string): readonly Invocation[] {
    return [...this.command(account, region, commandId).invocations.values()];
  }

  /** Every command of every account, in the order of their sending within each. */
  get all(): Iterable<Command> {
    return this.commands.all();
  }

  readonly operations = {
    SendCommand: operation<SendInput, object>({
      access: (input, caller) => this.sendAccess(input, caller),
      run: (input, caller) => {
        const command = this.create(input, caller);
        this.commands.in(command.account, command.region).set(command.id, command);
        const run = new CommandRun(this.cloud, command);
        this.cloud.clock.spawn(() => run.run());
        return { Command: describeCommand(command) };
      },
    }),
    ListCommands: operation<CommandFilter, object>({
      access: (_input, caller) => [everything("ssm:ListCommands", caller)],
      run: (input, caller) => {
        const { InstanceId: id } = input;
        const found = this.select(input, caller).filter(
          ({ invocations }) => id === undefined || invocations.has(id),
        );
        return { Commands: found.map(describeCommand) };
      },
    }),
    ListCommandInvocations: operation<CommandFilter, object>({
      access: (_input, caller) => [everything("ssm:ListCommandInvocations", caller)],
      run: (input, caller) => {
        const { InstanceId: id, Details = false } = input;
        const found = this.select(input, caller).flatMap((command) =>
          [...command.invocations.values()]
            .filter(({ instanceId }) => id === undefined || instanceId === id)
            .map((invocation) => describeInvocation(command, invocation, Details)),
        );
        return { CommandInvocations: found };
      },
    }),
    GetCommandInvocation: operation<InvocationInput, object>({
      access: (_input, caller) => [everything("ssm:GetCommandInvocation", caller)],
      run: ({ CommandId, InstanceId, PluginName }, { account, region }) => {
        const command = this.command(account, region, CommandId);
        const invocation = command.invocations.get(InstanceId);
        if (invocation === undefined) {
          throw new AwsError(
            "InvocationDoesNotExist",
            `Command ${CommandId} has no invocation on ${InstanceId}`,
          );
        }
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
        if (InstanceIds !== undefined && InstanceIds.length > 0)
          this.cloud.meetsUnmodelled("ssm:CancelCommand of single instances");
        for (const invocation of command.invocations.values())
          if (!hasEnded(invocation.details)) invocation.details = "Cancelled";
        if (!hasEnded(command.details)) command.details = "Cancelled";
        command.cancelled = true;
        return {};
      },
    }),
  };

  private create(input: SendInput, { account, region }: Caller): Command {
    for (const key of unmodelledInputs(input))
      this.cloud.meetsUnmodelled(`ssm:SendCommand with ${key}`);
    checkInput(input);
    const { content, platforms } = this.commandDocument(input, account, region);
    const parameters = input.Parameters ?? {};
    checkParameters(content.parameters, parameters);
    const instances = this.instancesFor(input, { account, region });
    if (
      (input.InstanceIds ?? []).length > 0 &&
      instances.some(({ os }) => !platforms.includes(os.platformType))
    ) {
      throw new AwsError(
        "UnsupportedPlatformType",
        `Document ${input.DocumentName} is for ${platforms.join(", ")}`,
      );
    }
    const { TimeoutSeconds: timeoutSeconds = 3600, OutputS3BucketName: bucket } = input;
    const execution = executionSeconds(
      content.steps,
      (step) => resolveInputs(step, content.parameters, parameters).inputs,
    );
    return {
      id: this.cloud.ids.uuid(`command ${account} ${region}`),
      account,
      region,
      comment: input.Comment ?? "",
      documentName: input.DocumentName,
      documentVersion: input.DocumentVersion || "$DEFAULT",
      content,
      parameters,
      instanceIds: input.InstanceIds ?? [],
      targets: input.Targets ?? [],
      maxConcurrency: input.MaxConcurrency ?? "50",
      maxErrors: input.MaxErrors ?? "0",
      timeoutSeconds,
      output:
        bucket === undefined || bucket === ""
          ? undefined
          : { bucket, prefix: input.OutputS3KeyPrefix ?? "" },
      requested: this.cloud.clock.now,
      expires: this.cloud.clock.now + (timeoutSeconds + execution) * 1000,
      invocations: new Map(instances.map((instance) => [instance.id, pendingOn(instance)])),
      details: "Pending",
      cancelled: false,
    };
  }

  /** @throws AwsError InvalidDocument, InvalidDocumentVersion */
  private commandDocument(input: SendInput, account: string, region: string) {
    const { DocumentName, DocumentVersion } = input;
    const document = this.cloud.ssm.documents.find(account, region, DocumentName);
    if (document.documentType !== "Command") {
      const text = `Document ${DocumentName} is of type ${document.documentType}; SendCommand takes Command documents`;
      throw new AwsError("InvalidDocument", text);
    }
    const version = versionOf(document, { DocumentVersion: DocumentVersion || undefined });
    const data = parseContent(version.content, version.format);
    return { content: readCommand(data), platforms: commandPlatforms(data) };
  }

  /** Both the document and every instance must be allowed. Source: service authorization reference, SendCommand. */
  private sendAccess(input: SendInput, caller: Caller): Access[] {
    const { account, region } = caller;
    checkDocumentReference(input.DocumentName);
    const document = this.cloud.ssm.documents.arnOf(account, region, input.DocumentName);
    const action = "ssm:SendCommand";
    const needed: Access[] = [{ action, resource: document, resourceAccount: account }];
    for (const id of input.InstanceIds ?? []) {
      const tags =
        this.cloud.ec2.instances.in(account, region).get(id)?.tags ?? new Map<string, string>();
      needed.push(this.instanceAccess(id, tags, caller));
    }
    for (const { id, tags } of this.targeted(input, account, region))
      needed.push(this.instanceAccess(id, tags, caller));
    return needed;
  }

  private instanceAccess(
    id: string,
    tags: ReadonlyMap<string, string>,
    { account, region }: Caller,
  ): Access {
    const context: Record<string, string> = {};
    for (const [key, value] of tags) {
      context[`ssm:resourceTag/${key}`] = value;
      context[`aws:ResourceTag/${key}`] = value;
    }
    const resource = this.cloud.arn("ec2", region, account, `instance/${id}`);
    return { action: "ssm:SendCommand", resource, resourceAccount: account, context };
  }

  /** @throws AwsError InvalidInstanceId where one that is named is not managed, online and running. */
  private instancesFor(
    input: SendInput,
    { account, region }: { account: string; region: string },
  ): readonly Instance[] {
    const found: Instance[] = [];
    const invalid: string[] = [];
    for (const id of input.InstanceIds ?? []) {
      const instance = this.cloud.ec2.instances.in(account, region).get(id);
      const online = this.cloud.ssm.agents.onlineAgent(account, region, id) !== undefined;
      if (instance === undefined || !online) invalid.push(id);
      else found.push(instance);
    }
    if (invalid.length > 0) {
      throw new AwsError(
        "InvalidInstanceId",
        `Instances [[${invalid.join(", ")}]] not in a valid state for account ${account}`,
      );
    }
    return [...found, ...this.targeted(input, account, region)];
  }

  /** The managed instances that fit every target; SSM leaves the others out. */
  private targeted(
    { Targets = [] }: SendInput,
    account: string,
    region: string,
  ): readonly Instance[] {
    if (Targets.length === 0) return [];
    const all = [...this.cloud.ec2.instances.in(account, region).values()];
    const managed = all.filter(
      ({ id }) => this.cloud.ssm.agents.onlineAgent(account, region, id) !== undefined,
    );
    return managed.filter((instance) => Targets.every((target) => fits(instance, target)));
  }

  private command(account: string, region: string, id: string): Command {
    const found = this.commands.in(account, region).get(id);
    if (found === undefined)
      throw new AwsError("InvalidCommandId", `The command ID ${id} is not valid`);
    return found;
  }

  private select({ CommandId }: CommandFilter, { account, region }: Caller): readonly Command[] {
    if (CommandId !== undefined) return [this.command(account, region, CommandId)];
    // The newest first, as AWS lists them.
    return [...this.commands.in(account, region).values()].reverse();
  }
}

function everything(action: string, { account }: Caller): Access {
  return { action, resource: "*", resourceAccount: account };
}
