import type * as aws from "@pulumi/aws";
import { Collections } from "../../components/schedules/collections.js";
import { collectScheduleName } from "../../components/names.js";
import { collectDocument } from "../../runbooks/loader/collect-document.js";
import type { MemberConfig } from "../config.js";
import { ConfigError } from "../config.js";
import { scriptProblem } from "./schedules.js";
import type { LogOutputs } from "../../lib/log-outputs.js";
import { logAccount } from "../outputs.js";
import type { Watched } from "./failures.js";

/**
 * Declares collections in every Region of the member: scripts on a schedule whose answers become inventory and
 * compliance.
 */
export function deployCollections(
  config: MemberConfig,
  log: LogOutputs,
  provider: aws.Provider,
): Watched[] {
  const { account, prefix, regions, collect: collections } = config;
  const problems = Object.entries(collections).flatMap(([name, { script }]) =>
    scriptProblem(config, log, `fleet:collect.${name}.script`, script),
  );
  if (problems.length > 0) throw new ConfigError("the configuration", problems);
  if (Object.keys(collections).length === 0) return [];
  const source = logAccount(log);
  const runbook = collectDocument();
  const { windowIds } = new Collections(
    "collect",
    { account, prefix, regions, source, runbook, collections },
    { provider },
  );
  return Object.entries(windowIds).flatMap(([region, ids]) =>
    Object.entries(ids).map(([collection, id]) => ({
      region,
      key: `fleet:collect.${collection}`,
      schedule: collectScheduleName(collection),
      kind: "window" as const,
      id,
    })),
  );
}
