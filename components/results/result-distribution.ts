import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { ArgumentError } from "../arguments.js";
import { rulesEncryptMessages } from "../storage/key-policies.js";
import { topicOnlyOverTls } from "../messaging/topic-policies.js";
import { EncryptionKey } from "../storage/encryption-key.js";
import type { EncryptedBucket } from "../storage/private-bucket.js";
import { keyAlias, routeLogGroupName, routeTopicName } from "../names.js";
import { NotificationTopic } from "../messaging/notification-topic.js";
import { resourcePolicy } from "../policy.js";
import type { Route } from "./result-route.js";
import { ResultRoute } from "./result-route.js";
import {
  alarmEncryptsFailedRoutes,
  failuresTopic,
  logsEncryptRouteLogs,
  ruleEncryptsFailedRoutes,
} from "./route-grants.js";
import { RouteSchedules } from "./route-schedules.js";

export interface ResultDistributionArgs {
  /** The log account. */
  readonly account: Account;
  readonly prefix: string;
  /** Region of database, workgroup and central bucket. */
  readonly region: string;
  readonly routes: readonly Route[];
  /** E-mail addresses by topic; those of `failures` get notifications of routes that fail. */
  readonly topics: Readonly<Record<string, readonly string[]>>;
  readonly database: pulumi.Input<string>;
  readonly workgroup: pulumi.Input<string>;
  /** The buckets for output, which queries read; the first is the central one. */
  readonly stores: readonly EncryptedBucket[];
}

/** How long the state machines' logs stay, in days. */
const logDays = 90;

/**
 * Notifies people of results that need them: by a schedule, each route runs a query and publishes the
 * rows that its rules take to topics, by e-mail. Everything is encrypted with one key; a route that
 * fails or cannot be started is reported to the topic `failures`.
 *
 * @example
 * new ResultDistribution("distribution", { account, prefix: "cf", region: "eu-central-1", routes, topics: { disks: ["ops@example.com"] }, database: "cf_runs", workgroup: "cf-runs", stores }, { provider });
 */
export class ResultDistribution extends pulumi.ComponentResource {
  /** ARN of each topic by its name. */
  readonly topicArns: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: ResultDistributionArgs, opts: InAccount) {
    check(name, args);
    super("fleet:index:ResultDistribution", name, { prefix: args.prefix }, opts);
    const { region } = args;
    const kmsKeyArn = this.key(name, args);
    const topicArns = this.topics(name, args, kmsKeyArn);
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: routeLogGroupName(args.prefix),
        kmsKeyId: kmsKeyArn,
        retentionInDays: logDays,
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const logGroupArn = logGroup.arn;
    const machines = args.routes.map((route) => {
      const { machineArn } = new ResultRoute(
        `${name}-${route.name}`,
        { ...args, route, topicArns, kmsKeyArn, logGroupArn },
        { parent: this },
      );
      return { name: route.name, schedule: route.schedule, arn: machineArn };
    });
    new RouteSchedules(
      `${name}-schedules`,
      { ...args, machines, kmsKeyArn, failuresTopicArn: topicArns[failuresTopic] ?? "" },
      { parent: this },
    );
    this.topicArns = pulumi.output(topicArns);
    this.registerOutputs({ topicArns: this.topicArns });
  }

  private key(name: string, { account, prefix, region }: ResultDistributionArgs) {
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        account,
        alias: keyAlias(prefix, "routes"),
        description: `Encrypts the topics, queue and logs of the result routes of ${prefix}`,
        access: [
          ruleEncryptsFailedRoutes(account, region, prefix),
          alarmEncryptsFailedRoutes(account, region, prefix),
          rulesEncryptMessages(account),
          logsEncryptRouteLogs(account, region, prefix),
        ],
        region,
      },
      { parent: this },
    );
    return key.arn;
  }

  /** The topics of the rules, and that of failures. */
  private topics(
    name: string,
    args: ResultDistributionArgs,
    kmsKeyArn: pulumi.Output<string>,
  ): Record<string, pulumi.Output<string>> {
    const { account, prefix, region, topics } = args;
    const failures = new NotificationTopic(
      `${name}-${failuresTopic}`,
      {
        account,
        region,
        kmsKeyArn,
        topicName: routeTopicName(prefix, failuresTopic),
        notify: topics[failuresTopic] ?? [],
      },
      { parent: this },
    );
    const others = Object.entries(topics).filter(([topic]) => topic !== failuresTopic);
    const arns = others.map(([topic, addresses]) => {
      const snsTopic = new aws.sns.Topic(
        `${name}-${topic}-topic`,
        { name: routeTopicName(prefix, topic), kmsMasterKeyId: kmsKeyArn, region },
        { parent: this, deleteBeforeReplace: true },
      );
      new aws.sns.TopicPolicy(
        `${name}-${topic}-policy`,
        { arn: snsTopic.arn, policy: resourcePolicy(topicOnlyOverTls(snsTopic.arn)), region },
        { parent: this },
      );
      for (const address of addresses) {
        new aws.sns.TopicSubscription(
          `${name}-${topic}-to-${address}`,
          { topic: snsTopic.arn, protocol: "email", endpoint: address, region },
          { parent: this },
        );
      }
      return [topic, snsTopic.arn] as const;
    });
    return { ...Object.fromEntries(arns), [failuresTopic]: failures.arn };
  }
}

function check(name: string, { routes, topics }: ResultDistributionArgs): void {
  const problems: pulumi.InputPropertyErrorDetails[] = [];
  if (routes.length === 0)
    problems.push({ propertyPath: "routes", reason: "expected at least one, got none" });
  for (const [at, route] of routes.entries()) {
    for (const [index, { topic }] of route.rules.entries()) {
      if (topic in topics) continue;
      const names = Object.keys(topics).join(", ") || "none";
      const reason = `expected one of topics (${names}), got "${topic}"`;
      problems.push({ propertyPath: `routes[${at}].rules[${index}].topic`, reason });
    }
  }
  if (problems.length > 0) throw new ArgumentError(`ResultDistribution "${name}"`, problems);
}
