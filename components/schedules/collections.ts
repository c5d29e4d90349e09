import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { roleArn } from "../arns.js";
import { automationsOfThisAccount, mayFollowCommands, mayReadSteps } from "../automation-grants.js";
import {
  mayPutCompliance,
  mayPutInventory,
  mayReadCommandAnswers,
  maySendCollecting,
} from "./collect-grants.js";
import { collectName, collectScheduleName, scriptDocumentName } from "../names.js";
import type { Grant } from "../policy.js";
import { permissions, trust } from "../policy.js";
import type { LogAccount } from "../log-account.js";
import { mayCommandHosts, mayReadGroups } from "../runs/run-grants.js";
import type { ScheduleTarget, ScheduleWork } from "./run-schedule.js";
import { RunSchedule, stringMap } from "./run-schedule.js";
import { ScheduleRole } from "./schedule-role.js";

/** When a host complies: each row of its answer has the field, and for its value this holds. */
export interface ComplianceRule {
  readonly field: string;
  /** `atMost` and `atLeast` are for numbers. */
  readonly operator: "equals" | "notEquals" | "atMost" | "atLeast";
  readonly value: string;
  readonly severity: "CRITICAL" | "HIGH" | "MEDIUM" | "LOW" | "INFORMATIONAL" | "UNSPECIFIED";
}

/** A script whose answers become inventory, compliance, or both. */
export interface Collection {
  /** A script of the log account's library. */
  readonly script: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly target: ScheduleTarget;
  /** `rate(…)` or `cron(…)`, in the time zone. */
  readonly expression: string;
  readonly timeZone?: string;
  readonly maxConcurrency: string;
  readonly maxErrors: string;
  /** `Custom:…` */
  readonly inventory?: string;
  readonly compliance?: { readonly type: string; readonly rules: readonly ComplianceRule[] };
}

export interface CollectionsArgs {
  /** The member account. */
  readonly account: Account;
  readonly prefix: string;
  readonly regions: readonly string[];
  /** The log account, whose scripts are run. */
  readonly source: LogAccount;
  /** The runbook, as YAML. */
  readonly runbook: string;
  /** By name: 2-30 letters a-z, digits or -. At least one. */
  readonly collections: Readonly<Record<string, Collection>>;
}

/** The shortest duration that AWS takes: the automation begins when the window opens, and goes on when it closes. */
const WINDOW = { durationHours: 1, cutoffHours: 0 };

/**
 * Scripts that run on a schedule in each Region of an account, and whose answers Systems Manager shows by host: as custom
 * inventory, and as whether the host complies with rules.
 *
 * @example
 * new Collections("collect", { account, prefix: "cf", regions: ["eu-central-1"], source, runbook, collections: { reboots } }, { provider });
 */
export class Collections extends pulumi.ComponentResource {
  /** ARN of the role that the runbook assumes. */
  readonly roleArn: pulumi.Output<string>;
  /** Ids of the windows, by Region and collection. */
  readonly windowIds: Readonly<Record<string, Readonly<Record<string, pulumi.Output<string>>>>>;

  constructor(name: string, args: CollectionsArgs, opts: InAccount) {
    super("fleet:index:Collections", name, {}, opts);
    const { account, prefix, regions, source } = args;
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: collectName(prefix),
        description: "Role that Automation assumes to collect custom inventory and compliance",
        assumeRolePolicy: trust(automationsOfThisAccount(account)),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-role`,
      { role: role.name, policy: permissions(...grantsOf(args)) },
      { parent: this },
    );
    const works = Object.entries(args.collections).map(
      ([collection, entry]) => [collection, entry, workOf(args, collection, entry)] as const,
    );
    const windows = new ScheduleRole(
      `${name}-windows`,
      { account, source, works: works.map(([, , work]) => work) },
      { parent: this },
    );
    const idsByRegion = regions.map((region) => {
      const runbook = this.runbookIn(name, region, args);
      const ids = works.map(([collection, entry, work]) => {
        const { target, expression, timeZone, maxConcurrency, maxErrors } = entry;
        const paced = { target, expression, maxConcurrency, maxErrors };
        const window = { roleArn: windows.roleArn, ...WINDOW, timeZone };
        const schedule = collectScheduleName(collection);
        const { scheduleId } = new RunSchedule(
          `${name}-${collection}-${region}`,
          { account, prefix, region, schedule, work, ...paced, window, source },
          { parent: this, dependsOn: [runbook, policy] },
        );
        return [collection, scheduleId] as const;
      });
      return [region, Object.fromEntries(ids)] as const;
    });
    this.windowIds = Object.fromEntries(idsByRegion);
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }

  private runbookIn(name: string, region: string, { prefix, runbook }: CollectionsArgs) {
    return new aws.ssm.Document(
      `${name}-${region}-runbook`,
      {
        name: collectName(prefix),
        documentType: "Automation",
        documentFormat: "YAML",
        content: runbook,
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
  }
}

function grantsOf({ account, source, collections }: CollectionsArgs): Grant[] {
  const entries = Object.values(collections);
  const scripts = [...new Set(entries.map(({ script }) => script))].sort();
  const types = [...new Set(entries.flatMap(({ inventory }) => inventory ?? []))].sort();
  return [
    maySendCollecting(account, source, scripts),
    mayCommandHosts(account),
    mayFollowCommands(),
    mayReadSteps(account),
    mayReadCommandAnswers(),
    mayReadGroups(),
    ...(types.length > 0 ? [mayPutInventory(types)] : []),
    ...(entries.some(({ compliance }) => compliance) ? [mayPutCompliance(account)] : []),
  ];
}

/** The parameters of the runbook. Empty lists are left out, because AWS refuses them. */
function workOf(
  { account, prefix, source }: CollectionsArgs,
  collection: string,
  { script, parameters, target, maxConcurrency, maxErrors, inventory, compliance }: Collection,
): ScheduleWork {
  return {
    what: "runbook",
    name: collectName(prefix),
    roleArn: roleArn(account, collectName(prefix)),
    parameters: {
      Collection: collection,
      Document: scriptDocumentName(source.prefix, script),
      DocumentOwner: source.accountId,
      Parameters: stringMap(parameters),
      TargetKey: target.key,
      TargetValues: target.values,
      ...(inventory !== undefined && { InventoryType: inventory }),
      ...(compliance && {
        ComplianceType: compliance.type,
        Rules: compliance.rules.map(ruleText),
      }),
      MaxConcurrency: maxConcurrency,
      MaxErrors: maxErrors,
    },
  };
}

/** A rule in the form that the runbook parses: the first three parts have no blanks. */
const ruleText = ({ severity, field, operator, value }: ComplianceRule): string =>
  `${severity} ${field} ${operator} ${value}`;
