import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { permissions, trust } from "../policy.js";
import { maySession, sessionUsers } from "./session-grants.js";

export interface SessionUserRoleArgs {
  /** The member account. */
  readonly account: Account;
  /** ARNs of the roles, users or accounts that may assume the role; at least one. */
  readonly principals: readonly string[];
  /**
   * Whether they must have signed in with a second factor. Not for roles of Identity Center, whose
   * credentials do not say so. @default false
   */
  readonly mfa?: boolean;
}

/**
 * The role of people who open sessions: shells on the hosts that the bootstrap looks after, by their
 * tag, and nothing else. Whoever assumes it ends and resumes only sessions of their own.
 *
 * @example
 * new SessionUserRole("sessions", { account, principals: ["arn:aws:iam::333333333333:role/Operators"] }, { provider });
 */
export class SessionUserRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: SessionUserRoleArgs, opts: InAccount) {
    super("fleet:index:SessionUserRole", name, { principals: args.principals }, opts);
    const { account, principals, mfa = false } = args;
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "Role of people who open Session Manager sessions on managed hosts",
        assumeRolePolicy: trust(sessionUsers(principals, mfa)),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-role`,
      { role: role.name, policy: permissions(...maySession(account)) },
      { parent: this },
    );
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
