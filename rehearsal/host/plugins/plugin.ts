import type { TimelineEntry } from "../../kernel/timeline.js";
import type { Host } from "../host.js";

/** What a plugin needs of the agent that runs it. */
export interface AgentPort {
  readonly host: Host;
  readonly now: number;
  /** Stops the running script: the command was cancelled. */
  readonly stop?: AbortSignal;
  /** Calls an API of AWS with the credentials of the instance's role. @throws AwsError */
  call<Output>(service: string, operation: string, input: object): Promise<Output>;
  /** @throws AwsError RequestError where the host's network does not lead to the service. */
  checkReachable(service: string): void;
  /** The bytes behind a signed URL; undefined where there are none. */
  download(url: string): Uint8Array | undefined;
  /** Whether the instance's security groups let it talk to an address by TCP. */
  letOut(address: string, port: number): boolean;
  /** Virtual time passes. */
  sleep(duration: number): Promise<void>;
  /** Schedules an action on the host, whatever happens to the step that requests it. */
  background(delay: number, process: () => Promise<void>): void;
  /** A number from 0 to `below` - 1, the same in every rehearsal. */
  random(purpose: string, below: number): number;
  /** Something for the timeline. */
  report(kind: TimelineEntry["kind"], text: string): void;
  /** Something that is not modelled was used. */
  reportNotRehearsed(subject: string): void;
  /** A script was parsed and not run: the report lists it. */
  parsedOnly(script: string): void;
  /** Another interpreter than the host's own ran a script: the report lists it. */
  executedElsewhere(script: string): void;
}

/** Source: agent's contracts.ResultStatus. */
export type PluginStatus = "Success" | "SuccessAndReboot" | "Failed" | "TimedOut" | "Cancelled";

export interface PluginResult {
  readonly status: PluginStatus;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The script was parsed and not run: what it would have printed is not known. */
  readonly parsedOnly?: true;
}

export type PluginInputs = Readonly<Record<string, unknown>>;

/** Runs one step of a command on the host. `of` says for people which document's step it is. */
export type Plugin = (
  inputs: PluginInputs,
  agent: AgentPort,
  packageName?: string,
) => Promise<PluginResult>;

/** A step that is not rehearsed fails, and the report says so. */
export function notRehearsed(agent: AgentPort, subject: string): PluginResult {
  agent.reportNotRehearsed(subject);
  agent.report("failure", `not rehearsed: ${subject}`);
  return { status: "Failed", exitCode: 1, stdout: "", stderr: `not rehearsed: ${subject}` };
}

/** The last lines of a host's text, for the timeline. */
export function lastLines(text: string, count = 3): string {
  return text.trim().split("\n").slice(-count).join(" | ");
}
