import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { eventRuleArn } from "../arns.js";
import {
  alarmsEncryptNotifications,
  logsEncryptHostLogs,
  rulesEncryptNotifications,
} from "./bootstrap-access.js";
import { rulesEncryptMessages } from "../storage/key-policies.js";
import { BootstrapFailures } from "./bootstrap-failures.js";
import { BootstrapReconcile } from "./bootstrap-reconcile.js";
import { bootstrapEvents } from "./bootstrap-events.js";
import type { BootstrapStart } from "./bootstrap-trigger.js";
import { BootstrapTrigger } from "./bootstrap-trigger.js";
import type { CloudWatchConfig } from "./cloudwatch-configs.js";
import { CloudWatchConfigs } from "./cloudwatch-configs.js";
import { DeadLetterQueue } from "../messaging/dead-letter-queue.js";
import { EncryptionKey } from "../storage/encryption-key.js";
import type { BootstrapRule } from "../names.js";
import {
  bootstrapDocumentName,
  bootstrapRuleName,
  failedScheduleRulePrefix,
  failureTopicName,
  keyAlias,
  renameDocumentName,
} from "../names.js";
import { NotificationTopic } from "../messaging/notification-topic.js";

/** The product's documents as YAML, byte for byte what AWS gets, each at most 64 kB. */
export interface BootstrapDocuments {
  /** The runbook that bootstraps an instance. */
  readonly bootstrap: string;
  /** The runbook that finds lost bootstraps. */
  readonly reconcile: string;
  /** The Command document that renames a host. */
  readonly rename: string;
}

export interface BootstrapRegionArgs {
  readonly account: Account;
  readonly prefix: string;
  readonly region: string;
  readonly documents: BootstrapDocuments;
  /** What the ARNs of all packages in this Region begin with. */
  readonly packageArnPrefix: string;
  readonly automationRoleArn: pulumi.Input<string>;
  readonly rulesRoleArn: pulumi.Input<string>;
  /** Role of the runbook that finds lost bootstraps. */
  readonly reconcileRoleArn: pulumi.Input<string>;
  /** E-mail addresses to notify of failures. @default none */
  readonly notify?: readonly string[];
  /** Configurations of the CloudWatch agent, by the name that a host's tag asks for. */
  readonly cloudWatch: Readonly<Record<string, CloudWatchConfig>>;
  /** How long the hosts' logs are kept, in days. @default `defaultRetentionDays` */
  readonly logRetentionDays?: number;
}

/**
 * The bootstrap product in one Region: the runbook, the rules that start it, queues and notifications for starts and
 * runs that fail, and the key that encrypts what the product keeps.
 *
 * @example
 * new BootstrapRegion(`${name}-eu-central-1`, { ...args, region: "eu-central-1" }, { parent: this });
 */
export class BootstrapRegion extends pulumi.ComponentResource {
  /** URL of the queue of events whose start failed. */
  readonly deadLetterQueueUrl: pulumi.Output<string>;
  /** ARN of the same queue. */
  readonly deadLetterQueueArn: pulumi.Output<string>;
  /** URL of the queue of runs that failed. */
  readonly failureQueueUrl: pulumi.Output<string>;
  /** ARN of the topic that notifies of both. */
  readonly failureTopicArn: pulumi.Output<string>;

  constructor(name: string, args: BootstrapRegionArgs, opts: InAccount) {
    super("fleet:index:BootstrapRegion", name, { region: args.region }, opts);
    const kmsKeyArn = this.key(name, args).arn;
    const documents = this.documents(name, args);
    const cloudWatch = this.cloudWatch(name, args, kmsKeyArn);
    const topic = this.topic(name, args, kmsKeyArn);
    const deadLetters = this.deadLetters(name, args, kmsKeyArn, topic.arn);
    const failures = this.failures(name, args, kmsKeyArn, topic, deadLetters);
    const start: BootstrapStart = { ...args, deadLettersArn: deadLetters.arn };
    this.triggers(name, start, [...documents, cloudWatch, deadLetters, failures]);
    this.reconcile(name, args, start, [deadLetters, failures]);
    this.deadLetterQueueUrl = deadLetters.url;
    this.deadLetterQueueArn = deadLetters.arn;
    this.failureQueueUrl = failures.url;
    this.failureTopicArn = topic.arn;
    this.registerOutputs({
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      failureQueueUrl: this.failureQueueUrl,
      failureTopicArn: this.failureTopicArn,
    });
  }

