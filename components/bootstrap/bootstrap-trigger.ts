import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { automationDefinitionArn } from "../arns.js";
import type { BootstrapRule } from "../names.js";
import { bootstrapDocumentName, bootstrapRuleName, renameDocumentName } from "../names.js";

/** How the runbook is started in one Region, whatever the event. */
export interface BootstrapStart {
  readonly account: Account;
  readonly prefix: string;
  readonly region: string;
  /** What the ARNs of all packages in this Region begin with. */
  readonly packageArnPrefix: string;
  /** Role that the runbook assumes. */
  readonly automationRoleArn: pulumi.Input<string>;
  /** Role by which the rules start it. */
  readonly rulesRoleArn: pulumi.Input<string>;
  /** ARN of the queue of events whose start failed. */
  readonly deadLettersArn: pulumi.Input<string>;
}

export interface BootstrapTriggerArgs extends BootstrapStart {
  readonly rule: BootstrapRule;
  /** What the rule does, for the person who reads the list of rules. */
  readonly description: string;
  /** The events, as EventBridge's pattern. */
  readonly pattern: object;
  /** Where the event has the instance's id or ARN: a JSON path such as `$.detail.instance-id`. */
  readonly instancePath: string;
  /** Also where a run succeeded since the instance started and its tags ask for nothing else. @default false */
  readonly again?: boolean;
}

/**
 * How long EventBridge tries to start the runbook, in seconds: 60-86,400. AWS starts one automation a second,
 * and EventBridge backs off longer and longer. In the rehearsal of 10,000 launches within a minute an hour
 * is enough for a third of the hosts; a day, which is also EventBridge's default, for all of them, after six
 * hours (docs/performance.md). So a storm needs no person; an event that ends in the queue nevertheless does.
 */
const startWithinSeconds = 24 * 60 * 60;

/** How targets of the product's rules retry; an event that still fails becomes a dead letter. */
export const retries = {
  maximumEventAgeInSeconds: startWithinSeconds,
  maximumRetryAttempts: 185,
};

/**
 * A rule that starts the bootstrap runbook for the instance that its event names. Every trigger has the same role,
 * retries and dead-letter queue: what holds for one event holds for all.
 *
 * @example
 * new BootstrapTrigger(
 *   `${name}-running`,
 *   {
 *     ...start,
 *     rule: "running",
 *     description: "Bootstraps an instance when it starts",
 *     pattern: { source: ["aws.ec2"], detail: { state: ["running"] } },
 *     instancePath: "$.detail.instance-id",
 *   },
 *   { parent: this },
 * );
 */
export class BootstrapTrigger extends pulumi.ComponentResource {
  readonly ruleArn: pulumi.Output<string>;

  constructor(name: string, args: BootstrapTriggerArgs, opts: InAccount) {
    super("fleet:index:BootstrapTrigger", name, { rule: args.rule }, opts);
    const { account, prefix, region } = args;
    const rule = new aws.cloudwatch.EventRule(
      `${name}-rule`,
      {
        name: bootstrapRuleName(prefix, args.rule),
        description: args.description,
        eventPattern: JSON.stringify(args.pattern),
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-target`,
      {
        rule: rule.name,
        arn: automationDefinitionArn(account, region, bootstrapDocumentName(prefix), "$DEFAULT"),
        roleArn: args.rulesRoleArn,
        inputTransformer: startOf(args),
        retryPolicy: retries,
        deadLetterConfig: { arn: args.deadLettersArn },
        region,
      },
      { parent: this },
    );
    this.ruleArn = rule.arn;
    this.registerOutputs({ ruleArn: this.ruleArn });
  }
}

/** Turns the event into the runbook's parameters, which are lists of strings, all of them. */
const startOf = (args: BootstrapTriggerArgs) => ({
  inputPaths: { instance: args.instancePath },
  inputTemplate: pulumi.jsonStringify({
    InstanceId: ["<instance>"],
    AutomationAssumeRole: [args.automationRoleArn],
    PackageArnPrefix: [args.packageArnPrefix],
    RenameDocument: [renameDocumentName(args.prefix)],
    Again: [String(args.again ?? false)],
  }),
});
