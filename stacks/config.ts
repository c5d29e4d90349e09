import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { defaultRetentionDays } from "../components/bootstrap/cloudwatch-configs.js";
import { defaultQueryLimit } from "../components/results/run-queries.js";
import { collectScheduleName } from "../components/names.js";
import { outputDaysLimits } from "../components/storage/bucket-settings.js";
import { tmpDaysLimits } from "../components/storage/central-bucket.js";
import { takeBootstrap } from "./config/bootstrap.js";
import { identityCenterOf, sessionUsersOf } from "./config/access.js";
import { takeCollect } from "./config/collect.js";
import { accountList, endpointList } from "./config/endpoints.js";
import { takeHosts } from "./config/hosts.js";
import { takePackages } from "./config/packages.js";
import { cloudWatchNames } from "./config/cloudwatch.js";
import { readNamedQueries } from "../queries/loader/named-queries.js";
import { takeRoutes } from "./config/routes.js";
import { takeRuns } from "./config/runs.js";
import { takeSchedules } from "./config/schedules.js";
import type { ConfigProblem } from "./config/error.js";
import { didYouMean } from "../lib/did-you-mean.js";
import { ConfigError } from "./config/error.js";
import type { Reader } from "./config/fields.js";
import { isRecord } from "../lib/record.js";
import {
  accountId,
  expected,
  oneOf,
  optional,
  take,
  text,
  trimmed,
  wholeNumber,
} from "./config/fields.js";
import type { Common, FleetConfig, LogConfig, MemberConfig } from "./config/fleet-config.js";
import { namespaceProblems, stackNameProblems } from "./config/stack.js";
import { packageLineProblems } from "./config/syntax.js";
import type { Project } from "./config/project.js";
import { projectAt, readLock } from "./config/project.js";
import { regionList } from "./config/region-list.js";
import { removals } from "./removal.js";
import { warningsOf } from "./config/warnings.js";
import { partitions } from "../lib/partitions.js";

export type { FleetConfig, LogConfig, MemberConfig } from "./config/fleet-config.js";
export type { IdentityCenter } from "./config/access.js";
export type { ConfigProblem } from "./config/error.js";
export { ConfigError } from "./config/error.js";
export { take } from "./config/fields.js";
export type { PackageConfig } from "./config/packages.js";
export type { Project } from "./config/project.js";
export { projectAt, readLock } from "./config/project.js";
export type { RunsConfig } from "./config/runs.js";
export type { ScheduleConfig } from "./config/schedules.js";
export { library } from "./config/script-use.js";
export { lineProblem, packageLineProblems, scriptSyntaxProblems } from "./config/syntax.js";

/** Every key: the role that reads it (all when absent) and its default. */
export const keys: Readonly<Record<string, { role?: "log" | "member"; default?: unknown }>> = {
  role: {},
  account: {},
  partition: { default: "aws" },
  regions: {},
  prefix: { default: "cf" },
  assumeRole: { default: "" },
  onRemove: { default: "keep" },
  kmsKeyArn: { role: "log", default: "" },
  tmpDays: { role: "log", default: tmpDaysLimits.preset },
  packages: { role: "log", default: [] },
  packagesLock: { role: "log", default: "packages.lock.json" },
  identityCenter: { role: "log", default: {} },
  runAccounts: { role: "log", default: [] },
  runners: { role: "log", default: {} },
  outputRegions: { role: "log", default: [] },
  outputDays: { role: "log", default: outputDaysLimits.preset },
  queryLimitBytes: { role: "log", default: defaultQueryLimit },
  routes: { role: "log", default: [] },
  routeTopics: { role: "log", default: {} },
  logStack: { role: "member", default: "organization/fleet/log" },
  notify: { role: "member", default: [] },
  cloudwatchConfigs: { role: "member", default: {} },
  logRetentionDays: { role: "member", default: defaultRetentionDays },
  vpc: { role: "member", default: "" },
  hosts: { role: "member", default: {} },
  endpoints: { role: "member", default: [] },
  endpointAccounts: { role: "member", default: [] },
  sessionUsers: { role: "member", default: {} },
  schedules: { role: "member", default: {} },
  collect: { role: "member", default: {} },
};

/** The stack's config as Pulumi has it. @throws ConfigError with all problems at once */
export async function readConfig(): Promise<FleetConfig> {
  const settings = pulumi.runtime.allConfig();
  const written = Object.entries(settings).flatMap(([key, value]) =>
    key.startsWith("fleet:") ? [[key.slice("fleet:".length), decoded(value)] as const] : [],
  );
  const raw = Object.fromEntries(written);
  const problems = [
    ...stackNameProblems(pulumi.getStack()),
    ...namespaceProblems(Object.keys(settings)),
    ...(await packageLineProblems(raw["packages"])),
  ];
  const config = parseConfig(raw, projectAt(process.cwd()), problems);
  for (const { key, reason } of warningsOf(config)) void pulumi.log.warn(`${key}: ${reason}`);
  return config;
}

