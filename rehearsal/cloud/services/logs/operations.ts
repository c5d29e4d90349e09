import type { Access } from "../../../kernel/access.js";
import type { Caller } from "../../../kernel/operation.js";
import { operation } from "../../../kernel/operation.js";
import type { LogsService, LogsCloud } from "./logs.js";
import type { LogEvent, LogGroup } from "./log-group.js";
import { checkBatch, checkRetention } from "./log-group.js";

interface OfGroup {
  readonly logGroupName: string;
}

interface OfStream extends OfGroup {
  readonly logStreamName: string;
}

/** The API operations of CloudWatch Logs, with the names of its API: they begin small. */
export function logOperations(logs: LogsService, cloud: LogsCloud) {
  return {
    CreateLogGroup: operation<OfGroup & { readonly kmsKeyId?: string }, object>({
      access: (input, caller) => [ofGroup(cloud, "logs:CreateLogGroup", input, caller)],
      run: async (input, caller) => {
        await logs.create(caller, input.logGroupName, input.kmsKeyId);
        return {};
      },
    }),
    CreateLogStream: operation<OfStream, object>({
      access: (input, caller) => [ofGroup(cloud, "logs:CreateLogStream", input, caller)],
      run: (input, caller) => {
        logs.createStream(caller, input.logGroupName, input.logStreamName);
        return {};
      },
    }),
    PutLogEvents: operation<OfStream & { readonly logEvents: readonly LogEvent[] }, object>({
      access: (input, caller) => [ofGroup(cloud, "logs:PutLogEvents", input, caller)],
      run: (input, caller) => {
        checkBatch(input.logEvents);
        const group = logs.group(caller, input.logGroupName);
        noteDisabledKey(cloud, group);
        const { events } = logs.stream(caller, input.logGroupName, input.logStreamName);
        events.push(...input.logEvents);
        return { nextSequenceToken: String(events.length) };
      },
    }),
    PutRetentionPolicy: operation<OfGroup & { readonly retentionInDays: number }, object>({
      access: (input, caller) => [ofGroup(cloud, "logs:PutRetentionPolicy", input, caller)],
      run: (input, caller) => {
        checkRetention(input.retentionInDays);
        logs.group(caller, input.logGroupName).retentionInDays = input.retentionInDays;
        return {};
      },
    }),
    ...readOperations(logs, cloud),
  };
}

function readOperations(logs: LogsService, cloud: LogsCloud) {
  return {
    DescribeLogGroups: operation<{ readonly logGroupNamePrefix?: string }, object>({
      access: (_input, caller) => [
        ofGroup(cloud, "logs:DescribeLogGroups", { logGroupName: "" }, caller),
      ],
      run: ({ logGroupNamePrefix: prefix = "" }, { account, region }) => ({
        logGroups: [...logs.groups.in(account, region).values()]
          .filter(({ name }) => name.startsWith(prefix))
          .map(describeGroup),
      }),
    }),
    DescribeLogStreams: operation<OfGroup & { readonly logStreamNamePrefix?: string }, object>({
      access: (input, caller) => [ofGroup(cloud, "logs:DescribeLogStreams", input, caller)],
      run: ({ logGroupName, logStreamNamePrefix: prefix = "" }, caller) => ({
        logStreams: [...logs.group(caller, logGroupName).streams.values()]
          .filter(({ name }) => name.startsWith(prefix))
          .map(({ name, arn, created }) => ({
            logStreamName: name,
            arn,
            creationTime: created,
          })),
      }),
    }),
    GetLogEvents: operation<OfStream, object>({
      access: (input, caller) => [ofGroup(cloud, "logs:GetLogEvents", input, caller)],
      run: (input, caller) => {
        noteDisabledKey(cloud, logs.group(caller, input.logGroupName));
        const { events } = logs.stream(caller, input.logGroupName, input.logStreamName);
        return { events: [...events] };
      },
    }),
  };
}

/**
 * AWS asks for the group's ARN with `:log-stream:` and the stream's name, if there is one, at the end: a policy
 * for `log-group:name` alone allows none of these. Source: CloudWatch Logs user guide, "Overview of managing access
 * permissions": "arn:…:log-group:log_group_name:*, use this for all other API actions".
 */
function ofGroup(
  cloud: LogsCloud,
  action: string,
  input: OfGroup & { readonly logStreamName?: string },
  { account, region }: Caller,
): Access {
  const resource = `log-group:${input.logGroupName}:log-stream:${input.logStreamName ?? ""}`;
  return {
    action,
    resource: cloud.arn("logs", region, account, resource),
    resourceAccount: account,
  };
}

/** What becomes of events whose group has a key that was disabled, AWS does not say. */
function noteDisabledKey(cloud: LogsCloud, { account, region, kmsKey, name }: LogGroup): void {
  if (kmsKey === undefined || cloud.kms.key(account, region, kmsKey).enabled) return;
  cloud.reportNotRehearsed(`log group ${name} with a disabled key`);
}

function describeGroup(group: LogGroup) {
  const { arn, created, kmsKey, name, retentionInDays, streams } = group;
  const events = [...streams.values()].flatMap((stream) => stream.events);
  return {
    logGroupName: name,
    arn: `${arn}:*`,
    logGroupArn: arn,
    creationTime: created,
    storedBytes: events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0),
    logGroupClass: "STANDARD",
    ...(retentionInDays !== undefined && { retentionInDays }),
    ...(kmsKey !== undefined && { kmsKeyId: kmsKey }),
  };
}
