import type { Agent } from "../../../../host/agent.js";
import { AwsError, messageOf } from "../../../../kernel/errors.js";
import type { OutputLocation, PluginRun } from "./command.js";

/**
 * The agent keeps the whole output in the bucket, as the host's role. What is empty makes no object; where an upload fails
 * the agent writes that into its log, and the command's status does not change. Sources: agent's iomodule/file.go (earlier
 * fileS3.go), s3util.go for the ACL, messageutil.go and runpluginutil.go for the keys.
 * @param folders what stands between the prefix and the plugin: command and instance; of an association the instance first
 */
export async function keepOutput(
  { name, action, result, skipped }: PluginRun,
  agent: Agent,
  folders: readonly string[],
  { bucket: Bucket, prefix }: OutputLocation,
): Promise<void> {
  if (skipped !== undefined) return;
  const folder = outputFolder({ name, action }, folders, prefix);
  let failure: string | undefined;
  for (const stream of ["stdout", "stderr"] as const) {
    if (result[stream] === "") continue;
    const Key = `${folder}/${stream}`;
    try {
      const Body = Buffer.from(result[stream]);
      await agent.call("s3", "PutObject", { Bucket, Key, Body, ACL: "bucket-owner-full-control" });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failure ??= `the output cannot be kept in s3://${Bucket}/${Key}: ${messageOf(error)}`;
    }
  }
  if (failure !== undefined) agent.report("warning", failure);
}

/** Where in the bucket the output of a step is. */
export function outputFolder(
  { name, action }: Pick<PluginRun, "name" | "action">,
  folders: readonly string[],
  prefix: string,
): string {
  const plugin = action.replaceAll(":", "");
  // The steps of the oldest schema have no names but `0.aws:runShellScript`.
  const step = name === action ? `0.${plugin}` : name;
  return [prefix.replace(/\/+$/, ""), ...folders, plugin, step]
    .filter((part) => part !== "")
    .join("/");
}
