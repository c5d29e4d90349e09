import type { Instance } from "../../../../kernel/instance.js";
import type { PluginResult } from "../../../../host/plugins/plugin.js";
import type { CommandContent } from "./command-content.js";

/** Source: API reference, CommandInvocation, Status and StatusDetails; "Understanding command statuses". */
export type InvocationDetails =
  | "Pending"
  | "InProgress"
  | "Delayed"
  | "Success"
  | "Failed"
  | "Cancelled"
  | "DeliveryTimedOut"
  | "ExecutionTimedOut"
  | "Undeliverable"
  | "InvalidPlatform"
  | "Terminated";

/** A command's own status has some more. */
export type CommandDetails = InvocationDetails | "AccessDenied" | "Incomplete" | "NoInstancesInTag";

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
  readonly invocations: ReadonlyMap<string, Invocation>;
  readonly tally: Tally;
  details: CommandDetails;
  cancelled: boolean;
}

export interface OutputLocation {
  readonly bucket: string;
  readonly prefix: string;
  /** Of S3 in the bucket's Region: `https://s3.eu-central-1.amazonaws.com` */
  readonly endpoint?: string;
}

/** The state of a command on one instance. */
export interface Invocation {
  readonly instanceId: string;
  readonly instanceName: string;
  details: InvocationDetails;
  readonly plugins: PluginRun[];
  /** Stops the script that runs for it. */
  stop?: () => void;
}

/** What one step of the document did on the instance; the output is whole. */
export interface PluginRun {
  readonly name: string;
  readonly action: string;
  readonly started: number;
  readonly ended: number;
  readonly result: PluginResult;
  /** Why the agent did not run the step: it is for another platform. */
  readonly skipped?: string;
}

/** Counts a command's invocations by state, so that ten thousand need not be counted anew at each change. */
export class Tally {
  private readonly counts = new Map<InvocationDetails, number>();

  constructor(invocations: Iterable<Invocation>) {
    for (const { details } of invocations) this.add(details, 1);
  }

  countOf(...details: readonly InvocationDetails[]): number {
    return details.reduce((sum, detail) => sum + (this.counts.get(detail) ?? 0), 0);
  }

  /** Gives an invocation another state; the only way to do so. */
  change(invocation: Invocation, details: InvocationDetails): void {
    this.add(invocation.details, -1);
    this.add(details, 1);
    invocation.details = details;
  }

  private add(details: InvocationDetails, count: number): void {
    this.counts.set(details, this.countOf(details) + count);
  }
}

const STATUSES: Partial<Readonly<Record<CommandDetails, string>>> = {
  DeliveryTimedOut: "TimedOut",
  ExecutionTimedOut: "TimedOut",
  Undeliverable: "Failed",
  Terminated: "Failed",
  InvalidPlatform: "Failed",
  AccessDenied: "Failed",
  Incomplete: "Failed",
  // Seen in the output of aws-ssm-invoke: "Success (NoInstancesInTag)".
  NoInstancesInTag: "Success",
};

/** The API's Status, which knows fewer values than StatusDetails. */
export function statusOf(details: CommandDetails): string {
  return STATUSES[details] ?? details;
}

/** What has not come to an end. */
export const UNDERWAY: readonly InvocationDetails[] = ["Pending", "InProgress", "Delayed"];

export function hasEnded(details: CommandDetails): boolean {
  return !(UNDERWAY as readonly CommandDetails[]).includes(details);
}

/** An invocation that has done nothing yet. */
export function invocationOn(instance: Instance, details: InvocationDetails): Invocation {
  return {
    instanceId: instance.id,
    instanceName: instance.tags.get("Name") ?? "",
    details,
    plugins: [],
  };
}
