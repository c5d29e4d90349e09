import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { automationDefinitionArn } from "../arns.js";
import { retries } from "./bootstrap-trigger.js";
import { bootstrapRuleName, reconcileDocumentName } from "../names.js";

export interface BootstrapReconcileArgs {
  readonly account: Account;
  readonly prefix: string;
  readonly region: string;
  /** The runbook's YAML, byte for byte what AWS gets. */
  readonly runbook: string;
  /** Role that the runbook assumes. */
  readonly roleArn: pulumi.Input<string>;
  /** Role by which the rule starts it. */
  readonly rulesRoleArn: pulumi.Input<string>;
  /** ARN of the queue of events that could not be delivered. */
  readonly deadLettersArn: pulumi.Input<string>;
}

/**
 * Finds lost bootstraps every hour and asks for them again, at most a hundred at once: EventBridge
 * does not promise to deliver the events that start them.
 *
 * @example
 * new BootstrapReconcile(`${name}-reconcile`, { account, prefix: "cf", region, runbook, roleArn, rulesRoleArn, deadLettersArn }, { parent: this });
 */
export class BootstrapReconcile extends pulumi.ComponentResource {
  readonly ruleArn: pulumi.Output<string>;

  constructor(name: string, args: BootstrapReconcileArgs, opts: InAccount) {
    super("fleet:index:BootstrapReconcile", name, {}, opts);
    const { account, prefix, region } = args;
    const runbook = new aws.ssm.Document(
      `${name}-runbook`,
      {
        name: reconcileDocumentName(prefix),
        documentType: "Automation",
        documentFormat: "YAML",
        content: args.runbook,
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const rule = new aws.cloudwatch.EventRule(
      `${name}-rule`,
      {
        name: bootstrapRuleName(prefix, "reconcile"),
        description: "Starts the runbook that finds lost bootstraps and requests them again",
        scheduleExpression: "rate(1 hour)",
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-target`,
      {
        rule: rule.name,
        arn: automationDefinitionArn(account, region, reconcileDocumentName(prefix), "$DEFAULT"),
        roleArn: args.rulesRoleArn,
        // A runbook's parameters are lists of strings, all of them.
        input: pulumi.jsonStringify({ AutomationAssumeRole: [args.roleArn] }),
        retryPolicy: retries,
        deadLetterConfig: { arn: args.deadLettersArn },
        region,
      },
      { parent: this, dependsOn: [runbook] },
    );
    this.ruleArn = rule.arn;
    this.registerOutputs({ ruleArn: this.ruleArn });
  }
}
