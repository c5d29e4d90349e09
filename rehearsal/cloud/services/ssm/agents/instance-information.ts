import type { Agent } from "../../../../host/agent.js";
import type { Host } from "../../../../host/host.js";
import { isoTime } from "../../../../kernel/clock.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Instance } from "../../../../kernel/instance.js";

/** An instance that SSM's agent runs on. */
export interface ManagedInstance {
  readonly instance: Instance;
  readonly host: Host;
  readonly agent: Agent;
  /** The agent's last report; undefined: it never reached SSM. */
  information?: InstanceInformation;
  /** The agent holds its channel open: commands reach it. AWS notices some minutes after a stop that it does not. */
  connected: boolean;
  /** Counts the starts: reports of an agent of an earlier start are ignored. */
  starts: number;
}

/** The input of UpdateInstanceInformation, with what SSM adds. */
export interface InstanceInformation {
  readonly InstanceId: string;
  readonly AgentVersion: string;
  readonly PlatformType: string;
  readonly PlatformName: string;
  readonly PlatformVersion: string;
  readonly IPAddress: string;
  readonly ComputerName: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export interface InformationFilter {
  readonly Key: string;
  readonly Values: readonly string[];
}

/** The agent reports to SSM every 5 minutes. Source: agent's appconfig, HealthFrequencyMinutes. */
const HEARTBEAT = 5 * 60_000;

/** An entry of DescribeInstanceInformation. */
export function describeInformation(managed: ManagedInstance, now: number): object {
  if (managed.information === undefined) throw new Error("an instance that SSM does not know");
  const { since, ...information } = managed.information;
  const online = managed.connected;
  // While it is connected the agent says so every few minutes.
  const beats = online ? Math.floor((now - since) / HEARTBEAT) : 0;
  return {
    ...information,
    PingStatus: online ? "Online" : "ConnectionLost",
    LastPingDateTime: isoTime(since + beats * HEARTBEAT),
    IsLatestVersion: true,
    ResourceType: "EC2Instance",
    SourceId: information.InstanceId,
    SourceType: "AWS::EC2::Instance",
  };
}

/** @throws AwsError InvalidInstanceInformationFilterValue. Source: API reference, DescribeInstanceInformation, Filters. */
export function checkFilters(filters: readonly InformationFilter[]): void {
  const tags = filters.filter(({ Key }) => Key.startsWith("tag:") || Key === "tag-key");
  if (tags.length === 0 || tags.length === filters.length) return;
  const text = "Tag filters can't be combined with other filter types";
  throw new AwsError("InvalidInstanceInformationFilterValue", text);
}

/** Source: API reference, InstanceInformationStringFilter. @throws AwsError InvalidFilterKey */
export function matchesFilter(
  managed: ManagedInstance,
  { Key, Values }: InformationFilter,
): boolean {
  if (Key.startsWith("tag:"))
    return Values.includes(managed.instance.tags.get(Key.slice("tag:".length)) ?? "\0");
  switch (Key) {
    case "InstanceIds":
      return Values.includes(managed.instance.id);
    case "PingStatus":
      return Values.includes(managed.connected ? "Online" : "ConnectionLost");
    case "PlatformTypes":
      return Values.includes(managed.instance.os.platformType);
    case "AgentVersion":
      return Values.includes(managed.information?.AgentVersion ?? "");
    case "SourceIds":
      return Values.includes(managed.instance.id);
    case "SourceTypes":
      return Values.includes("AWS::EC2::Instance");
    case "ResourceType":
      return Values.includes("EC2Instance");
    case "tag-key":
      return Values.some((key) => managed.instance.tags.has(key));
    default:
      throw new AwsError("InvalidFilterKey", `The specified key isn't valid: ${Key}`);
  }
}
