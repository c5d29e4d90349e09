import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { runOperatorRoleName } from "../names.js";
import { permissions, trust } from "../policy.js";
import type { EncryptedBucket } from "../storage/private-bucket.js";
import type { RunAccounts } from "./run-accounts.js";
import {
  mayFollowRuns,
  mayListRuns,
  mayPassAdministrationRole,
  mayQueryRuns,
  mayReadInMembers,
  mayReadOrganisation,
  mayReadRunOutput,
  mayReadScripts,
  mayShareScripts,
  mayStartOwnRuns,
  runOperators,
} from "./run-operator-grants.js";

export interface RunOperatorArgs {
  /** The log account. */
  readonly account: Account;
  readonly prefix: string;
  /** Region of the central bucket, of database and workgroup. */
  readonly region: string;
  readonly accounts: RunAccounts;
  /** ARNs of the roles, users or accounts that may assume the role; at least one. */
  readonly principals: readonly string[];
  /** Whether they must have signed in with a second factor. @default false */
  readonly mfa?: boolean;
  readonly administrationRoleArn: pulumi.Input<string>;
  /** The buckets for output; the first is the central one. */
  readonly stores: readonly EncryptedBucket[];
}

/**
 * The role of people who run scripts over accounts, in the log account: with `fleet run`, or with
 * AWS's own tools.
 *
 * @example
 * new RunOperator(`${name}-operator`, { account, prefix: "cf", region: "eu-central-1", accounts, principals, administrationRoleArn, stores }, { parent: this });
 */
export class RunOperator extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: RunOperatorArgs, opts: InAccount) {
    super("fleet:index:RunOperator", name, { principals: args.principals }, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: runOperatorRoleName(args.prefix),
        description: "Role of people who run scripts over accounts and Regions",
        assumeRolePolicy: trust(runOperators(args.principals, args.mfa ?? false)),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new aws.iam.RolePolicy(
      `${name}-role`,
      { role: role.name, policy: permissions(...mayRunScripts(args)) },
      { parent: this },
    );
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

function mayRunScripts(args: RunOperatorArgs) {
  const { account, prefix, region, accounts } = args;
  return [
    mayStartOwnRuns(account, prefix),
    mayPassAdministrationRole(args.administrationRoleArn),
    mayFollowRuns(account),
    mayListRuns(),
    mayReadInMembers(account, prefix, accounts),
    mayShareScripts(account, prefix),
    mayReadScripts(account, prefix),
    mayReadOrganisation(),
    mayQueryRuns(account, region, prefix),
    ...mayReadRunOutput(args),
  ];
}
