import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import {
  mayCommandEnabledInstances,
  mayFindCloudWatchConfigs,
  mayFindDirectories,
  mayPassAutomationRole,
  mayReadInstances,
  mayRequestBootstraps,
  mayNotifyOfMissedBootstraps,
  mayStartRunbooks,
  mayUseDocuments,
  mayWriteStatusTags,
  rulesOfThisProduct,
} from "./bootstrap-grants.js";
import {
  automationsOfThisAccount,
  mayFollowCommands,
  mayReadAgents,
  mayReadRuns,
  mayReadSteps,
} from "../automation-grants.js";
import { bootstrapDocumentName, reconcileDocumentName } from "../names.js";
import type { Grant, Trust } from "../policy.js";
import { permissions, trust } from "../policy.js";

export interface BootstrapRolesArgs {
  readonly account: Account;
  readonly prefix: string;
}

/**
 * The bootstrap product's roles, once per account: the bootstrap runbook's, that of the runbook which
 * finds lost bootstraps, and that of the rules, which start both.
 *
 * @example
 * new BootstrapRoles(`${name}-roles`, { account, prefix: "cf" }, { parent: this });
 */
export class BootstrapRoles extends pulumi.ComponentResource {
  readonly automationRoleArn: pulumi.Output<string>;
  readonly rulesRoleArn: pulumi.Output<string>;
  readonly reconcileRoleArn: pulumi.Output<string>;

  constructor(name: string, args: BootstrapRolesArgs, opts: InAccount) {
    super("fleet:index:BootstrapRoles", name, {}, opts);
    const automation = this.automationRole(name, args);
    const reconcile = this.reconcileRole(name, args);
    const rules = this.rulesRole(name, args, [automation.arn, reconcile.arn]);
    this.automationRoleArn = automation.arn;
    this.rulesRoleArn = rules.arn;
    this.reconcileRoleArn = reconcile.arn;
    this.registerOutputs({
      automationRoleArn: this.automationRoleArn,
      rulesRoleArn: this.rulesRoleArn,
      reconcileRoleArn: this.reconcileRoleArn,
    });
  }

  private automationRole(name: string, { account, prefix }: BootstrapRolesArgs): aws.iam.Role {
    return this.role(`${name}-automation`, {
      description: `Role that Automation assumes to run ${bootstrapDocumentName(prefix)}`,
      trustedBy: automationsOfThisAccount(account),
      grants: [
        mayReadInstances(),
        mayReadAgents(),
        mayUseDocuments(account, prefix),
        mayCommandEnabledInstances(account),
        mayFollowCommands(),
        mayWriteStatusTags(account),
        mayReadSteps(account),
        mayReadRuns(account),
        mayFindCloudWatchConfigs(account),
        mayFindDirectories(),
        mayRequestBootstraps(account),
      ],
    });
  }

  private reconcileRole(name: string, { account, prefix }: BootstrapRolesArgs): aws.iam.Role {
    return this.role(`${name}-reconcile`, {
      description: `Role that Automation assumes to run ${reconcileDocumentName(prefix)}`,
      trustedBy: automationsOfThisAccount(account),
      grants: [mayReadInstances(), mayReadRuns(account), mayNotifyOfMissedBootstraps(account)],
    });
  }

  private rulesRole(
    name: string,
    { account, prefix }: BootstrapRolesArgs,
    passedRoleArns: readonly pulumi.Input<string>[],
  ): aws.iam.Role {
    return this.role(`${name}-rules`, {
      description: `Role that EventBridge assumes to start ${bootstrapDocumentName(prefix)} and ${reconcileDocumentName(prefix)}`,
      trustedBy: rulesOfThisProduct(account, prefix),
      grants: [mayStartRunbooks(account, prefix), mayPassAutomationRole(passedRoleArns)],
    });
  }

  private role(name: string, { description, trustedBy, grants }: ProductRole): aws.iam.Role {
    const role = new aws.iam.Role(
      name,
      { description, assumeRolePolicy: trust(trustedBy) },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      name,
      { role: role.name, policy: permissions(...grants) },
      { parent: this },
    );
    return role;
  }
}

interface ProductRole {
  readonly description: string;
  readonly trustedBy: Trust;
  readonly grants: readonly Grant[];
}
