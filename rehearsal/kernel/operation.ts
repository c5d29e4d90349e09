import type { Access } from "./access.js";
import type { Kernel } from "./kernel.js";
import type { Principal } from "./principal.js";

/** The caller, its account and Region. */
export interface Caller {
  readonly kernel: Kernel;
  readonly principal: Principal;
  /** The account that answers. */
  readonly account: string;
  readonly region: string;
}

/** One API operation of a service: what it needs to be allowed, and what it does. */
export interface Operation<Input = never, Output = unknown> {
  /** Every permission that AWS checks for this input. Throws AWS's error where the input names nothing that exists. */
  access(input: Input, caller: Caller): readonly Access[] | Promise<readonly Access[]>;
  /** Carries the call out, authorised already. Throws AWS's error. */
  run(input: Input, caller: Caller): Output | Promise<Output>;
}

/** A service's operations by AWS's names, e.g. `SendCommand`. */
export type Operations = Readonly<Record<string, Operation>>;

/** An operation with the types of its input and output inferred. */
export function operation<Input, Output>(
  definition: Operation<Input, Output>,
): Operation<Input, Output> {
  return definition;
}
