import type { Reported } from "../cloudwatch/metrics.js";
import type { Keys } from "../../../kernel/ports.js";
import type { Kernel } from "../../../kernel/kernel.js";
import type { Arn } from "../../../kernel/arn.js";
import { parseArn } from "../../../kernel/arn.js";
import type { Access, PolicyDocument } from "../../../kernel/access.js";
import { AwsError } from "../../../kernel/errors.js";
import { parsePolicy } from "../../iam/policy.js";
import type { Deployment, Service } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import type { Message } from "./message.js";
import { queueOperations } from "./operations.js";

export interface Queue {
  readonly name: string;
  readonly arn: Arn;
  readonly url: string;
  readonly account: string;
  readonly region: string;
  policy?: PolicyDocument;
  kmsKey?: string;
  /** Seconds for which a message that was received is invisible to others. */
  visibilityTimeout: number;
  /** Seconds for which a message is kept. */
  retention: number;
  /** In the order of their sending, with those that were received and are not deleted. */
  readonly messages: Message[];
}

interface QueueInputs {
  readonly name: string;
  readonly kmsMasterKeyId?: string;
  readonly policy?: unknown;
  readonly visibilityTimeoutSeconds?: number;
  readonly messageRetentionSeconds?: number;
}

/** Source: SQS API reference, CreateQueue, VisibilityTimeout. Seconds. */
const DEFAULT_TIMEOUT = 30;

/** Source: SQS API reference, CreateQueue, MessageRetentionPeriod. Seconds: four days; 60 to 14 days. */
const DEFAULT_RETENTION = 345_600;

/** What SQS uses of the rest of the cloud. */
export interface SqsCloud extends Kernel {
  readonly kms: Keys;
  readonly cloudwatch: {
    readonly metrics: {
      /** Takes a value that holds until the next one. */
      setGauge(
        place: { readonly account: string; readonly region: string },
        reported: Reported,
      ): void;
    };
  };
}

/** SQS: standard queues with policy, encryption, visibility and retention. */
export class SqsService implements Service {
  readonly operations;
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly cloud: SqsCloud) {
    this.operations = queueOperations(cloud, this);
  }

  /** @throws AwsError AWS.SimpleQueueService.NonExistentQueue */
  queue(url: string): Queue {
    const queue = this.queues.get(url);
    if (queue !== undefined) return queue;
    throw new AwsError(
      "AWS.SimpleQueueService.NonExistentQueue",
      `The specified queue does not exist: ${url}`,
    );
  }

  /** The queue that an ARN names, if there is one. */
  byArn(arn: Arn): Queue | undefined {
    const parts = parseArn(arn);
    return parts && this.queues.get(this.url(parts.region, parts.account, parts.resource));
  }

  get all(): readonly Queue[] {
    return [...this.queues.values()];
  }

  readonly resourceTypes = [
    resourceType<QueueInputs>({
      type: "aws:sqs/queue:Queue",
      models: [
        "name",
        "kmsMasterKeyId",
        "kmsDataKeyReusePeriodSeconds",
        "messageRetentionSeconds",
        "policy",
        "sqsManagedSseEnabled",
        "visibilityTimeoutSeconds",
        "tags",
      ],
      replaceOnChanges: ["name", "fifoQueue"],
      autoname: "name",
      create: (inputs, at) => {
        if (!/^[\w-]{1,80}$/.test(inputs.name)) {
          throw new AwsError(
            "InvalidParameterValue",
            `Queue name "${inputs.name}": 1-80 letters, digits, - and _`,
          );
        }
        const url = this.url(at.region, at.account, inputs.name);
        if (this.queues.has(url))
          throw new AwsError("QueueAlreadyExists", `A queue named ${inputs.name} exists.`);
        const arn = this.cloud.arn("sqs", at.region, at.account, inputs.name);
        const { account, region } = at;
        const settings = {
          visibilityTimeout: DEFAULT_TIMEOUT,
          retention: DEFAULT_RETENTION,
          messages: [],
        };
        const queue: Queue = { name: inputs.name, arn, url, account, region, ...settings };
        this.configure(queue, inputs, at);
        this.queues.set(url, queue);
        return { id: url, outputs: { arn, url } };
      },
      update: (id, inputs, at) => {
        const queue = this.queue(id);
        this.configure(queue, inputs, at);
        return { arn: queue.arn, url: queue.url };
      },
      delete: (id) => void this.queues.delete(id),
    }),
    resourceType<{ queueUrl: string; policy: unknown }>({
      type: "aws:sqs/queuePolicy:QueuePolicy",
      models: ["queueUrl", "policy"],
      replaceOnChanges: ["queueUrl"],
      create: (inputs) => {
        this.queue(inputs.queueUrl).policy = parsePolicy(inputs.policy, "resource");
        return { id: inputs.queueUrl, outputs: {} };
      },
      update: (id, inputs) => {
        this.queue(id).policy = parsePolicy(inputs.policy, "resource");
        return {};
      },
      delete: (id) => void delete this.queues.get(id)?.policy,
    }),
  ];

  private configure(queue: Queue, inputs: QueueInputs, at: Deployment): void {
    const { messageRetentionSeconds: retention = DEFAULT_RETENTION } = inputs;
    if (retention < 60 || retention > 1_209_600) {
      throw new AwsError(
        "InvalidAttributeValue",
        `MessageRetentionPeriod is ${retention}: 60-1209600 seconds`,
      );
    }
    queue.retention = retention;
    if (inputs.policy !== undefined) queue.policy = parsePolicy(inputs.policy, "resource");
    queue.visibilityTimeout = inputs.visibilityTimeoutSeconds ?? DEFAULT_TIMEOUT;
    if (inputs.kmsMasterKeyId === undefined) delete queue.kmsKey;
    else queue.kmsKey = this.cloud.kms.key(at.account, at.region, inputs.kmsMasterKeyId).arn;
  }

  /** What a call on a queue needs: of the queue and, where that is encrypted, of its key. */
  access(queue: Queue, action: string, keyActions: readonly string[]): Access[] {
    const own: Access = {
      action,
      resource: queue.arn,
      resourceAccount: queue.account,
      ...(queue.policy !== undefined && {
        resourcePolicy: { place: `the queue policy of ${queue.name}`, document: queue.policy },
      }),
    };
    if (queue.kmsKey === undefined || keyActions.length === 0) return [own];
    const context = {
      "kms:ViaService": `sqs.${queue.region}.${this.cloud.partition.dnsSuffix}`,
      "kms:EncryptionContext:aws:sqs:arn": queue.arn,
    };
    return [own, ...this.cloud.kms.access(queue.kmsKey, queue, keyActions, context)];
  }

  private url(region: string, account: string, name: string): string {
    return `https://sqs.${region}.${this.cloud.partition.dnsSuffix}/${account}/${name}`;
  }
}