/** Pulumi hands lists and objects over as JSON; all else is text. */
function decoded(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * Checks values by key (without `fleet:`). Throws a ConfigError with all problems at once, those that
 * were found before among them.
 */
export function parseConfig(
  raw: Readonly<Record<string, unknown>>,
  project: Project,
  found: readonly ConfigProblem[] = [],
): FleetConfig {
  const problems = [...found];
  const read: Reader = (key, schema) =>
    take(`fleet:${key}`, raw[key] ?? keys[key]?.default, schema, problems);
  const role = read("role", oneOf(["log", "member"]));
  problems.push(...strangers(raw, role));
  const common = readCommon(read);
  // A stack without a role is read as both, so that every mistake in it is reported.
  const log = role === "member" ? undefined : readLog(read, common, project, problems);
  const member = role === "log" ? undefined : readMember(read, common, raw, project, problems);
  if (problems.length > 0) throw new ConfigError("the configuration", problems);
  // Without problems every value has been read.
  return { role, ...common, ...log, ...member } as FleetConfig;
}

function readCommon(read: Reader): Partial<Common> {
  const id = read("account", accountId);
  const partition = read("partition", oneOf(partitions));
  const regions = read("regions", regionList(partition));
  const prefix = read("prefix", prefixText);
  const assumeRole = read("assumeRole", optional(roleArn(id, partition)));
  const onRemove = read("onRemove", oneOf(removals));
  const account = id && partition ? { id, partition } : undefined;
  return { account, regions, prefix, assumeRole, onRemove };
}

function readLog(
  read: Reader,
  { account, regions, prefix }: Partial<Common>,
  project: Project,
  problems: ConfigProblem[],
): Omit<LogConfig, keyof Common | "role"> {
  const kmsKeyArn = read("kmsKeyArn", optional(keyArn(account?.partition, regions?.[0])));
  const { least, most, preset } = tmpDaysLimits;
  const tmpDays = read("tmpDays", wholeNumber(least, most, "days")) ?? preset;
  const packagesLock = read("packagesLock", trimmed("a path relative to the project")) ?? "";
  const lock = project.checkLock === false ? undefined : readLock(packagesLock, project, problems);
  const entries = read("packages", z.array(z.unknown(), expected("a list"))) ?? [];
  const context = { account, regions, prefix, files: project, lock, lockFile: packagesLock };
  const identityCenter = read("identityCenter", identityCenterOf(account?.partition));
  const packages = takePackages(entries, context, problems);
  const runs = takeRuns(read, account?.partition, account?.id, regions, problems);
  const routes = takeRoutes(read, readNamedQueries(), runs !== undefined, problems);
  return { kmsKeyArn, tmpDays, packagesLock, packages, identityCenter, runs, routes };
}

function readMember(
  read: Reader,
  { account, prefix = "" }: Partial<Common>,
  raw: Readonly<Record<string, unknown>>,
  project: Project,
  problems: ConfigProblem[],
): Omit<MemberConfig, keyof Common | "role"> {
  const logStack = read("logStack", text(/^[\w.-]+(\/[\w.-]+){0,2}$/, "the name of a stack")) ?? "";
  const vpcName = trimmed("the Name tag or id of the VPC that the hosts live in");
  const anyHosts = isRecord(raw["hosts"]) && Object.keys(raw["hosts"]).length > 0;
  const endpoints = read("endpoints", endpointList) ?? [];
  const endpointAccounts = read("endpointAccounts", accountList) ?? [];
  const vpc = read("vpc", anyHosts || endpoints.length > 0 ? vpcName : optional(vpcName));
  const entries = read("hosts", z.record(z.string(), z.unknown(), expected("an object"))) ?? {};
  const hosts = takeHosts(entries, cloudWatchNames(raw["cloudwatchConfigs"]), problems);
  const sessionUsers = read("sessionUsers", sessionUsersOf(account?.partition));
  const network = { vpc, endpoints, endpointAccounts };
  const bootstrap = takeBootstrap(read, prefix, project, problems);
  const timed = { schedules: takeSchedules(read, problems), collect: takeCollect(read, problems) };
  problems.push(...sharedNames(timed));
  return { logStack, ...bootstrap, ...network, hosts, sessionUsers, ...timed };
}

/** A collection is a schedule under a name of its own, by which its answers are kept. */
const sharedNames = ({ collect, schedules }: Pick<MemberConfig, "collect" | "schedules">) =>
  Object.keys(collect).flatMap((collection): ConfigProblem[] => {
    const name = collectScheduleName(collection);
    if (!Object.hasOwn(schedules, name)) return [];
    const reason = `expected another name than that of the window of fleet:collect.${collection}, got "${name}"; rename one of them`;
    return [{ key: `fleet:schedules.${name}`, reason }];
  });

/** Keys that nobody reads, and keys that only a stack of another role reads. */
function strangers(raw: Readonly<Record<string, unknown>>, role?: string): ConfigProblem[] {
  return Object.entries(raw).flatMap(([key, value]) => {
    const known = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (!known) {
      const names = Object.keys(keys);
      const reason = `expected one of the keys ${names.join(", ")}${didYouMean(key, names)}`;
      return [{ key: `fleet:${key}`, reason }];
    }
    // Pulumi.yaml sets every default in every stack, and passes numbers as text.
    const unset = [value, Number(value)].some(
      (candidate) => JSON.stringify(candidate) === JSON.stringify(known.default),
    );
    if (!role || !known.role || known.role === role || unset) return [];
    const reason = `expected only in a stack of role ${known.role}; this one is ${role}: remove it, or move it`;
    return [{ key: `fleet:${key}`, reason }];
  });
}

const prefixText = text(
  /^(?!aws|amazon|amzn)[a-z][a-z0-9-]{0,19}$/,
  "1-20 letters a-z, digits or -, beginning with a letter and not with aws, amazon or amzn, which AWS reserves",
);

const roleArn = (account = "\\d{12}", partition: string = "aws[a-z-]*") =>
  text(
    new RegExp(`^arn:${partition}:iam::${account}:role/[\\w+=,.@/-]+$`),
    "the ARN of a role in the stack's account",
  );

const keyArn = (partition: string = "aws[a-z-]*", region = "[a-z0-9-]+") =>
  text(
    new RegExp(`^arn:${partition}:kms:${region}:\\d{12}:key/[\\w-]+$`),
    "the ARN of a KMS key in the stack's first Region",
    "a bucket's key is in the bucket's Region; an alias is not enough",
  );
