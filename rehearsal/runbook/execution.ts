import type { Json, JsonObject, Step } from "../../runbooks/loader/step.js";
import type { Arn } from "../kernel/arn.js";
import type { MultiTargetRun, TargetLocation } from "./multi-target.js";

export type Status =
  "Pending" | "InProgress" | "Success" | "Failed" | "TimedOut" | "Cancelling" | "Cancelled";

/** What a step inside a loop belongs to. */
export interface ParentStep {
  readonly step: StepExecution;
  /** From 1. */
  readonly iteration: number;
  /** The item that the iteration is for, as text; absent in a do-while loop. */
  readonly iteratorValue?: string;
}

/** One step of one execution, kept as it goes. */
export interface StepExecution {
  readonly id: string;
  readonly name: string;
  readonly action: string;
  readonly definition: Step;
  readonly parent?: ParentStep;
  status: Status;
  /** Milliseconds since the epoch. */
  start?: number;
  end?: number;
  attempts: number;
  inputs: JsonObject;
  outputs: JsonObject;
  /** In AWS's words. */
  failureMessage?: string;
  /** What happened, without AWS's frame around it. */
  reason?: string;
  /** It used something that is not modelled, so that its result is not known. */
  notRehearsed?: string;
  /** The step that a branch has chosen to go on with. */
  chosen?: string;
  /** A loop that takes over what its failed step says of failures. */
  inherits?: "Abort";
  /** What the step's script printed. */
  stdout?: string;
  /** Where the step's child runs, where the automation is spread over accounts and Regions. */
  readonly location?: TargetLocation;
  /** The automation that the step has started. */
  child?: AutomationExecution;
}

/** One run of a runbook, kept as it goes. Times in milliseconds since the epoch. */
export interface AutomationExecution {
  readonly id: string;
  readonly arn: Arn;
  readonly account: string;
  readonly region: string;
  readonly documentName: string;
  readonly documentVersion: string;
  /** Every parameter, given or default, in the API's form: lists of texts. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  /** The same, each of its type. */
  readonly values: Readonly<Record<string, Json>>;
  /** Who started it. */
  readonly executedBy: string;
  readonly assumeRole?: Arn;
  readonly tags: Readonly<Record<string, string>>;
  /** The automation that started this one, in whichever account. */
  parentId?: string;
  /** How many automations are above it. */
  depth: number;
  /** The value of the target parameter that it is for. */
  readonly target?: string;
  /** Present: it runs no steps of its runbook itself, but an automation for each target or location. */
  readonly multiTarget?: MultiTargetRun;
  /** How it was stopped: at once, or after the current step. */
  stopped?: "Cancel" | "Complete";
  /** The account that AWS bills: where the first of its parents was started. */
  payer: string;
  status: Status;
  readonly startTime: number;
  endTime?: number;
  /** Those that have started, in that order; steps inside a loop follow it. */
  readonly steps: StepExecution[];
  /** By `step.output`. */
  outputs: Readonly<Record<string, readonly string[]>>;
  failureMessage?: string;
  reason?: string;
  readonly billed: Billed;
  /** US dollars for what is billed. */
  price: number;
}

/** What AWS bills of an automation, by the names in the table of prices. */
export interface Billed {
  /** Attempts of steps other than aws:executeScript. */
  automationStep: number;
  /** Begun seconds of aws:executeScript. */
  scriptSecond: number;
}

export function isOver(status: Status): boolean {
  return !["Pending", "InProgress", "Cancelling"].includes(status);
}

/** The automations that an automation has started. */
export function childrenOf({ steps }: AutomationExecution): AutomationExecution[] {
  return steps.flatMap(({ child }) => child ?? []);
}

/** A value as AWS puts it into the outputs of a step or an execution: a list of texts. */
export function asTexts(value: Json): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).map(asText);
  return [asText(value)];
}

export function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
