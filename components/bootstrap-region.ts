import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Account, InAccount } from "./account";
import { automationDefinitionArn } from "./arns";
import { rulesEncryptDeadLetters } from "./bootstrap-grants";
import { DeadLetterQueue } from "./dead-letter-queue";
import { EncryptionKey } from "./encryption-key";
import { bootstrapDocumentName, keyAlias, runningRuleName } from "./names";

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

/**
 * How long EventBridge tries to start the runbook, in seconds: 60-86,400. AWS starts one automation
 * a second and EventBridge backs off longer and longer: an hour is enough for a launch storm of some
 * 1,500 hosts in the rehearsal (AWS publishes no backoff). What is older waits in the queue for a
 * person, instead of a bootstrap in the middle of the night.
 */
const startWithinSeconds = 60 * 60;

/**
 * The bootstrap product in one Region: runbook, rule, dead-letter queue, and the key that encrypts
 * what the product keeps.
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
    const deadLetters = new DeadLetterQueue(
      `${name}-dead-letters`,
      { region, kmsKeyArn: key.arn, ruleArns: [rule.arn] },
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
        deadLetterConfig: { arn: deadLetters.arn },
        region,
      },
      { parent: this, dependsOn: [runbook, deadLetters] },
    );
    this.deadLetterQueueUrl = deadLetters.url;
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
