import type { Arn } from "../../../kernel/arn.js";
import type { Cloud } from "../../cloud.js";
import type { RoleSession } from "../../iam/principal.js";
import type { Definition } from "./definition.js";

export interface StateMachine {
  readonly cloud: Cloud;
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