  private key(name: string, args: BootstrapRegionArgs): EncryptionKey {
    const { account, prefix, region } = args;
    return new EncryptionKey(
      `${name}-encryption`,
      {
        account,
        alias: keyAlias(prefix, "bootstrap"),
        description: `Encrypts the topics, queues and logs of ${bootstrapDocumentName(prefix)}`,
        access: keyAccess(args),
        region,
      },
      { parent: this },
    );
  }

  private documents(name: string, args: BootstrapRegionArgs): aws.ssm.Document[] {
    const { region } = args;
    return documentsOf(args).map(
      ([child, inputs]) =>
        new aws.ssm.Document(
          `${name}-${child}`,
          { ...inputs, documentFormat: "YAML", region },
          { parent: this, deleteBeforeReplace: true },
        ),
    );
  }

  private cloudWatch(
    name: string,
    { region, cloudWatch: configs, logRetentionDays }: BootstrapRegionArgs,
    kmsKeyArn: pulumi.Output<string>,
  ): CloudWatchConfigs {
    return new CloudWatchConfigs(
      `${name}-cloudwatch`,
      { region, kmsKeyArn, configs, logRetentionDays },
      { parent: this },
    );
  }

  private topic(
    name: string,
    { account, prefix, region, notify }: BootstrapRegionArgs,
    kmsKeyArn: pulumi.Output<string>,
  ): NotificationTopic {
    return new NotificationTopic(
      `${name}-notifications`,
      { account, region, topicName: failureTopicName(prefix), kmsKeyArn, notify },
      { parent: this },
    );
  }

  private deadLetters(
    name: string,
    args: BootstrapRegionArgs,
    kmsKeyArn: pulumi.Output<string>,
    topicArn: pulumi.Output<string>,
  ): DeadLetterQueue {
    const { region } = args;
    const what = `Instances of ${region} whose bootstrap`;
    return new DeadLetterQueue(
      `${name}-dead-letters`,
      { region, kmsKeyArn, ruleArns: ruleArns(args), what, topicArn },
      { parent: this },
    );
  }

  private failures(
    name: string,
    { account, prefix, region }: BootstrapRegionArgs,
    kmsKeyArn: pulumi.Output<string>,
    topic: NotificationTopic,
    deadLetters: DeadLetterQueue,
  ): BootstrapFailures {
    const place = { account, prefix, region };
    return new BootstrapFailures(
      `${name}-failures`,
      { ...place, kmsKeyArn, topicArn: topic.arn, deadLettersArn: deadLetters.arn },
      // The first failure reaches a topic and a queue that exist.
      { parent: this, dependsOn: [topic, deadLetters] },
    );
  }

  private triggers(name: string, start: BootstrapStart, dependsOn: pulumi.Resource[]): void {
    for (const [rule, trigger] of Object.entries(bootstrapEvents)) {
      new BootstrapTrigger(
        `${name}-${rule}`,
        { ...start, rule: rule as keyof typeof bootstrapEvents, ...trigger },
        { parent: this, dependsOn },
      );
    }
  }

  private reconcile(
    name: string,
    { documents, reconcileRoleArn }: BootstrapRegionArgs,
    start: BootstrapStart,
    dependsOn: pulumi.Resource[],
  ): void {
    new BootstrapReconcile(
      `${name}-reconcile`,
      { ...start, runbook: documents.reconcile, roleArn: reconcileRoleArn },
      { parent: this, dependsOn },
    );
  }
}

/** By the name of the resource. */
const documentsOf = ({ prefix, documents }: BootstrapRegionArgs) =>
  [
    [
      "runbook",
      {
        name: bootstrapDocumentName(prefix),
        documentType: "Automation",
        content: documents.bootstrap,
      },
    ],
    [
      "rename",
      { name: renameDocumentName(prefix), documentType: "Command", content: documents.rename },
    ],
  ] as const;

const keyAccess = ({ account, region, prefix }: BootstrapRegionArgs) => [
  rulesEncryptMessages(account),
  rulesEncryptNotifications(account, region, prefix),
  alarmsEncryptNotifications(account, region, prefix),
  logsEncryptHostLogs(account, region, prefix),
];

/** The rules whose events must not be lost. Their names are fixed, so the queue knows them first. */
const ruleArns = ({ account, region, prefix }: BootstrapRegionArgs): string[] => {
  const triggered = ["running", "tags", "requested", "missed"] as const;
  const rules: BootstrapRule[] = [...triggered, "failed", "reconcile"];
  const names = rules.map((rule) => bootstrapRuleName(prefix, rule));
  // One for each schedule: rules of this account that begin like this are the product's.
  const schedules = `${failedScheduleRulePrefix(prefix)}*`;
  return [...names, schedules].map((rule) => eventRuleArn(account, region, rule));
};
