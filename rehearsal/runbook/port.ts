import { type Clock } from "../cloud/clock.js";
import { type Identifiers } from "../cloud/identifiers.js";
import { type Billed, type StepExecution } from "./execution.js";
import { type Interpreter } from "./python/interpreter.js";

/** A call of an API operation as the automation's role. */
export interface ApiCall {
  /** As in the AWS SDK for Python: `ssm`. */
  readonly service: string;
  /** In any spelling: `DescribeInstances`, `describe_instances`. */
  readonly operation: string;
  readonly input: object;
  /** Another Region than the automation's own. */
  readonly region?: string;
}

/** All that an execution has to do with the world. */
export interface Port {
  readonly clock: Clock;
  readonly ids: Identifiers;
  readonly python: Interpreter;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** Throws AwsError, at once or later. */
  call<Output>(call: ApiCall): Output | Promise<Output>;
  /** Charges what AWS bills to the execution. */
  bill(item: keyof Billed, count: number): void;
  /** A step has started or ended. */
  stepChanged(step: StepExecution): void;
  /** True once somebody has stopped the execution. */
  isStopping(): boolean;
  /** Notes that something was met which is not modelled. */
  meetsUnmodelled(subject: string): void;
}
