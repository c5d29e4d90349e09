import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { ArgumentError } from "../arguments.js";
import type { BootstrapDocuments } from "./bootstrap-region.js";
import { BootstrapRegion } from "./bootstrap-region.js";
import { BootstrapRoles } from "./bootstrap-roles.js";
import type { CloudWatchConfig } from "./cloudwatch-configs.js";
import type { LogAccount } from "../log-account.js";
import { packageArnPrefix } from "../packages/package-arns.js";

export interface BootstrapProductArgs {
  /** The member account. */
  readonly account: Account;
  /** Begins every fixed name: 1-20 characters. */
  readonly prefix: string;
  /** Regions with hosts, at least one. */
  readonly regions: readonly string[];
  readonly documents: BootstrapDocuments;
  /** The log account's packages, from the outputs of its stack. */
  readonly packages: LogAccount;
  /** E-mail addresses to notify of failures; AWS asks each to confirm. @default none */
  readonly notify?: readonly string[];
  /** Configurations of the CloudWatch agent, by the name that a host's tag asks for. */
  readonly cloudWatch: Readonly<Record<string, CloudWatchConfig>>;
  /** How long the hosts' logs are kept, in days: one of CloudWatch's values. @default `defaultRetentionDays` */
  readonly logRetentionDays?: number;
}

/**
 * Bootstraps the EC2 instances of a member account: whenever one starts, or its tags change, a runbook sets it up as
 * its tags ask, and records the result in its tags. Driven by the tags in
 * `bootstrap-tags.ts`, so whoever launches instances needs nothing else.
 *
 * An instance that starts before this exists loses its event: let hosts depend on it.
 *
 * @example
 * new BootstrapProduct("bootstrap", { account, prefix: "cf", regions: ["eu-central-1"], documents, packages, cloudWatch }, { provider });
 */
export class BootstrapProduct extends pulumi.ComponentResource {
  /** By Region, the URL of the queue of events whose start failed. */
  readonly deadLetterQueueUrls: pulumi.Output<Record<string, string>>;
  /** By Region, the URL of the queue of runs that failed. */
  readonly failureQueueUrls: pulumi.Output<Record<string, string>>;
  /** By Region, the ARN of the topic that notifies of both. */
  readonly failureTopicArns: pulumi.Output<Record<string, string>>;

  /** The product in each Region; other components publish to its topics. */
  readonly inRegions: Readonly<Record<string, BootstrapRegion>>;

  constructor(name: string, args: BootstrapProductArgs, opts: InAccount) {
    check(name, args);
    const { account, prefix, regions, documents, notify, cloudWatch, logRetentionDays } = args;
    super("fleet:index:BootstrapProduct", name, { prefix, regions }, opts);
    const roles = new BootstrapRoles(`${name}-roles`, { account, prefix }, { parent: this });
    const inRegions = regions.map((region) => {
      const inRegion = new BootstrapRegion(
        `${name}-${region}`,
        {
          account,
          prefix,
          region,
          documents,
          packageArnPrefix: packageArnPrefix(args.packages, account.partition, region),
          automationRoleArn: roles.automationRoleArn,
          rulesRoleArn: roles.rulesRoleArn,
          reconcileRoleArn: roles.reconcileRoleArn,
          notify,
          cloudWatch,
          logRetentionDays,
        },
        { parent: this },
      );
      return [region, inRegion] as const;
    });
    this.inRegions = Object.fromEntries(inRegions);
    const byRegion = (value: (region: BootstrapRegion) => pulumi.Output<string>) =>
      pulumi.output(
        Object.fromEntries(inRegions.map(([region, inRegion]) => [region, value(inRegion)])),
      );
    this.deadLetterQueueUrls = byRegion(({ deadLetterQueueUrl }) => deadLetterQueueUrl);
    this.failureQueueUrls = byRegion(({ failureQueueUrl }) => failureQueueUrl);
    this.failureTopicArns = byRegion(({ failureTopicArn }) => failureTopicArn);
    this.registerOutputs({
      deadLetterQueueUrls: this.deadLetterQueueUrls,
      failureQueueUrls: this.failureQueueUrls,
      failureTopicArns: this.failureTopicArns,
    });
  }
}

/** SSM's limit for a document, in bytes. */
const maxDocumentBytes = 64 * 1024;

function check(name: string, { regions, documents }: BootstrapProductArgs): void {
  const problems: pulumi.InputPropertyErrorDetails[] = [];
  if (regions.length === 0) {
    problems.push({ propertyPath: "regions", reason: "expected at least one Region, got none" });
  }
  for (const [document, content] of Object.entries(documents)) {
    const bytes = Buffer.byteLength(String(content));
    if (bytes <= maxDocumentBytes) continue;
    const reason = `expected at most ${maxDocumentBytes} bytes, got ${bytes}`;
    problems.push({ propertyPath: `documents.${document}`, reason });
  }
  if (problems.length > 0) throw new ArgumentError(`BootstrapProduct "${name}"`, problems);
}
