import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type { LogAccount } from "../components/log-account.js";
import type { Served, Wanted } from "../lib/log-and-member.js";
import { mismatches } from "../lib/log-and-member.js";
import type { ConfigProblem, MemberConfig } from "./config.js";
import { accountId, ConfigError, expected, oneOf, partitions, take, text } from "./config.js";

const name = text(/\S/, "text");

const byRegion = z.record(z.string(), name, expected("names by Region"));

const runOutputs = z.object(
  {
    /** Ids of the accounts that scripts run in. */
    accounts: z.array(accountId, expected("account ids")),
    /** Name of the runbook. */
    runbook: name,
    /** Its ARN by Region. */
    runbookArns: byRegion,
    /** Name of the bucket for output by Region. */
    buckets: byRegion,
    /** ARNs of the keys that encrypt those buckets, the central one's first. */
    keyArns: z.array(name, expected("ARNs of keys")),
    /** The Glue database and the Athena workgroup over the output, in the first Region. */
    database: name,
    workgroup: name,
    administrationRoleArn: name,
    /** Names of the roles that every account of the runs has. */
    executionRoleName: name,
    readerRoleName: name,
    /** The role of people who run scripts; absent where the config names none. */
    operatorRoleArn: name.optional(),
    /** The library: ARN of the document by Region, by name of the script. */
    scripts: z.record(z.string(), byRegion, expected("scripts by name")),
  },
  expected("what runs need"),
);

/** What the log stack tells of scripts over accounts. */
export type RunOutputs = z.output<typeof runOutputs>;

const logOutputs = z.object({
  account: accountId,
  partition: oneOf(partitions),
  /** Regions in which packages can be installed; the first has bucket and key. */
  regions: z.array(name, expected("a list of Regions")),
  prefix: name,
  /** Name of the central bucket. */
  bucket: name,
  kmsKeyArn: name,
  packages: z.record(
    z.string(),
    z.object(
      {
        version: name,
        /** ARN of the document by Region. */
        arns: z.record(z.string(), name),
        /** Names of the parameters of the member's account that its scripts read. */
        secrets: z.array(name).default([]),
        /** Ids of the accounts that may install it; absent in a stack that was deployed before it told them. */
        sharedWith: z.array(accountId).optional(),
      },
      expected("a package"),
    ),
    expected("packages by name"),
  ),
  /** Scripts over accounts; absent where they run in none. */
  runs: runOutputs.optional(),
});

/** What the log stack exports. Members read it: a rename breaks them, so a test pins the names. */
export type LogOutputs = z.output<typeof logOutputs>;

/** What a member stack exports, for people and for the tools that launch and repair hosts. */
export interface MemberOutputs {
  account: string;
  /** By Region: the URL of the queue of events whose bootstrap could not be started. */
  deadLetterQueueUrls: Record<string, string>;
  /** By Region: the URL of the queue of bootstraps that started and failed. */
  failureQueueUrls: Record<string, string>;
  /** By Region: the ARN of the topic that tells of both. */
  failureTopicArns: Record<string, string>;
  /** Name of the profile for instances that are launched outside this stack. */
  instanceProfile: string;
  /** By host name: the id of the instance. */
  hosts: Record<string, string>;
  /** ARN of the role of people who open sessions; absent where the config names none. */
  sessionUserRoleArn?: string;
}

/** Outputs as a program exports them: known, or known later. */
export type Exports<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };

/** Reads what the log stack exports. Throws a ConfigError when that is not what a log stack exports. */
export async function readLogOutputs(stack: string): Promise<LogOutputs> {
  const reference = new pulumi.StackReference("log", { name: stack });
  const names = Object.keys(logOutputs.shape);
  const values = await Promise.all(names.map((output) => reference.getOutputValue(output)));
  const problems: ConfigProblem[] = [];
  if (values.every((value) => value === undefined)) {
    const reason = "expected those of a log stack, got none; deploy it before its members";
    problems.push({ key: "outputs", reason });
  }
  const exported = Object.fromEntries(names.map((output, index) => [output, values[index]]));
  const log = problems.length > 0 ? undefined : take("outputs", exported, logOutputs, problems);
  if (log) return log;
  throw new ConfigError(`what stack "${stack}" exports`, problems);
}

/** The log account as a member's components know it. */
export const logAccount = ({ account, prefix }: LogOutputs): LogAccount => ({
  accountId: account,
  prefix,
});

/**
 * Where a member's packages come from. Throws a ConfigError when the log stack does not serve this
 * member, or does not share the packages that its hosts want.
 */
export function packageSource(log: LogOutputs, member: MemberConfig): LogAccount {
  const problems = mismatches(servedBy(member.logStack, log), wantedBy(member));
  if (problems.length > 0) throw new ConfigError("the configuration", problems);
  return logAccount(log);
}

/** The log stack as its outputs tell it. */
const servedBy = (stack: string, log: LogOutputs): Served => ({
  stack,
  account: log.account,
  partition: log.partition,
  regions: log.regions,
  prefix: log.prefix,
  packages: Object.fromEntries(
    Object.entries(log.packages).map(([name, { sharedWith }]) => [name, sharedWith]),
  ),
});

const wantedBy = ({ account, regions, prefix, hosts }: MemberConfig): Wanted => ({
  account: account.id,
  partition: account.partition,
  regions,
  prefix,
  hosts: Object.fromEntries(Object.entries(hosts).map(([name, { packages }]) => [name, packages])),
});
