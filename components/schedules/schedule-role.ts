import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { mayFollowCommands } from "../automation-grants.js";
import type { Grant } from "../policy.js";
import { permissions, trust } from "../policy.js";
import type { LogAccount } from "../log-account.js";
import { mayCommandHosts, mayReadGroups, mayStartRuns } from "../runs/run-grants.js";
import type { ScheduleWork } from "./run-schedule.js";
import {
  executionRoleArn,
  mayPassRunRoles,
  maySendDocuments,
  mayStartScheduledRunbooks,
  windowsOfThisAccount,
} from "./schedule-grants.js";

export interface ScheduleRoleArgs {
  readonly account: Account;
  /** The log account; needed where there are scripts. */
  readonly source: LogAccount;
  /** What the windows start, at least one. */
  readonly works: readonly ScheduleWork[];
}

/**
 * The role that the maintenance windows of an account assume: it may start their tasks, and nothing else.
 *
 * @example
 * new ScheduleRole("windows", { account, source: { accountId: "111111111111", prefix: "cf" }, works: [{ what: "script", name: "facts", parameters: {} }] }, { provider });
 */
export class ScheduleRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: ScheduleRoleArgs, opts: InAccount) {
    super("fleet:index:ScheduleRole", name, {}, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "Role that maintenance windows assume to start their tasks",
        assumeRolePolicy: trust(windowsOfThisAccount(args.account)),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-role`,
      { role: role.name, policy: permissions(...grantsOf(args)) },
      { parent: this },
    );
    // A window that opens before the role has its policy would fail.
    this.roleArn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

function grantsOf({ account, source, works }: ScheduleRoleArgs): Grant[] {
  const names = (what: ScheduleWork["what"]) =>
    [...new Set(works.filter((work) => work.what === what).map(({ name }) => name))].sort();
  const [scripts, documents, runbooks] = [names("script"), names("document"), names("runbook")];
  const handed = works.flatMap((work) => (work.what === "runbook" ? [work.roleArn] : []));
  const roles = [...(scripts.length > 0 ? [executionRoleArn(account)] : []), ...handed];
  return [
    ...(scripts.length > 0 ? [mayStartRuns(account, source)] : []),
    ...(runbooks.length > 0 ? [mayStartScheduledRunbooks(account, runbooks)] : []),
    ...(roles.length > 0 ? [mayPassRunRoles([...new Set(roles)].sort())] : []),
    ...(documents.length > 0
      ? [
          maySendDocuments(account, documents),
          mayCommandHosts(account),
          mayFollowCommands(),
          mayReadGroups(),
        ]
      : []),
  ];
}
