import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import {
  automationsOfThisAccount,
  mayFollowCommands,
  mayReadAgents,
} from "../automation-grants.js";
import { executionRoleName, runReaderRoleName } from "../names.js";
import type { OutputBuckets } from "../storage/output-grants.js";
import { mayEncryptAnswers, mayLookUpOutput, mayRecordAnswers } from "../storage/output-grants.js";
import { permissions, trust } from "../policy.js";
import type { LogAccount } from "../log-account.js";
import {
  administratorOfRuns,
  mayCommandHosts,
  mayFollowSharedRuns,
  mayPassItself,
  mayReadGroups,
  maySendScripts,
  mayStartRuns,
} from "./run-grants.js";
import { mayReadHosts, readersOfRuns } from "./run-reader-grants.js";

export interface RunTargetArgs {
  /** The member account. */
  readonly account: Account;
  /** The log account, from the outputs of its stack. */
  readonly source: LogAccount;
  /** Where output and answers are kept. */
  readonly output: OutputBuckets;
  /** Whether the log account has a role of its own for people who run scripts. */
  readonly hasOperator: boolean;
}

/**
 * What an account needs so that scripts of the log account run on its hosts: the role that the runs
 * assume, and a role by which the people who run them see the hosts.
 *
 * @example
 * new RunTarget("runs", { account, source: { accountId: "111111111111", prefix: "cf" }, output, hasOperator: true }, { provider });
 */
export class RunTarget extends pulumi.ComponentResource {
  readonly executionRoleArn: pulumi.Output<string>;

  constructor(name: string, args: RunTargetArgs, opts: InAccount) {
    super("fleet:index:RunTarget", name, {}, opts);
    this.executionRoleArn = this.executionRole(name, args).arn;
    this.readerRole(name, args);
    this.registerOutputs({ executionRoleArn: this.executionRoleArn });
  }

  /** The role that runs assume in this account. */
  private executionRole(name: string, { account, source, output }: RunTargetArgs): aws.iam.Role {
    const role = new aws.iam.Role(
      `${name}-execution`,
      {
        name: executionRoleName,
        description:
          "Role that automations of the log account assume to run scripts in this account",
        assumeRolePolicy: trust(
          administratorOfRuns(account, source),
          automationsOfThisAccount(account),
        ),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new aws.iam.RolePolicy(
      `${name}-execution`,
      {
        role: role.name,
        policy: permissions(
          mayStartRuns(account, source),
          mayPassItself(account),
          mayFollowSharedRuns(account),
          maySendScripts(account, source),
          mayCommandHosts(account),
          mayFollowCommands(),
          mayReadAgents(),
          mayReadGroups(),
          mayRecordAnswers(account, output),
          mayLookUpOutput(account, output),
          mayEncryptAnswers(account, output),
        ),
      },
      { parent: this },
    );
    return role;
  }

  /** The role by which people who run scripts see the hosts of this account. */
  private readerRole(name: string, { account, source, hasOperator }: RunTargetArgs): void {
    const role = new aws.iam.Role(
      `${name}-reader`,
      {
        name: runReaderRoleName(source.prefix),
        description: "Role by which people of the log account list the hosts of this account",
        assumeRolePolicy: trust(readersOfRuns(account, source, hasOperator)),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new aws.iam.RolePolicy(
      `${name}-reader`,
      { role: role.name, policy: permissions(mayReadHosts()) },
      { parent: this },
    );
  }
}
