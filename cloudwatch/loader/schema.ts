// The configuration of the CloudWatch agent. The program checks files by it before they are deployed, and the rehearsed
// agent what it is given.
import * as z from "zod";
import type { Path, Problem } from "../../lib/problem.js";
import { shown } from "../../lib/problem.js";
import { metrics } from "./metrics-schema.js";
import { access, interval, notEmpty, service, text, unique } from "./schema-fields.js";

/*
 * Written after the schema by which the agent checks its configuration (aws/amazon-cloudwatch-agent,
 * translator/config/schema.json), and `journald`, which is newer. In `agent`, `metrics` and `logs` this refuses what that
 * refuses, and what it would take and then not act on: no section at all, a metric without measurements, a measurement with
 * unknown keys. Not looked into: the sections of `otherSections`, `logs.metrics_collected`, `application_signals`, `traces`
 * and `opentelemetry`.
 */

/** Source: CloudWatch Logs API reference, PutRetentionPolicy; -1: never. */
const retentions = [
  -1, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
  3288, 3653,
];

const filter = z.strictObject({
  type: z.enum(["include", "exclude"]).optional(),
  expression: z.string().optional(),
});

const target = {
  log_group_name: text(512).optional(),
  log_stream_name: text(512).optional(),
  log_group_class: text(512).optional(),
  retention_in_days: z
    .int()
    .refine(
      (days) => retentions.includes(days),
      "expected a number of days that CloudWatch Logs has",
    )
    .optional(),
  filters: z.array(filter).optional(),
};

const file = z.strictObject({
  ...target,
  file_path: z.string().max(4096),
  multi_line_start_pattern: text(4096).optional(),
  timestamp_format: text(4096).optional(),
  timezone: z.enum(["Local", "LOCAL", "UTC"]).optional(),
  trim_timestamp: z.boolean().optional(),
  encoding: text(4096).optional(),
  auto_removal: z.boolean().optional(),
  backpressure_mode: z.literal("fd_release").optional(),
  blacklist: text(4096).optional(),
  publish_multi_logs: z.boolean().optional(),
  ...service(255, 259),
});

const windowsEvent = z
  .strictObject({
    ...target,
    event_name: text(255).refine(
      (name) => name !== "Forwarded Events",
      "Forwarded Events cannot be collected",
    ),
    event_levels: z
      .array(z.enum(["CRITICAL", "ERROR", "WARNING", "INFORMATION", "VERBOSE"]))
      .optional(),
    event_ids: unique(z.array(z.int().min(0).max(65_535)).min(1)).optional(),
    event_format: z.enum(["text", "xml"]).optional(),
  })
  .refine(
    (event) => "event_levels" in event || "event_ids" in event || "filters" in event,
    "expected event_levels, event_ids or filters",
  );

const journal = z.strictObject({
  ...target,
  units: z.array(z.string()).optional(),
  matches: z.unknown().optional(),
  mode: z.string().optional(),
});

const list = <Entry extends z.ZodType>(entry: Entry) =>
  z.strictObject({ collect_list: unique(z.array(entry).min(1).max(16_384)) });

const logs = z
  .strictObject({
    logs_collected: notEmpty(
      z.strictObject({
        files: list(file).optional(),
        windows_events: list(windowsEvent).optional(),
        journald: list(journal).optional(),
        application_signals: z.unknown().optional(),
      }),
    ).optional(),
    metrics_collected: z.unknown().optional(),
    log_stream_name: text(512).optional(),
    force_flush_interval: interval.optional(),
    concurrency: z.int().min(1).optional(),
    ...access,
    ...service(255, 259),
  })
  .refine(
    (section) => section.logs_collected !== undefined || section.metrics_collected !== undefined,
    "expected logs_collected or metrics_collected",
  );

const agent = z.looseObject({
  metrics_collection_interval: interval.optional(),
  logfile: z.string().max(4096).optional(),
  region: text(64).optional(),
  debug: z.boolean().optional(),
  aws_sdk_log_level: z.string().optional(),
  run_as_user: z.string().optional(),
  omit_hostname: z.boolean().optional(),
  credentials: access.credentials,
  ...service(255, 259),
});

const configuration = z
  .looseObject({ agent: agent.optional(), metrics: metrics.optional(), logs: logs.optional() })
  .refine(
    (all) => ["metrics", "logs", "traces", "opentelemetry"].some((section) => section in all),
    "expected a section metrics, logs or traces",
  );

export type Configuration = z.infer<typeof configuration>;
export type LogTarget = z.infer<z.ZodObject<typeof target>>;

/** A configuration as the agent takes it, or everything that it would refuse. */
export function checkConfiguration(
  value: unknown,
): { readonly configuration: Configuration } | { readonly problems: readonly Problem[] } {
  const found = configuration.safeParse(value);
  if (found.success) return { configuration: found.data };
  const problems = found.error.issues.map((issue) => {
    const path = issue.path as Path;
    return { path, reason: reasonOf(issue, at(value, path)) };
  });
  return { problems };
}

function reasonOf(issue: z.core.$ZodIssue, got: unknown): string {
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => `"${key}"`).join(", ");
    return `expected no ${keys}, which the agent does not know here`;
  }
  if (issue.code === "invalid_type") return `expected ${issue.expected}, got ${shown(got)}`;
  return issue.message;
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (parent, key) => (parent as Record<string, unknown> | undefined)?.[key],
    value,
  );
