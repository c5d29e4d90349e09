// The section `metrics` of the CloudWatch agent's configuration.
import * as z from "zod";
import { access, interval, notEmpty, service, text, unique } from "./schema-fields.js";

/** Sections of `metrics_collected` that are no plain lists of measurements. */
export const otherSections = [
  "collectd",
  "efa",
  "ethtool",
  "jmx",
  "nvidia_smi",
  "otlp",
  "procstat",
  "prometheus",
  "statsd",
] as const;

const dimensions = z
  .record(z.string(), text(1024))
  .refine((all) => Object.keys(all).length <= 30, "expected at most 30 dimensions");

const measurement = z.union(
  [
    text(255),
    z.strictObject({
      name: text(255),
      rename: text(255).optional(),
      unit: text(256).optional(),
    }),
  ],
  "expected a name, or an object with name and, if wanted, rename and unit",
);

/** A section of `metrics_collected` such as `mem`, or a Windows object such as `Memory`. */
export const basicMetricSchema = z.looseObject({
  measurement: unique(z.array(measurement).min(1)),
  metrics_collection_interval: interval.optional(),
  append_dimensions: dimensions.optional(),
  resources: z.array(text(4096)).max(256).optional(),
});

const cpu = basicMetricSchema.extend({
  resources: z.array(z.literal("*")).max(1).optional(),
  totalcpu: z.boolean().optional(),
});

const disk = basicMetricSchema.extend({
  ignore_file_system_types: z.array(text(4096)).max(256).optional(),
  drop_device: z.boolean().optional(),
});

const sections: Readonly<Record<string, z.ZodType>> = {
  cpu,
  disk,
  ...Object.fromEntries(otherSections.map((name) => [name, z.unknown()])),
};

/** Each section by its own schema, in the order of the file, in which metrics are sent. */
const metricsCollected = notEmpty(z.record(z.string(), z.unknown())).superRefine((all, context) => {
  for (const [name, section] of Object.entries(all)) {
    const { error } = (sections[name] ?? basicMetricSchema).safeParse(section);
    for (const issue of error?.issues ?? []) {
      context.addIssue({ ...issue, path: [name, ...issue.path] });
    }
  }
});

/** See `schema.ts` for its source. */
export const metrics = z.strictObject({
  namespace: text(255).default("CWAgent"),
  append_dimensions: dimensions.default({}),
  aggregation_dimensions: unique(
    z
      .array(unique(z.array(text(1024)).max(30)))
      .min(1)
      .max(1024),
  ).optional(),
  metrics_collected: metricsCollected,
  metrics_destinations: notEmpty(
    z.strictObject({
      cloudwatch: z.unknown().optional(),
      amp: z.strictObject({ workspace_id: text(255) }).optional(),
    }),
  ).optional(),
  force_flush_interval: interval.optional(),
  ...access,
  ...service(4096, 4096),
});
