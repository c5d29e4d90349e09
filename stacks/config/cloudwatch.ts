import { checkConfiguration } from "../../cloudwatch/loader/schema.js";
import type { CloudWatchConfig } from "../../components/bootstrap/cloudwatch-configs.js";
import { metricsNamespace } from "../../components/hosts/host-feature-grants.js";
import { hostLogGroupPrefix } from "../../components/names.js";
import { problemText } from "../../lib/problem.js";
import type { ConfigProblem } from "./error.js";
import { isRecord } from "../../lib/record.js";
import type { Project } from "./project.js";

/** The program's own configurations; `fleet:cloudwatchConfigs` adds others, or replaces these. */
const own = { linux: "cloudwatch/linux.json", windows: "cloudwatch/windows.json" };

/** The names that a host may ask for; of a configuration whose file is wrong, too. */
export const cloudWatchNames = (files: unknown): string[] => [
  ...new Set([...Object.keys(own), ...(isRecord(files) ? Object.keys(files) : [])]),
];

/** Parameter Store's limit for an advanced parameter, in bytes. */
const maxBytes = 8 * 1024;

/** Reads the CloudWatch agent's configurations, by name, and adds what is wrong with them. */
export function takeCloudWatch(
  files: Readonly<Record<string, string>>,
  prefix: string,
  project: Project,
  problems: ConfigProblem[],
): Record<string, CloudWatchConfig> {
  const read = Object.entries({ ...own, ...files }).flatMap(([name, file]) => {
    const key = `fleet:cloudwatchConfigs.${name}`;
    const bytes = project.read(file);
    if (!bytes) {
      problems.push({ key, reason: `expected a file, found none at "${file}"` });
      return [];
    }
    // What stands for the prefix in the files; the agent's own placeholders are written otherwise.
    const text = bytes.toString().replaceAll("${prefix}", prefix);
    const reasons = problemsOf(text, prefix);
    problems.push(...reasons.map((reason) => ({ key, reason: `${file}: ${reason}` })));
    return reasons.length > 0 ? [] : [[name, configOf(text)] as const];
  });
  return Object.fromEntries(read);
}

/** Without white space: a parameter holds little. */
function configOf(text: string): CloudWatchConfig {
  const parsed: unknown = JSON.parse(text);
  const groups = collected(parsed).map(({ log_group_name }) => String(log_group_name));
  return { value: JSON.stringify(parsed), logGroups: [...new Set(groups)].sort() };
}

function problemsOf(text: string, prefix: string): string[] {
  const parsed = parse(text);
  if (parsed === undefined) return ["expected a JSON object, as the CloudWatch agent reads it"];
  const checked = checkConfiguration(parsed);
  const problems = "problems" in checked ? checked.problems.map(problemText) : [];
  const start = hostLogGroupPrefix(prefix);
  for (const { log_group_name: group } of collected(parsed)) {
    if (typeof group === "string" && group.startsWith(start)) continue;
    const got = group === undefined ? "none" : JSON.stringify(group);
    problems.push(
      `expected a log_group_name that begins with ${start} (written as /\${prefix}/ec2/), got ${got}; only such groups are made, encrypted, and may be written`,
    );
  }
  const metrics = parsed["metrics"];
  const namespace = isRecord(metrics) ? (metrics["namespace"] ?? metricsNamespace) : undefined;
  if (namespace !== undefined && namespace !== metricsNamespace) {
    problems.push(
      `expected the namespace ${metricsNamespace}, got ${JSON.stringify(namespace)}; hosts may put metrics into no other`,
    );
  }
  const bytes = Buffer.byteLength(JSON.stringify(parsed));
  if (bytes > maxBytes) problems.push(`expected at most ${maxBytes} bytes, got ${bytes}`);
  if (/\{\{.*\}\}/.test(text)) problems.push("expected no {{ }}, which Parameter Store refuses");
  return problems;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Everything that the configuration collects logs from: the entries of every `collect_list`. */
function collected(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(collected);
  if (!isRecord(value)) return [];
  const list = value["collect_list"];
  const entries = Array.isArray(list) ? list.filter(isRecord) : [];
  return [...entries, ...Object.values(value).flatMap(collected)];
}
