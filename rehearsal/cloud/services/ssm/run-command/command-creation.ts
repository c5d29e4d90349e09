import type { CommandsCloud } from "./commands.js";
import type { Access } from "../../../../kernel/access.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import type { Command, CommandDetails } from "./command.js";
import { invocationOn, Tally } from "./command.js";
import { commandPlatforms, readCommand } from "./command-content.js";
import { checkParameters, resolveInputs } from "./command-parameters.js";
import { executionSeconds } from "./command-run.js";
import { CommandTargets } from "./command-targets.js";
import { versionOf } from "../documents/document.js";
import { parseContent } from "../documents/document-content.js";
import { checkDocumentReference } from "../documents/document-store.js";
import type { SendInput } from "./send-input.js";
import { checkInput, notRehearsedInputs } from "./send-input.js";

/** What SendCommand checks and makes of its input. */
export class CommandCreation {
  private readonly targets: CommandTargets;

  constructor(private readonly cloud: CommandsCloud) {
    this.targets = new CommandTargets(cloud);
  }

  /** Both the document and every instance must be allowed. Source: service authorization reference, SendCommand. */
  access(input: SendInput, { account, region }: Caller): Access[] {
    checkDocumentReference(input.DocumentName);
    checkInput(input);
    const action = "ssm:SendCommand";
    const resource = this.cloud.ssm.documents.arnOf(account, region, input.DocumentName);
    const needed: Access[] = [{ action, resource, resourceAccount: account }];
    for (const id of input.InstanceIds ?? []) {
      const tags = this.cloud.ec2.instances.in(account, region).get(id)?.tags ?? [];
      needed.push(this.instanceAccess(id, tags, account, region));
    }
    if ((input.Targets ?? []).length === 0) return needed;
    for (const { id, tags } of this.targets.instances(input, { account, region }))
      needed.push(this.instanceAccess(id, tags, account, region));
    return needed;
  }

  /** A command that is not sent anywhere yet. @throws AwsError */
  async create(input: SendInput, caller: Caller): Promise<Command> {
    const { account, region } = caller;
    for (const key of notRehearsedInputs(input))
      this.cloud.reportNotRehearsed(`ssm:SendCommand with ${key}`);
    const { content, platforms } = this.commandDocument(input, account, region);
    const parameters = input.Parameters ?? {};
    checkParameters(content.parameters, parameters);
    const seen = await this.targets.maySeeGroups(input, caller);
    const invocations = seen ? this.invocations(input, caller, platforms) : [];
    const { TimeoutSeconds: timeoutSeconds = 3600 } = input;
    const execution = executionSeconds(
      content.steps,
      (step) => resolveInputs(step, content.parameters, parameters).inputs,
    );
    const details: CommandDetails = seen ? "Pending" : "AccessDenied";
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
      output: this.outputOf(input),
      requested: this.cloud.clock.now,
      expires: this.cloud.clock.now + (timeoutSeconds + execution) * 1000,
      invocations: new Map(invocations.map((invocation) => [invocation.instanceId, invocation])),
      tally: new Tally(invocations),
      details,
      cancelled: false,
    };
  }

  private invocations(input: SendInput, place: Caller, platforms: readonly string[]) {
    const instances = this.targets.instances(input, place);
    const isForAll = instances.every(({ os }) => platforms.includes(os.platformType));
    if (!isForAll && (input.InstanceIds ?? []).length > 0) {
      throw new AwsError(
        "UnsupportedPlatformType",
        `Document ${input.DocumentName} is for ${platforms.join(", ")}`,
      );
    }
    return instances.map((instance) => {
      const fits = platforms.includes(instance.os.platformType);
      return invocationOn(instance, fits ? "Pending" : "InvalidPlatform");
    });
  }

  /** @throws AwsError InvalidDocument, InvalidDocumentVersion */
  private commandDocument(input: SendInput, account: string, region: string) {
    const { DocumentName, DocumentVersion, DocumentHash } = input;
    const document = this.cloud.ssm.documents.find(account, region, DocumentName);
    if (document.documentType !== "Command") {
      const text = `Document ${DocumentName} is of type ${document.documentType}; SendCommand takes Command documents`;
      throw new AwsError("InvalidDocument", text);
    }
    const version = versionOf(document, { DocumentVersion: DocumentVersion || undefined });
    // That it fails is in the user guide ("Using shared SSM documents"); the words are ours.
    if (DocumentHash !== undefined && DocumentHash !== version.hash) {
      const text = `The hash of document ${DocumentName} is ${version.hash}, not ${DocumentHash}`;
      throw new AwsError("InvalidDocument", text);
    }
    const data = parseContent(version.content, version.format);
    return { content: readCommand(data), platforms: commandPlatforms(data) };
  }

  /** @throws AwsError InvalidOutputFolder. Source: API reference, SendCommand: "The S3 bucket does not exist." */
  private outputOf({ OutputS3BucketName: bucket = "", OutputS3KeyPrefix }: SendInput) {
    if (bucket === "") return undefined;
    if (!this.cloud.s3.has(bucket))
      throw new AwsError("InvalidOutputFolder", `The S3 bucket does not exist: ${bucket}`);
    const { region } = this.cloud.s3.bucket(bucket);
    const endpoint = `https://s3.${region}.${this.cloud.partition.dnsSuffix}`;
    return { bucket, prefix: OutputS3KeyPrefix ?? "", endpoint };
  }

  private instanceAccess(
    id: string,
    tags: Iterable<readonly [string, string]>,
    account: string,
    region: string,
  ): Access {
    const context: Record<string, string> = {};
    for (const [key, value] of tags) {
      context[`ssm:resourceTag/${key}`] = value;
      context[`aws:ResourceTag/${key}`] = value;
    }
    const resource = this.cloud.arn("ec2", region, account, `instance/${id}`);
    return { action: "ssm:SendCommand", resource, resourceAccount: account, context };
  }
}
