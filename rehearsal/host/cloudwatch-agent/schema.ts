import { z } from "zod";

/**
 * The configuration of the CloudWatch agent, as far as it is modelled. Written after the schema by which the agent
 * checks it (aws/amazon-cloudwatch-agent, translator/config/schema.json): what that refuses, this refuses.
 */
const interval = z.int().min(1).max(172_800);
const name = z.string().min(1).max(512);

const measurement = z.union([
  z.string().min(1),
  z.strictObject({
    name: z.string().min(1),
    rename: z.string().min(1).optional(),
    unit: z.string().min(1).optional(),
  }),
]);

const basicMetric = z.looseObject({
  measurement: z.array(measurement).min(1),
  metrics_collection_interval: interval.optional(),
  append_dimensions: z.record(z.string(), z.string()).optional(),
  resources: z.array(z.string().min(1)).max(256).optional(),
});

const metrics = z.strictObject({
  namespace: z.string().min(1).max(255).default("CWAgent"),
  append_dimensions: z.record(z.string(), z.string().min(1)).default({}),
  aggregation_dimensions: z.array(z.array(z.string())).min(1).optional(),
  metrics_collected: z.record(z.string(), z.unknown()),
  metrics_destinations: z.unknown().optional(),
  force_flush_interval: interval.optional(),
  credentials: z.unknown().optional(),
  endpoint_override: z.unknown().optional(),
  "service.name": z.string().optional(),
  "deployment.environment": z.string().optional(),
});

/** Source: CloudWatch Logs API reference, PutRetentionPolicy; -1: never. */
const RETENTION = [
  -1, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
  3288, 3653,
];
const retention = z
  .int()
  .refine((days) => RETENTION.includes(days), "expected a number of days that CloudWatch Logs has");

const filter = z.strictObject({
  type: z.enum(["include", "exclude"]).optional(),
  expression: z.string().optional(),
});

const target = {
  log_group_name: name.optional(),
  log_stream_name: name.optional(),
  log_group_class: name.optional(),
  retention_in_days: retention.optional(),
  filters: z.array(filter).optional(),
};

const file = z.strictObject({
  ...target,
  file_path: z.string().max(4096),
  multi_line_start_pattern: z.string().min(1).optional(),
  timestamp_format: z.string().min(1).optional(),
  timezone: z.enum(["Local", "LOCAL", "UTC"]).optional(),
  trim_timestamp: z.boolean().optional(),
  encoding: z.string().min(1).optional(),
  auto_removal: z.boolean().optional(),
  backpressure_mode: z.literal("fd_release").optional(),
  blacklist: z.string().min(1).optional(),
  publish_multi_logs: z.boolean().optional(),
  "service.name": z.string().optional(),
  "deployment.environment": z.string().optional(),
});

const windowsEvent = z
  .strictObject({
    ...target,
    event_name: z
      .string()
      .min(1)
      .refine((text) => text !== "Forwarded Events", "Forwarded Events cannot be collected"),
    event_levels: z
      .array(z.enum(["CRITICAL", "ERROR", "WARNING", "INFORMATION", "VERBOSE"]))
      .optional(),
    event_ids: z.array(z.int().min(0).max(65_535)).min(1).optional(),
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
  z.strictObject({ collect_list: z.array(entry).min(1).max(16_384) });

const logs = z
  .strictObject({
    logs_collected: z
      .looseObject({
        files: list(file).optional(),
        windows_events: list(windowsEvent).optional(),
        journald: list(journal).optional(),
      })
      .optional(),
    metrics_collected: z.unknown().optional(),
    log_stream_name: name.optional(),
    force_flush_interval: interval.optional(),
    credentials: z.unknown().optional(),
    endpoint_override: z.unknown().optional(),
    concurrency: z.int().min(1).optional(),
    "service.name": z.string().optional(),
    "deployment.environment": z.string().optional(),
  })
  .refine(
    (section) => section.logs_collected !== undefined || section.metrics_collected !== undefined,
    "expected logs_collected or metrics_collected",
  );

const agent = z.looseObject({
  metrics_collection_interval: interval.optional(),
  logfile: z.string().max(4096).optional(),
  region: z.string().min(1).max(64).optional(),
  debug: z.boolean().optional(),
  run_as_user: z.string().optional(),
  omit_hostname: z.boolean().optional(),
});

export const configurationSchema = z
  .looseObject({ agent: agent.optional(), metrics: metrics.optional(), logs: logs.optional() })
  .refine(
    (all) => ["metrics", "logs", "traces", "opentelemetry"].some((section) => section in all),
    "expected a section metrics, logs or traces",
  );

export const basicMetricSchema = basicMetric;

export type Configuration = z.infer<typeof configurationSchema>;
export type LogTarget = z.infer<z.ZodObject<typeof target>>;
