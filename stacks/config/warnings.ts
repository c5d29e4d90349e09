// Warnings: settings that are valid, but perhaps not intended.
import { didYouMean } from "../../lib/did-you-mean.js";
import type { FleetConfig, MemberConfig } from "./fleet-config.js";
import type { ConfigProblem } from "./error.js";

export const warningsOf = (config: FleetConfig): ConfigProblem[] =>
  config.role === "member" ? [...endpointWarnings(config), ...targetWarnings(config)] : [];

function endpointWarnings({ endpoints, hosts }: MemberConfig): ConfigProblem[] {
  const installing = Object.entries(hosts).flatMap(([name, { enabled, packages }]) =>
    enabled && packages.length > 0 ? [name] : [],
  );
  if (endpoints.length === 0 || endpoints.includes("s3") || installing.length === 0) return [];
  // Whether the VPC has one of its own is not known here.
  const reason = `expected s3 among them, for the packages of ${installing.join(", ")}, which hosts fetch from S3; add it, unless the VPC reaches S3 already`;
  return [{ key: "fleet:endpoints", reason }];
}

/** Names of hosts that the stack does not launch; hosts that are launched outside of it may have them. */
function targetWarnings({ collect, hosts, schedules }: MemberConfig): ConfigProblem[] {
  const known = Object.keys(hosts);
  if (known.length === 0) return [];
  const timed = [
    ...Object.entries(schedules).map(
      ([name, { target }]) => [`schedules.${name}`, target] as const,
    ),
    ...Object.entries(collect).map(([name, { target }]) => [`collect.${name}`, target] as const),
  ];
  return timed.flatMap(([entry, { key, values }]) =>
    key !== "tag:Name"
      ? []
      : values.flatMap((value) => {
          if (known.includes(value)) return [];
          const remedy =
            didYouMean(value, known) ||
            "; nothing runs unless a host that is launched elsewhere has it";
          const reason = `expected the name of a host of fleet:hosts (${known.join(", ")}), got "${value}"${remedy}`;
          return [{ key: `fleet:${entry}.target`, reason }];
        }),
  );
}
