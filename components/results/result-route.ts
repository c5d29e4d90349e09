import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { routeName } from "../names.js";
import type { EncryptedBucket } from "../storage/private-bucket.js";
import { mayReadRunOutput } from "../runs/run-operator-grants.js";
import { permissions, trust } from "../policy.js";
import type { RouteRule } from "./route-definition.js";
import { routeDefinition } from "./route-definition.js";
import {
  mayDeliverLogs,
  mayEncryptMessages,
  mayQueryForRoute,
  mayNotify,
  routeMachine,
} from "./route-grants.js";

/** One query whose rows go to people. */
export interface Route {
  /** 1-31 letters a-z, digits and -. */
  readonly name: string;
  readonly sql: string;
  /** What stands for each `?` of the query, as texts. */
  readonly parameters: readonly string[];
  /** When it is asked: an expression of EventBridge, `rate(1 day)` or `cron(0 6 * * ? *)`, in UTC. */
  readonly schedule: string;
  readonly rules: readonly RouteRule[];
}

export interface ResultRouteArgs {
  readonly account: Account;
  readonly prefix: string;
  readonly region: string;
  readonly route: Route;
  readonly database: pulumi.Input<string>;
  readonly workgroup: pulumi.Input<string>;
  /** The buckets for output, which the query reads; the first is the central one. */
  readonly stores: readonly EncryptedBucket[];
  /** ARNs of the topics by name. */
  readonly topicArns: Readonly<Record<string, pulumi.Input<string>>>;
  /** ARN of the key that encrypts the topics. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** ARN of the log group, without `:*`. */
  readonly logGroupArn: pulumi.Input<string>;
}

/**
 * The state machine of one route, with a role that may ask its query and publish to its topics and
 * nothing else.
 *
 * @example
 * new ResultRoute(`${name}-disks`, { account, prefix: "cf", region, route, database, workgroup, stores, topicArns, kmsKeyArn: key.arn, logGroupArn }, { parent: this });
 */
export class ResultRoute extends pulumi.ComponentResource {
  readonly machineArn: pulumi.Output<string>;

  constructor(name: string, args: ResultRouteArgs, opts: InAccount) {
    super("fleet:index:ResultRoute", name, { route: args.route.name }, opts);
    const { prefix, region, route } = args;
    const { roleArn, policy } = this.role(name, args);
    const machine = new aws.sfn.StateMachine(
      `${name}-machine`,
      {
        name: routeName(prefix, route.name),
        definition: definitionOf(args),
        roleArn,
        type: "STANDARD",
        loggingConfiguration: {
          level: "ERROR",
          includeExecutionData: false,
          logDestination: pulumi.interpolate`${args.logGroupArn}:*`,
        },
        region,
      },
      // Step Functions looks at once whether the role may deliver logs.
      { parent: this, deleteBeforeReplace: true, dependsOn: [policy] },
    );
    this.machineArn = machine.arn;
    this.registerOutputs({ machineArn: this.machineArn });
  }

  private role(name: string, args: ResultRouteArgs) {
    const { account, prefix, region, route, topicArns, kmsKeyArn } = args;
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `Role that Step Functions assumes for the result route ${route.name}`,
        assumeRolePolicy: trust(routeMachine(account, region, prefix, route.name)),
      },
      { parent: this },
    );
    const topics = [...new Set(route.rules.map(({ topic }) => topicArns[topic] ?? ""))];
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: permissions(
          mayQueryForRoute(account, region, prefix),
          ...mayReadRunOutput(args),
          mayNotify(topics),
          mayEncryptMessages(account, region, kmsKeyArn),
          mayDeliverLogs(),
        ),
      },
      { parent: this },
    );
    return { roleArn: role.arn, policy };
  }
}

const definitionOf = (args: ResultRouteArgs): pulumi.Output<string> => {
  const { account, route, database, workgroup, topicArns } = args;
  return pulumi
    .all([database, workgroup, pulumi.all(topicArns)])
    .apply(([inDatabase, inWorkgroup, topics]) =>
      JSON.stringify(
        routeDefinition(
          route.name,
          account.partition,
          {
            sql: route.sql,
            parameters: route.parameters,
            database: inDatabase,
            workgroup: inWorkgroup,
          },
          route.rules,
          topics,
        ),
      ),
    );
};
