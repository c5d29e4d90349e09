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
import { permissions, trust } from "../policy.js";

export interface BootstrapRolesArgs {
  readonly account: Account;
  readonly prefix: string;
}

/**
 * The bootstrap product's roles, once per account: the automation's, which the runbook works as,
 * that of the runbook which finds lost bootstraps, and the rules', which start both.
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
    const { account, prefix } = args;
    const automation = new aws.iam.Role(
      `${name}-automation`,
      {
        description: `What the runbook ${bootstrapDocumentName(prefix)} works as`,
        assumeRolePolicy: trust(automationsOfThisAccount(account)),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-automation`,
      {
        role: automation.name,
        policy: permissions(
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
        ),
      },
      { parent: this },
    );
    const reconcile = new aws.iam.Role(
      `${name}-reconcile`,
      {
        description: `What the runbook ${reconcileDocumentName(prefix)} works as`,
        assumeRolePolicy: trust(automationsOfThisAccount(account)),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-reconcile`,
      {
        role: reconcile.name,
        policy: permissions(
          mayReadInstances(),
          mayReadRuns(account),
          mayNotifyOfMissedBootstraps(account),
        ),
      },
      { parent: this },
    );
    const rules = new aws.iam.Role(
      `${name}-rules`,
      {
        description: `What the rules of ${bootstrapDocumentName(prefix)} start it as`,
        assumeRolePolicy: trust(rulesOfThisProduct(account, prefix)),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-rules`,
      {
        role: rules.name,
        policy: permissions(
          mayStartRunbooks(account, prefix),
          mayPassAutomationRole([automation.arn, reconcile.arn]),
        ),
      },
      { parent: this },
    );
    this.automationRoleArn = automation.arn;
    this.rulesRoleArn = rules.arn;
    this.reconcileRoleArn = reconcile.arn;
    this.registerOutputs({
      automationRoleArn: this.automationRoleArn,
      rulesRoleArn: this.rulesRoleArn,
      reconcileRoleArn: this.reconcileRoleArn,
    });
  }
}
