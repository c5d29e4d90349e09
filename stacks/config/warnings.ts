// Warnings: settings that are valid, but perhaps not intended.
import type { FleetConfig } from "./fleet-config.js";
import type { ConfigProblem } from "./error.js";

export function warningsOf(config: FleetConfig): ConfigProblem[] {
  if (config.role !== "member") return [];
  const { endpoints, hosts } = config;
  const installing = Object.entries(hosts).flatMap(([name, { enabled, packages }]) =>
    enabled && packages.length > 0 ? [name] : [],
  );
  if (endpoints.length === 0 || endpoints.includes("s3") || installing.length === 0) return [];
  // Whether the VPC has one of its own is not known here.
  const reason = `expected s3 among them, for the packages of ${installing.join(", ")}, which hosts fetch from S3; add it, unless the VPC reaches S3 already`;
  return [{ key: "fleet:endpoints", reason }];
}
