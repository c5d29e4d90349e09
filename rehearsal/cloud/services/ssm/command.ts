import { type Instance } from "../ec2/instance.js";
import { type PluginResult } from "../../../host/plugins/plugin.js";
import { type CommandContent } from "./command-content.js";

/** Source: API reference, CommandInvocation, Status and StatusDetails; "Understanding command statuses". */
export type InvocationDetails =
  | "Pending"
  | "InProgress"
  | "Success"
  | "Failed"
  | "Cancelled"
  | "DeliveryTimedOut"
  | "ExecutionTimedOut"
  | "Undeliverable"
  | "Terminated";

/** A command's own status has some more. */
export type CommandDetails = InvocationDetails | "Incomplete" | "NoInstancesInTag";

export interface Target {
  readonly Key: string;
  readonly Values: readonly string[];
}

export interface Command {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly comment: string;
  /** As it was asked for: a name or an ARN. */
  readonly documentName: string;
  readonly documentVersion: string;
  readonly content: CommandContent;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly instanceIds: readonly string[];
  readonly targets: readonly Target[];
  readonly maxConcurrency: string;
  readonly maxErrors: string;
  readonly timeoutSeconds: number;
  readonly output: OutputLocation | undefined;
  /** Milliseconds since the epoch. */
  readonly requested: number;
  /** When what has not come to an end by then has timed out. */
  readonly expires: number;
  readonly invocations: Map<string, Invocation>;
  details: CommandDetails;
  cancelled: boolean;
}

export interface OutputLocation {
  readonly bucket: string;
  readonly prefix: string;
}

/** What a command is on one instance. */
export interface Invocation {
  readonly instanceId: string;
  readonly instanceName: string;
  details: InvocationDetails;
  readonly plugins: PluginRun[];
}

/** What one step of the document did on the instance; the output is whole. */
export interface PluginRun {
  readonly name: string;
  readonly action: string;
  readonly started: number;
  readonly ended: number;
  readonly result: PluginResult;
  /** The step was for another platform. */
  readonly skipped: boolean;
}

/** The API's Status, which knows fewer values than StatusDetails. */
export function statusOf(details: CommandDetails): string {
  if (details === "DeliveryTimedOut" || details === "ExecutionTimedOut") return "TimedOut";
  if (details === "Undeliverable" || details === "Terminated" || details === "Incomplete")
    return "Failed";
  // Seen in the output of aws-ssm-invoke: "Success (NoInstancesInTag)".
  return details === "NoInstancesInTag" ? "Success" : details;
}

export function hasEnded(details: CommandDetails): boolean {
  return details !== "Pending" && details !== "InProgress";
}

/** An invocation that was not sent yet. */
export function pendingOn(instance: Instance): Invocation {
  return {
    instanceId: instance.id,
    instanceName: instance.tags.get("Name") ?? "",
    details: "Pending",
    plugins: [],
  };
}
