import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { DeadLetterQueue } from "../messaging/dead-letter-queue.js";
import { failedRoutesRuleName, routeName } from "../names.js";
import { permissions, trust } from "../policy.js";
import { mayStartRoutes, routeRules } from "./route-grants.js";

/** The state machine of a route, and when it starts. */
export interface RouteMachine {
  readonly name: string;
  readonly arn: pulumi.Input<string>;
  /** An expression of EventBridge, in UTC. */
  readonly schedule: string;
}

export interface RouteSchedulesArgs {
  readonly account: Account;
  readonly prefix: string;
  readonly region: string;
  readonly machines: readonly RouteMachine[];
  /** ARN of the key that encrypts what could not be delivered. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** ARN of the topic that notifies of routes that fail or do not start. */
  readonly failuresTopicArn: pulumi.Input<string>;
}

/** A route that could not be started within the hour waits for its next time. */
const retryPolicy = { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 };

/**
 * Starts each route by its schedule, and notifies of those that fail. What cannot be delivered is kept
 * in a queue with an alarm.
 *
 * @example
 * new RouteSchedules(`${name}-schedules`, { account, prefix: "cf", region, machines, kmsKeyArn: key.arn, failuresTopicArn }, { parent: this });
 */
export class RouteSchedules extends pulumi.ComponentResource {
  /** URL of the queue of events that could not be delivered. */
  readonly deadLetterQueueUrl: pulumi.Output<string>;

  constructor(name: string, args: RouteSchedulesArgs, opts: InAccount) {
    super("fleet:index:RouteSchedules", name, {}, opts);
    const { region, kmsKeyArn, failuresTopicArn } = args;
    const roleArn = this.role(name, args);
    const failed = this.failedRule(name, args);
    const starts = args.machines.map((machine) => this.schedule(name, args, machine));
    const deadLetters = new DeadLetterQueue(
      `${name}-dead-letters`,
      {
        region,
        kmsKeyArn,
        ruleArns: [failed, ...starts].map(({ arn }) => arn),
        topicArn: failuresTopicArn,
        what: "Routes of results",
      },
      { parent: this },
    );
    const delivery = { retryPolicy, deadLetterConfig: { arn: deadLetters.arn }, region };
    new aws.cloudwatch.EventTarget(
      `${name}-failed-target`,
      { ...delivery, rule: failed.name, arn: failuresTopicArn },
      { parent: this },
    );
    for (const [index, machine] of args.machines.entries()) {
      const rule = starts[index]?.name ?? "";
      new aws.cloudwatch.EventTarget(
        `${name}-${machine.name}-target`,
        { ...delivery, rule, arn: machine.arn, roleArn, input: "{}" },
        { parent: this },
      );
    }
    this.deadLetterQueueUrl = deadLetters.url;
    this.registerOutputs({ deadLetterQueueUrl: this.deadLetterQueueUrl });
  }

  private role(
    name: string,
    { account, prefix, region, machines }: RouteSchedulesArgs,
  ): pulumi.Output<string> {
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "Role that EventBridge assumes to start the state machines of result routes",
        assumeRolePolicy: trust(routeRules(account, region, prefix)),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.name, policy: permissions(mayStartRoutes(machines.map(({ arn }) => arn))) },
      { parent: this },
    );
    return role.arn;
  }

  /** Step Functions reports every end to EventBridge; the rule notifies of all but successes. */
  private failedRule(
    name: string,
    { prefix, region, machines }: RouteSchedulesArgs,
  ): aws.cloudwatch.EventRule {
    return new aws.cloudwatch.EventRule(
      `${name}-failed`,
      {
        name: failedRoutesRuleName(prefix),
        description: "Notifies people of result routes that failed",
        eventPattern: pulumi.jsonStringify({
          source: ["aws.states"],
          "detail-type": ["Step Functions Execution Status Change"],
          detail: {
            stateMachineArn: machines.map(({ arn }) => arn),
            status: ["FAILED", "TIMED_OUT", "ABORTED"],
          },
        }),
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
  }

  private schedule(
    name: string,
    { prefix, region }: RouteSchedulesArgs,
    machine: RouteMachine,
  ): aws.cloudwatch.EventRule {
    return new aws.cloudwatch.EventRule(
      `${name}-${machine.name}`,
      {
        name: routeName(prefix, machine.name),
        description: `Starts the result route ${machine.name}`,
        scheduleExpression: machine.schedule,
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
  }
}
