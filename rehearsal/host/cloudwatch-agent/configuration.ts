import { basicMetricSchema, otherSections } from "../../../cloudwatch/loader/metrics-schema.js";
import type { Configuration, LogTarget } from "../../../cloudwatch/loader/schema.js";
import { checkConfiguration } from "../../../cloudwatch/loader/schema.js";
import { MEASUREMENTS, OWN_DIMENSIONS } from "./measurements.js";

const OTHER_SECTIONS: readonly string[] = otherSections;

/** Where events come from. */
export type LogSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "events"; readonly name: string }
  | { readonly kind: "journal"; readonly name: string };

export interface CollectedLog {
  readonly source: LogSource;
  readonly target: LogTarget;
}

export interface CollectedMetric {
  readonly name: string;
  readonly unit?: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What the agent does by a configuration. */
export interface AgentConfiguration {
  readonly namespace: string;
  /** With placeholders such as `${aws:InstanceId}`; instead of the host's name, which every metric has otherwise. */
  readonly appendDimensions: Readonly<Record<string, string>>;
  readonly metrics: readonly CollectedMetric[];
  readonly logs: readonly CollectedLog[];
  /** The stream's name where a target has none. */
  readonly logStreamName?: string;
  /** What it asks for that is not modelled. */
  readonly notRehearsed: readonly string[];
}

type Platform = "Linux" | "Windows";

/** @throws ConfigurationError with everything that the agent would refuse, by path. */
export function readConfiguration(text: string, platform: Platform): AgentConfiguration {
  const found = checkConfiguration(parse(text));
  if ("problems" in found) {
    throw new ConfigurationError(
      found.problems.map(({ path, reason }) => `${pathOf(path)} | Error : ${reason}`),
    );
  }
  const { metrics, logs, agent } = found.configuration;
  const collected = metricsOf(metrics?.metrics_collected ?? {}, platform);
  if (collected.problems.length > 0) throw new ConfigurationError(collected.problems);
  return {
    namespace: metrics?.namespace ?? "CWAgent",
    appendDimensions: metrics?.append_dimensions ?? {},
    metrics: collected.metrics,
    logs: logsOf(logs?.logs_collected ?? {}),
    ...(logs?.log_stream_name !== undefined && { logStreamName: logs.log_stream_name }),
    notRehearsed: [
      ...collected.notRehearsed,
      ...notRehearsedOf(found.configuration, platform),
      ...(["region", "credentials"] as const)
        .filter((key) => agent?.[key] !== undefined)
        .map((key) => `agent.${key}`),
    ].map((section) => `CloudWatch agent configuration: ${section}`),
  };
}

/** Problems as the agent's translator prints them. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.map((problem) => `Under path : ${problem}`).join("\n"));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError([`/ | Error : the configuration is no JSON: ${reason}`]);
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  return `/${path.map(String).join("/")}`;
}

function metricsOf(sections: Readonly<Record<string, unknown>>, platform: Platform) {
  const problems: string[] = [];
  const metrics: CollectedMetric[] = [];
  const notRehearsed: string[] = [];
  for (const [section, value] of Object.entries(sections)) {
    const path = `/metrics/metrics_collected/${section}`;
    const measurements = MEASUREMENTS[section];
    if (OTHER_SECTIONS.includes(section) || (platform === "Linux" && measurements === undefined)) {
      notRehearsed.push(`metrics.metrics_collected.${section}`);
      continue;
    }
    const { measurement, resources, append_dimensions: appended } = basicMetricSchema.parse(value);
    for (const item of measurement) {
      const { name, rename, unit } = typeof item === "string" ? { name: item } : { ...item };
      const short =
        measurements === undefined ? name : name.replace(new RegExp(`^${section}_`), "");
      if (measurements !== undefined && !measurements.includes(short)) {
        problems.push(`${path}/measurement | Error : measurement name ${name} is invalid`);
      }
      // Windows counters are called by their object and name; Linux ones by section and name.
      const full = measurements === undefined ? `${section} ${name}` : `${section}_${short}`;
      const own =
        platform === "Windows"
          ? { objectname: section, ...instanceOf(resources) }
          : OWN_DIMENSIONS[section];
      const dimensions = { ...own, ...appended };
      metrics.push({ name: rename ?? full, ...(unit !== undefined && { unit }), dimensions });
    }
  }
  return { problems, metrics, notRehearsed };
}

/** `*` means every instance; the total stands for them, as which there are is not modelled. */
function instanceOf(resources: readonly string[] | undefined): Readonly<Record<string, string>> {
  const [first] = resources ?? [];
  return first === undefined ? {} : { instance: first === "*" ? "_Total" : first };
}

function logsOf(
  collected: NonNullable<NonNullable<Configuration["logs"]>["logs_collected"]>,
): CollectedLog[] {
  const { files, windows_events: events, journald } = collected;
  return [
    ...(files?.collect_list ?? []).map(({ file_path: path, ...target }) => ({
      source: { kind: "file" as const, path },
      target,
    })),
    ...(events?.collect_list ?? []).map(({ event_name: name, ...target }) => ({
      source: { kind: "events" as const, name },
      target,
    })),
    ...(journald?.collect_list ?? []).map(({ units = [], ...target }) => ({
      source: { kind: "journal" as const, name: units.join(", ") || "all units" },
      target,
    })),
  ];
}

const MODELLED_LOGS = ["files", "windows_events", "journald"];
const MODELLED_SECTIONS = ["agent", "metrics", "logs"];

function notRehearsedOf(all: Configuration, platform: Platform): readonly string[] {
  const { metrics, logs } = all;
  const found = Object.keys(all).filter((key) => !MODELLED_SECTIONS.includes(key));
  for (const key of [
    "aggregation_dimensions",
    "metrics_destinations",
    "credentials",
    "endpoint_override",
  ] as const)
    if (metrics?.[key] !== undefined) found.push(`metrics.${key}`);
  for (const key of ["metrics_collected", "credentials", "endpoint_override"] as const)
    if (logs?.[key] !== undefined) found.push(`logs.${key}`);
  const sources = Object.keys(logs?.logs_collected ?? {});
  const elsewhere = platform === "Windows" ? "journald" : "windows_events";
  const others = sources.filter((key) => !MODELLED_LOGS.includes(key) || key === elsewhere);
  return [...found, ...others.map((key) => `logs.logs_collected.${key}`)];
}
