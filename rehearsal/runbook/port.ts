import type { Clock } from "../kernel/clock.js";
import type { Identifiers } from "../kernel/identifiers.js";
import type { StartInput } from "./start-input.js";
import type { ApiCall } from "./api-names.js";
import type { AutomationExecution, Billed, StepExecution } from "./execution.js";
import type { Interpreter } from "./python/interpreter.js";

/** An automation that a step has started. */
export interface Started {
  readonly execution: AutomationExecution;
  /** Waits until it is over. */
  readonly ended: () => Promise<void>;
}

/** All that an execution uses of the cloud. */
export interface Port {
  readonly clock: Clock;
  readonly ids: Identifiers;
  readonly python: Interpreter;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** Throws AwsError, at once or later. */
  call<Output>(call: ApiCall): Output | Promise<Output>;
  /** Starts an automation that is this one's child. Throws AwsError. */
  startAutomation(step: StepExecution, input: StartInput): Promise<Started>;
  /** Charges what AWS bills to the execution. */
  bill(item: keyof Billed, count: number): void;
  /** A step has started or ended. */
  stepChanged(step: StepExecution): void;
  /** True once the execution has been stopped: the step at work stops, too. */
  isStopping(): boolean;
  /** True once its end after the current step has been requested. */
  isCompleting(): boolean;
  /** Notes that something was used which is not modelled. */
  reportNotRehearsed(subject: string): void;
}
