// Configs that are right, for tests that make one thing wrong.
import type { FleetConfig, LogConfig, MemberConfig } from "../../stacks/config.js";
import { parseConfig } from "../../stacks/config.js";
import type { Project } from "../../stacks/config/project.js";
import { projectAt } from "../../stacks/config/project.js";

type Values = Readonly<Record<string, unknown>>;

/** A configuration of the CloudWatch agent that writes to one log group. */
export const agentConfig = (group: string): string =>
  logsOf({ file_path: "/var/log/tool.log", log_group_name: `/\${prefix}/ec2/${group}` });

/** A configuration of the CloudWatch agent that collects files. */
export const logsOf = (...collect_list: readonly object[]): string =>
  JSON.stringify({ logs: { logs_collected: { files: { collect_list } } } });

/** Files by path; the lock is not checked unless it is among them. */
export const project = (files: Readonly<Record<string, string>> = {}): Project => {
  const all: Record<string, string> = {
    "tools/tool": "#!/bin/sh\necho tool\n",
    "cloudwatch/linux.json": agentConfig("linux/journal"),
    "cloudwatch/windows.json": agentConfig("windows/system"),
    ...files,
  };
  return {
    read: (file) => (all[file] === undefined ? undefined : Buffer.from(all[file])),
    look: (file) => {
      if (all[file] !== undefined) return { kind: "file", size: all[file].length };
      const below = Object.keys(all).filter((path) => path.startsWith(`${file}/`));
      const names = below.map((path) => path.slice(file.length + 1).split("/")[0] ?? "");
      return below.length > 0 ? { kind: "folder", names: [...new Set(names)] } : undefined;
    },
    checkLock: "packages.lock.json" in files,
  };
};

/** An entry of `fleet:packages`. */
export const entry = (values: Values = {}): Values => ({
  name: "tool",
  version: "1.0.0",
  executable: "tools/tool",
  os: "linux",
  architecture: "_any",
  install: "cp tool /usr/local/bin/",
  uninstall: "rm -f /usr/local/bin/tool",
  share: ["222222222222"],
  ...values,
});

export const rawLog = (values: Values = {}): Values => ({
  role: "log",
  account: "111111111111",
  regions: ["eu-central-1"],
  packages: [entry()],
  ...values,
});

export const rawMember = (values: Values = {}): Values => ({
  role: "member",
  account: "222222222222",
  regions: ["eu-central-1"],
  vpc: "main",
  hosts: { web: { platform: "linux", packages: ["tool"] } },
  ...values,
});

/** The same in China. */
export const inChina: Values = { partition: "aws-cn", regions: ["cn-north-1"] };

export const logConfig = (values: Values = {}): LogConfig =>
  parseConfig(rawLog(values), project()) as FleetConfig & LogConfig;

export const memberConfig = (values: Values = {}, files = project()): MemberConfig =>
  parseConfig(rawMember(values), files) as FleetConfig & MemberConfig;

/** The project's own files. */
export const realFiles = (): Project => projectAt(".");

/** What the log stack exports when `logConfig()` is deployed. */
export const logExports = (values: Values = {}): Record<string, unknown> => ({
  account: "111111111111",
  partition: "aws",
  regions: ["eu-central-1"],
  prefix: "cf",
  bucket: "packages-storage-bucket-log-1234567",
  kmsKeyArn: "arn:aws:kms:eu-central-1:111111111111:key/1",
  packages: {
    tool: {
      version: "1.0.0",
      arns: { "eu-central-1": "arn:aws:ssm:eu-central-1:111111111111:document/cf-package-tool" },
      secrets: [],
      sharedWith: ["222222222222"],
    },
  },
  ...values,
});

/** What it exports of runs, where scripts run in the account of `memberConfig()`. */
export const runExports = (values: Values = {}): Record<string, unknown> => ({
  accounts: ["222222222222"],
  runbook: "cf-run-script",
  runbookArns: { "eu-central-1": "arn:aws:ssm:eu-central-1:111111111111:document/cf-run-script" },
  buckets: {
    "eu-central-1": "packages-storage-bucket-log-1234567",
    "eu-west-1": "cf-output-111111111111-eu-west-1",
  },
  keyArns: ["arn:aws:kms:eu-central-1:111111111111:key/1"],
  database: "cf_runs",
  workgroup: "cf-runs",
  administrationRoleArn:
    "arn:aws:iam::111111111111:role/AWS-SystemsManager-AutomationAdministrationRole",
  executionRoleName: "AWS-SystemsManager-AutomationExecutionRole",
  readerRoleName: "cf-run-reader",
  operatorRoleArn: "arn:aws:iam::111111111111:role/cf-run-operator",
  scripts: {},
  ...values,
});
