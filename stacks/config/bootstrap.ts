import * as z from "zod";
import type { CloudWatchConfig } from "../../components/bootstrap/cloudwatch-configs.js";
import { takeCloudWatch } from "./cloudwatch.js";
import type { ConfigProblem } from "./error.js";
import type { Reader } from "./fields.js";
import { eachOnce, expected, numeric, text, trimmed } from "./fields.js";
import type { Project } from "./project.js";

/** The settings of a member stack's bootstrap product. */
export interface BootstrapConfig {
  /** E-mail addresses to notify of failures. */
  readonly notify: readonly string[];
  /** Configurations of the CloudWatch agent, by the name that a host's tag asks for. */
  readonly cloudWatch: Readonly<Record<string, CloudWatchConfig>>;
  /** How long the hosts' logs are kept, in days. */
  readonly logRetentionDays: number;
}

export function takeBootstrap(
  read: Reader,
  prefix: string,
  project: Project,
  problems: ConfigProblem[],
): BootstrapConfig {
  const files = read("cloudwatchConfigs", configFiles) ?? {};
  return {
    notify: read("notify", addresses) ?? [],
    cloudWatch: takeCloudWatch(files, prefix, project, problems),
    logRetentionDays: read("logRetentionDays", retentionDays) ?? 0,
  };
}

const configFiles = z
  .record(z.string(), trimmed("a path relative to the project"), expected("files by name"))
  .superRefine((files, issues) => {
    for (const name of Object.keys(files).filter((key) => !/^[\w.-]{1,100}$/.test(key))) {
      const message = "expected a name of 1-100 letters, digits, _ . or -";
      issues.addIssue({ code: "custom", path: [name], message });
    }
  });

/** Source: CloudWatch Logs API reference, PutRetentionPolicy. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

const retentionDays = numeric(
  z
    .number(expected(`one of ${retentions.join(", ")}`))
    .refine((days) => retentions.includes(days), expected(`one of ${retentions.join(", ")}`)),
);

/** What AWS takes for an address is not published: a name, an `@` and a domain with a dot. */
const address = text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address such as ops@example.com");

const addresses = z
  .array(address, expected("a list of e-mail addresses"))
  .superRefine(eachOnce("address"));
