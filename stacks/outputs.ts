import * as pulumi from "@pulumi/pulumi";
import type { LogAccount } from "../components/log-account.js";
import type { Served, Wanted } from "../lib/log-and-member.js";
import { mismatches } from "../lib/log-and-member.js";
import type { LogOutputs } from "../lib/log-outputs.js";
import { logOutputs } from "../lib/log-outputs.js";
import type { ConfigProblem, MemberConfig } from "./config.js";
import type { Removal } from "./removal.js";
import { ConfigError, take } from "./config.js";

/** What the log stack exports for its own next deployment. */
export interface LogHistory {
  onRemove: Removal;
  /** ARN of the key that the stack made itself; empty: none. */
  ownKeyArn: string;
  /** ARNs of keys that encrypted objects of the central bucket before the present one. */
  earlierKeyArns: string[];
  /** By package: every version that was published, in order. */
  publishedVersions: Record<string, string[]>;
}

/** What a member stack exports, for people and for the tools that launch and repair hosts. */
export interface MemberOutputs {
  account: string;
  /** These three for its own next deployment, which says what is removed. */
  regions: string[];
  prefix: string;
  onRemove: Removal;
  /** By Region: the URL of the queue of events whose bootstrap could not be started. */
  deadLetterQueueUrls: Record<string, string>;
  /** By Region: the URL of the queue of bootstraps that started and failed. */
  failureQueueUrls: Record<string, string>;
  /** By Region: the ARN of the topic that notifies of both. */
  failureTopicArns: Record<string, string>;
  /** Name of the profile for instances that are launched outside this stack. */
  instanceProfile: string;
  /** By host name: the id of the instance. */
  hosts: Record<string, string>;
  /** By host name: the public parameter of the image that the instance was launched from. */
  images: Record<string, string>;
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

/** The log stack as its outputs describe it. */
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
