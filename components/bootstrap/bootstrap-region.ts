import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { eventRuleArn } from "../arns.js";
import {
  alarmsEncryptNotifications,
  logsEncryptHostLogs,
  rulesEncryptMessages,
  rulesEncryptNotifications,
} from "./bootstrap-access.js";
import { BootstrapFailures } from "./bootstrap-failures.js";
import { BootstrapReconcile } from "./bootstrap-reconcile.js";
import { intentTagPrefix, missedType, requestSource, requestType } from "./bootstrap-tags.js";
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
  /** E-mail addresses that are told of failures. @default none */
  readonly notify?: readonly string[];
  /** Configurations of the CloudWatch agent, by the name that a host's tag asks for. */
  readonly cloudWatch: Readonly<Record<string, CloudWatchConfig>>;
  /** How long the hosts' logs are kept, in days. @default 90 */
  readonly logRetentionDays?: number;
}

/**
 * The bootstrap product in one Region: the runbook, the rules that start it, what becomes of starts
 * and runs that fail, and the key that encrypts what the product keeps.
 *
 * @example
 * new BootstrapRegion(`${name}-eu-central-1`, { ...args, region: "eu-central-1" }, { parent: this });
 */
export class BootstrapRegion extends pulumi.ComponentResource {
  /** URL of the queue of events whose start failed. */
  readonly deadLetterQueueUrl: pulumi.Output<string>;
  /** URL of the queue of runs that failed. */
  readonly failureQueueUrl: pulumi.Output<string>;
  /** ARN of the topic that tells of both. */
  readonly failureTopicArn: pulumi.Output<string>;

  constructor(name: string, args: BootstrapRegionArgs, opts: InAccount) {
    super("fleet:index:BootstrapRegion", name, { region: args.region }, opts);
    const { account, prefix, region } = args;
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        account,
        alias: keyAlias(prefix, "bootstrap"),
        description: `Everything of ${bootstrapDocumentName(prefix)}`,
        access: keyAccess(args),
        region,
      },
      { parent: this },
    );
    const documents = documentsOf(args).map(
      ([child, inputs]) =>
        new aws.ssm.Document(
          `${name}-${child}`,
          { ...inputs, documentFormat: "YAML", region },
          { parent: this, deleteBeforeReplace: true },
        ),
    );
    const cloudWatch = new CloudWatchConfigs(
      `${name}-cloudwatch`,
      {
        region,
        kmsKeyArn: key.arn,
        configs: args.cloudWatch,
        logRetentionDays: args.logRetentionDays,
      },
      { parent: this },
    );
    const topic = new NotificationTopic(
      `${name}-notifications`,
      { account, prefix, region, kmsKeyArn: key.arn, notify: args.notify },
      { parent: this },
    );
    const deadLetters = new DeadLetterQueue(
      `${name}-dead-letters`,
      { region, kmsKeyArn: key.arn, ruleArns: ruleArns(args), topicArn: topic.arn },
      { parent: this },
    );
    const failures = new BootstrapFailures(
      `${name}-failures`,
      {
        account,
        prefix,
        region,
        kmsKeyArn: key.arn,
        topicArn: topic.arn,
        deadLettersArn: deadLetters.arn,
      },
      // Nothing is started before its failure would be seen.
      { parent: this, dependsOn: [topic, deadLetters] },
    );
    const start: BootstrapStart = { ...args, deadLettersArn: deadLetters.arn };
    for (const [rule, trigger] of Object.entries(triggers)) {
      new BootstrapTrigger(
        `${name}-${rule}`,
        { ...start, rule: rule as keyof typeof triggers, ...trigger },
        { parent: this, dependsOn: [...documents, cloudWatch, deadLetters, failures] },
      );
    }
    new BootstrapReconcile(
      `${name}-reconcile`,
      { ...start, runbook: args.documents.reconcile, roleArn: args.reconcileRoleArn },
      { parent: this, dependsOn: [deadLetters, failures] },
    );
    this.deadLetterQueueUrl = deadLetters.url;
    this.failureQueueUrl = failures.url;
    this.failureTopicArn = topic.arn;
    this.registerOutputs({
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      failureQueueUrl: this.failureQueueUrl,
      failureTopicArn: this.failureTopicArn,
    });
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
  const rules: BootstrapRule[] = ["running", "tags", "requested", "missed", "failed", "reconcile"];
  return rules.map((rule) => eventRuleArn(account, region, bootstrapRuleName(prefix, rule)));
};

const triggers = {
  running: {
    description: "Bootstraps an instance whenever it starts",
    pattern: {
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: { state: ["running"] },
    },
    instancePath: "$.detail.instance-id",
  },
  tags: {
    description: "Bootstraps an instance when the tags change that ask for it",
    // The runbook's own tags begin otherwise. It would start itself again and again if they did not.
    pattern: {
      source: ["aws.tag"],
      "detail-type": ["Tag Change on Resource"],
      detail: {
        service: ["ec2"],
        "resource-type": ["instance"],
        "changed-tag-keys": [{ prefix: intentTagPrefix }],
      },
    },
    // The event has the instance as an ARN only, and a transformer cannot cut it: the runbook does.
    instancePath: "$.resources[0]",
  },
  requested: {
    description: "Bootstraps an instance when the product itself asks for it",
    pattern: { source: [requestSource], "detail-type": [requestType] },
    instancePath: "$.detail.instance-id",
    // Who asks knows better.
    again: true,
  },
  missed: {
    description: "Bootstraps an instance that reconcile found without a current success",
    // Its own event may only be late. Whichever starts its run first does the work, and the other one's run ends at once.
    pattern: { source: [requestSource], "detail-type": [missedType] },
    instancePath: "$.detail.instance-id",
  },
};
