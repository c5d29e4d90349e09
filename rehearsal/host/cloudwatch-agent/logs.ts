import { AwsError, messageOf } from "../../kernel/errors.js";
import type { CollectedHost, Sender } from "./sender.js";
import type { AgentConfiguration, CollectedLog, LogSource } from "./configuration.js";
import { fillIn } from "./placeholders.js";

interface Batch {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly retentionInDays: number | undefined;
  readonly messages: readonly string[];
}

/** Sends what is in the sources now; a source with nothing in it makes no call, as the agent. */
export async function sendLogs(agent: Sender, found: AgentConfiguration): Promise<void> {
  for (const log of found.logs) {
    for (const [path, messages] of await read(agent, log.source)) {
      const batch = batchOf(agent, found, log, path, messages);
      try {
        await send(agent, batch);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const text = `CloudWatch agent: no events reach ${batch.logGroupName}: ${messageOf(error)}`;
        agent.report("failure", text);
      }
    }
  }
}

function batchOf(
  { host, now }: Sender,
  found: AgentConfiguration,
  { target }: CollectedLog,
  path: string,
  messages: readonly string[],
): Batch {
  const stream = target.log_stream_name ?? found.logStreamName ?? "{instance_id}";
  // Source: CloudWatch user guide: without a name the group is called as the file, without its first slash.
  const group = target.log_group_name ?? path.replace(/^[/\\]+/, "").replaceAll(/[:\\ ]/g, "_");
  return {
    logGroupName: fillIn(group, host, now),
    logStreamName: fillIn(stream, host, now),
    retentionInDays: target.retention_in_days,
    messages,
  };
}

/** Source: amazon-cloudwatch-agent, plugins/outputs/cloudwatchlogs: it makes what is missing before it sends. */
async function send(agent: Sender, batch: Batch): Promise<void> {
  const { logGroupName, logStreamName, retentionInDays, messages } = batch;
  await makeStream(agent, logGroupName, logStreamName);
  if (retentionInDays !== undefined && retentionInDays > 0)
    await agent.call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays });
  const logEvents = messages.map((message) => ({ timestamp: agent.now, message }));
  await agent.call("logs", "PutLogEvents", { logGroupName, logStreamName, logEvents });
  const count = `${logEvents.length} ${logEvents.length === 1 ? "event is" : "events are"}`;
  agent.report("info", `CloudWatch agent: ${count} in ${logGroupName}, stream ${logStreamName}`);
}

async function makeStream(
  agent: Sender,
  logGroupName: string,
  logStreamName: string,
): Promise<void> {
  const stream = () => agent.call("logs", "CreateLogStream", { logGroupName, logStreamName });
  try {
    await stream();
  } catch (error) {
    if (!(error instanceof AwsError) || !isCode(error, "ResourceNotFoundException")) {
      if (error instanceof AwsError && isCode(error, "ResourceAlreadyExistsException")) return;
      throw error;
    }
    await agent.call("logs", "CreateLogGroup", { logGroupName });
    await stream();
  }
}

function isCode({ code }: AwsError, wanted: string): boolean {
  return code === wanted;
}

/** The events of a source by path. A log that is no file has entries on every host; one that says so stands for them. */
async function read(
  { host }: Sender,
  source: LogSource,
): Promise<readonly (readonly [path: string, messages: readonly string[]])[]> {
  if (source.kind === "events")
    return [[source.name, [`(rehearsal: an event of the event log ${source.name})`]]];
  if (source.kind === "journal")
    return [["journal", [`(rehearsal: an entry of the journal of ${source.name})`]]];
  const files = await filesOf(source.path, host);
  return files
    .map(([path, text]) => [path, text.split("\n").filter((line) => line !== "")] as const)
    .filter(([, lines]) => lines.length > 0);
}

/** The files that a path means, in which `*` stands for a part of a name. */
async function filesOf(
  path: string,
  { machine, windows }: CollectedHost,
): Promise<readonly (readonly [path: string, text: string])[]> {
  if (windows !== undefined) return windows.disk.matching(path);
  if (machine === undefined) return [];
  const quoted = path.replaceAll(/[^\w/.*?-]/g, "\\$&");
  const { stdout } = await machine.run(`for f in ${quoted}; do [ -f "$f" ] && echo "$f"; done`, {
    withoutTime: true,
  });
  const paths = stdout.split("\n").filter((path) => path !== "");
  return Promise.all(paths.map(async (path) => [path, await machine.disk.readFile(path)] as const));
}
