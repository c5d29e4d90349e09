import { isoTime } from "../../../../kernel/clock.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Command, Invocation, PluginRun } from "./command.js";
import { statusOf, UNDERWAY } from "./command.js";
import { outputFolder } from "./command-output-kept.js";
import { errorsOf } from "./command-status.js";

/** Characters of output that the API gives. Sources: API reference, GetCommandInvocation; agent's iohandler.go. */
const MAXIMUM = { stdout: 24_000, stderr: 8_000, plugin: 2_400 };
const CUT_OUTPUT = "\n---Output truncated---";
const CUT_ERROR = "\n---Error truncated----";
const ERROR_TITLE = "\n----------ERROR-------\n";

/** Both outputs in the 2,500 characters of ListCommandInvocations, cut as the agent does (iohandler.go, TruncateOutput). */
export function joinOutput(stdout: string, stderr: string): string {
  const title = stderr === "" ? "" : ERROR_TITLE;
  const space = MAXIMUM.plugin - title.length;
  if (stdout.length + stderr.length < space) return stdout + title + stderr;
  if (stdout.length > space / 2 && stderr.length > space / 2) {
    const half = Math.floor((space - CUT_ERROR.length - CUT_OUTPUT.length) / 2);
    return stdout.slice(0, half) + CUT_OUTPUT + title + stderr.slice(0, half) + CUT_ERROR;
  }
  if (stdout.length < space / 2) {
    return stdout + title + stderr.slice(0, space - CUT_ERROR.length - stdout.length) + CUT_ERROR;
  }
  return stdout.slice(0, space - CUT_OUTPUT.length - stderr.length) + CUT_OUTPUT + title + stderr;
}

export function describeCommand(command: Command) {
  const { tally, invocations } = command;
  return {
    CommandId: command.id,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    Comment: command.comment,
    ExpiresAfter: new Date(command.expires),
    Parameters: command.parameters,
    InstanceIds: command.instanceIds,
    Targets: command.targets,
    RequestedDateTime: new Date(command.requested),
    Status: statusOf(command.details),
    StatusDetails: command.details,
    OutputS3BucketName: command.output?.bucket ?? "",
    OutputS3KeyPrefix: command.output?.prefix ?? "",
    MaxConcurrency: command.maxConcurrency,
    MaxErrors: command.maxErrors,
    TargetCount: invocations.size,
    CompletedCount: invocations.size - tally.countOf(...UNDERWAY),
    ErrorCount: errorsOf(command),
    DeliveryTimedOutCount: tally.countOf("DeliveryTimedOut"),
    TimeoutSeconds: command.timeoutSeconds,
  };
}

/** An invocation as ListCommandInvocations returns it. */
export function describeInvocation(command: Command, invocation: Invocation, details: boolean) {
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    InstanceName: invocation.instanceName,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    RequestedDateTime: new Date(command.requested),
    Status: statusOf(invocation.details),
    StatusDetails: invocation.details,
    StandardOutputUrl: "",
    StandardErrorUrl: "",
    CommandPlugins: details ? invocation.plugins.map((run) => describePlugin(command, run)) : [],
  };
}

function describePlugin(command: Command, run: PluginRun) {
  const { name, result, started, ended, skipped } = run;
  return {
    Name: name,
    Status: pluginStatus(result.status),
    StatusDetails: pluginDetails(result.status),
    ResponseCode: result.exitCode,
    ResponseStartDateTime: new Date(started),
    ResponseFinishDateTime: new Date(ended),
    // What was skipped printed nothing: the agent says so here and nowhere else (its runpluginutil.go).
    Output: skipped ?? joinOutput(result.stdout, result.stderr),
    OutputS3BucketName: command.output?.bucket ?? "",
    OutputS3KeyPrefix: command.output?.prefix ?? "",
  };
}

/** One invocation with the output of one step. @throws AwsError InvalidPluginName */
export function describeOutput(
  command: Command,
  invocation: Invocation,
  pluginName: string | undefined,
) {
  const { steps } = command.content;
  // A document of one step needs no name; of several, AWS wants one. Source: API reference, GetCommandInvocation.
  const name = pluginName ?? (steps.length === 1 ? steps[0]?.name : undefined);
  if (pluginName !== undefined && !steps.some((step) => step.name === pluginName)) {
    throw new AwsError("InvalidPluginName", `The plugin name ${pluginName} isn't valid.`);
  }
  const run = invocation.plugins.find((plugin) => plugin.name === name);
  const seconds = run === undefined ? 0 : (run.ended - run.started) / 1000;
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    PluginName: name ?? "",
    ResponseCode: run?.result.exitCode ?? -1,
    ExecutionStartDateTime: run === undefined ? "" : isoTime(run.started),
    ExecutionElapsedTime: `PT${seconds}S`,
    ExecutionEndDateTime: run === undefined ? "" : isoTime(run.ended),
    Status: statusOf(invocation.details),
    StatusDetails: invocation.details,
    StandardOutputContent: run?.result.stdout.slice(0, MAXIMUM.stdout) ?? "",
    StandardOutputUrl: urlOf(command, invocation, run, "stdout"),
    StandardErrorContent: run?.result.stderr.slice(0, MAXIMUM.stderr) ?? "",
    StandardErrorUrl: urlOf(command, invocation, run, "stderr"),
    CloudWatchOutputConfig: { CloudWatchLogGroupName: "", CloudWatchOutputEnabled: false },
  };
}

/** The location of the whole output, given even where nothing was printed. Source: API reference, GetCommandInvocation. */
function urlOf(
  { id, output }: Command,
  { instanceId }: Invocation,
  run: PluginRun | undefined,
  stream: "stdout" | "stderr",
): string {
  if (output === undefined || run === undefined) return "";
  const folder = outputFolder(run, [id, instanceId], output.prefix);
  return `${output.endpoint ?? ""}/${output.bucket}/${folder}/${stream}`;
}

function pluginStatus(status: PluginRun["result"]["status"]): string {
  return status === "SuccessAndReboot" ? "Success" : status;
}

function pluginDetails(status: PluginRun["result"]["status"]): string {
  return status === "TimedOut" ? "ExecutionTimedOut" : pluginStatus(status);
}
