import type { Keys } from "../../../kernel/ports.js";
import type { Kernel } from "../../../kernel/kernel.js";
import { AccessDenied, AwsError, messageOf } from "../../../kernel/errors.js";
import { Regional } from "../../../kernel/regional.js";
import type { Deployment, Properties, Service } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import type { LogGroup, LogStream } from "./log-group.js";
import { checkGroupName, checkRetention, checkStreamName } from "./log-group.js";
import { logOperations } from "./operations.js";

interface GroupInputs {
  readonly name: string;
  readonly retentionInDays?: number;
  readonly kmsKeyId?: string;
}

type Place = { readonly account: string; readonly region: string };

/**
 * What CloudWatch Logs does with a group's key, of what its user guide, "Encrypt log data using KMS", has it allowed:
 * kms:Describe* as well, which knows no encryption context, so that the guide's own condition would deny it.
 */
const KEY_ACTIONS = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"];

/** What CloudWatch Logs uses of the rest of the cloud. */
export interface LogsCloud extends Kernel {
  readonly kms: Keys;
}

/** CloudWatch Logs: groups with retention and encryption, streams, and the events in them. */
export class LogsService implements Service {
  readonly groups = new Regional<LogGroup>();
  readonly operations;

  constructor(private readonly cloud: LogsCloud) {
    this.operations = logOperations(this, cloud);
  }

  readonly resourceTypes = [
    resourceType<GroupInputs>({
      type: "aws:cloudwatch/logGroup:LogGroup",
      models: ["name", "retentionInDays", "kmsKeyId", "skipDestroy", "tags"],
      replaceOnChanges: ["name", "namePrefix", "logGroupClass"],
      autoname: "name",
      create: async (inputs, at) => {
        const group = await this.create(at, inputs.name, inputs.kmsKeyId);
        retain(group, inputs.retentionInDays);
        return { id: inputs.name, outputs: outputsOf(group) };
      },
      update: (id, inputs, at) => this.update(this.group(at, id), inputs, at),
      delete: (id, at) => void this.groups.in(at.account, at.region).delete(id),
    }),
  ];

  /** @throws AwsError ResourceNotFoundException */
  group({ account, region }: Place, name: string): LogGroup {
    const found = this.groups.in(account, region).get(name);
    if (found !== undefined) return found;
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }

  /** @throws AwsError ResourceNotFoundException */
  stream(place: Place, group: string, name: string): LogStream {
    const found = this.group(place, group).streams.get(name);
    if (found !== undefined) return found;
    throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  }

  /** @throws AwsError */
  async create(place: Place, name: string, kmsKeyId?: string): Promise<LogGroup> {
    const { account, region } = place;
    checkGroupName(name);
    const groups = this.groups.in(account, region);
    if (groups.has(name)) {
      throw new AwsError(
        "ResourceAlreadyExistsException",
        `The specified log group already exists: ${name}`,
      );
    }
    const arn = this.cloud.arn("logs", region, account, `log-group:${name}`);
    const created = this.cloud.clock.now;
    const group: LogGroup = { name, arn, account, region, created, streams: new Map() };
    await this.encrypt(group, kmsKeyId);
    groups.set(name, group);
    return group;
  }

  /** @throws AwsError */
  createStream(place: Place, groupName: string, name: string): LogStream {
    checkStreamName(name);
    const group = this.group(place, groupName);
    if (group.streams.has(name)) {
      throw new AwsError(
        "ResourceAlreadyExistsException",
        "The specified log stream already exists",
      );
    }
    const arn = `${group.arn}:log-stream:${name}`;
    const stream: LogStream = { name, arn, created: this.cloud.clock.now, events: [] };
    group.streams.set(name, stream);
    return stream;
  }

  private async update(group: LogGroup, inputs: GroupInputs, at: Deployment): Promise<Properties> {
    const key = inputs.kmsKeyId;
    const isNew = key !== undefined && this.cloud.kms.key(at.account, at.region, key).arn;
    if (isNew !== group.kmsKey) await this.encrypt(group, key);
    retain(group, inputs.retentionInDays);
    return outputsOf(group);
  }

  /**
   * Gives a group its key, if CloudWatch Logs may use it for this group.
   * @throws AwsError InvalidParameterException
   */
  private async encrypt(group: LogGroup, kmsKeyId: string | undefined): Promise<void> {
    if (kmsKeyId === undefined) {
      delete group.kmsKey;
      return;
    }
    const { account, region, arn } = group;
    const { cloud } = this;
    try {
      const key = cloud.kms.key(account, region, kmsKeyId);
      const context = { "kms:EncryptionContext:aws:logs:arn": arn };
      const service = `logs.${region}.${cloud.partition.dnsSuffix}`;
      await cloud.authorise(
        { kind: "service", service, sourceAccount: account, sourceArn: arn },
        region,
        cloud.kms.access(key.arn, group, KEY_ACTIONS, context),
      );
      group.kmsKey = key.arn;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const nearly = error instanceof AccessDenied ? error.denial.nearly : [];
      throw new AwsError(
        "InvalidParameterException",
        `The specified KMS key does not exist or is not allowed to be used with Arn '${arn}': ${[messageOf(error), ...nearly].join("; nearly: ")}`,
      );
    }
  }
}

function retain(group: LogGroup, days: number | undefined): void {
  // The provider takes 0 for "for ever".
  if (days === undefined || days === 0) delete group.retentionInDays;
  else {
    checkRetention(days);
    group.retentionInDays = days;
  }
}

function outputsOf({ arn }: LogGroup): Properties {
  return { arn, logGroupClass: "STANDARD" };
}
