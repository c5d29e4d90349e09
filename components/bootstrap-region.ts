import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Account, InAccount } from "./account";
import { automationDefinitionArn } from "./arns";
import {
  queueOnlyOverTls,
  rulesEncryptDeadLetters,
  ruleSendsDeadLetters,
} from "./bootstrap-grants";
import { EncryptionKey } from "./encryption-key";
import { bootstrapDocumentName, keyAlias, runningRuleName } from "./names";
import { resourcePolicy } from "./policy";

export interface BootstrapRegionArgs {
  readonly account: Account;
  readonly prefix: string;
  readonly region: string;
  /** The runbook's YAML, byte for byte what AWS gets. */
  readonly runbook: string;
  /** What the ARNs of all packages in this Region begin with. */
  readonly packageArnPrefix: string;
  readonly automationRoleArn: pulumi.Input<string>;
  readonly rulesRoleArn: pulumi.Input<string>;
}

/** The longest that SQS keeps a message, in seconds: 14 days to find out and send it again. */
const deadLetterSeconds = 14 * 24 * 60 * 60;

/**
 * How long EventBridge tries to start the runbook, in seconds. A launch storm waits for a rate of
 * one start a second, so 3,600 hosts fit in an hour; what is older waits in the queue for a person
 * instead of surprising one at night.
 */
const startWithinSeconds = 60 * 60;

/**
 * The bootstrap product in one Region: runbook, rule, dead-letter queue with its alarm, and the key.
 *
 * @example
 * new BootstrapRegion(`${name}-eu-central-1`, { ...args, region: "eu-central-1" }, { parent: this });
 */
export class BootstrapRegion extends pulumi.ComponentResource {
  /** URL of the queue of events whose start failed. */
  readonly deadLetterQueueUrl: pulumi.Output<string>;

  constructor(name: string, args: BootstrapRegionArgs, opts: InAccount) {
    super("fleet:index:BootstrapRegion", name, { region: args.region }, opts);
    const { account, prefix, region } = args;
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        account,
        alias: keyAlias(prefix, "bootstrap"),
        description: `Everything of ${bootstrapDocumentName(prefix)}`,
        access: [rulesEncryptDeadLetters(account)],
        region,
      },
      { parent: this },
    );
    const runbook = new aws.ssm.Document(
      `${name}-runbook`,
      {
        name: bootstrapDocumentName(prefix),
        documentType: "Automation",
        documentFormat: "YAML",
        content: args.runbook,
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const queue = new aws.sqs.Queue(
      `${name}-dead-letters`,
      { kmsMasterKeyId: key.arn, messageRetentionSeconds: deadLetterSeconds, region },
      { parent: this },
    );
    const rule = new aws.cloudwatch.EventRule(
      `${name}-running`,
      {
        name: runningRuleName(prefix),
        description: "Bootstraps an instance whenever it starts",
        eventPattern: JSON.stringify(instanceIsRunning),
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const delivery = new aws.sqs.QueuePolicy(
      `${name}-dead-letters`,
      {
        queueUrl: queue.url,
        policy: resourcePolicy(
          ruleSendsDeadLetters(queue.arn, rule.arn),
          queueOnlyOverTls(queue.arn),
        ),
        region,
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-running`,
      {
        rule: rule.name,
        arn: automationDefinitionArn(account, region, bootstrapDocumentName(prefix), "$DEFAULT"),
        roleArn: args.rulesRoleArn,
        inputTransformer: startOf(args),
        retryPolicy: { maximumEventAgeInSeconds: startWithinSeconds, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: queue.arn },
        region,
      },
      { parent: this, dependsOn: [runbook, delivery] },
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-dead-letters`,
      {
        ...anyMessageVisible,
        alarmDescription: `Instances of ${region} whose bootstrap could not be started; see the queue's messages`,
        dimensions: { QueueName: queue.name },
        region,
      },
      { parent: this },
    );
    this.deadLetterQueueUrl = queue.url;
    this.registerOutputs({ deadLetterQueueUrl: this.deadLetterQueueUrl });
  }
}

const instanceIsRunning = {
  source: ["aws.ec2"],
  "detail-type": ["EC2 Instance State-change Notification"],
  detail: { state: ["running"] },
};

/** Turns the event into the runbook's parameters, which are lists of strings, all of them. */
const startOf = (args: BootstrapRegionArgs) => ({
  inputPaths: { instance: "$.detail.instance-id" },
  inputTemplate: pulumi.jsonStringify({
    InstanceId: ["<instance>"],
    AutomationAssumeRole: [args.automationRoleArn],
    PackageArnPrefix: [args.packageArnPrefix],
  }),
});

/** SQS reports every five minutes at most, and nothing while a queue is idle. */
const anyMessageVisible = {
  namespace: "AWS/SQS",
  metricName: "ApproximateNumberOfMessagesVisible",
  statistic: "Maximum",
  period: 300,
  evaluationPeriods: 1,
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  treatMissingData: "notBreaching",
};
