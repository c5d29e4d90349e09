import type { EventBus, RoleSessions, Roles } from "../../../kernel/ports.js";
import type { Kernel } from "../../../kernel/kernel.js";
import type { Arn } from "../../../kernel/arn.js";
import type { RoleSession } from "../../../kernel/principal.js";
import type { Definition } from "./definition.js";

/** What Step Functions uses of the rest of the cloud. */
export interface StepFunctionsCloud extends Kernel {
  readonly events: EventBus;
  readonly sts: RoleSessions;
  readonly iam: Roles;
  readonly logs: {
    /** @throws AwsError ResourceNotFoundException */
    group(place: Place, name: string): object;
    /** @throws AwsError */
    createStream(
      place: Place,
      group: string,
      name: string,
    ): { readonly events: { readonly timestamp: number; readonly message: string }[] };
  };
}

interface Place {
  readonly account: string;
  readonly region: string;
}

export interface StateMachine {
  readonly cloud: StepFunctionsCloud;
  readonly name: string;
  readonly arn: Arn;
  readonly account: string;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  definition: Definition;
  text: string;
  roleArn: Arn;
  logging?: { readonly level: string; readonly group: string };
}

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

export interface Execution {
  readonly machine: StateMachine;
  readonly name: string;
  readonly arn: Arn;
  /** As it was given: JSON. */
  readonly input: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  status: ExecutionStatus;
  stopped?: number;
  output?: string;
  error?: string;
  cause?: string;
  /** The names of the states that were entered, in their order. */
  readonly entered: string[];
  session?: RoleSession;
}
