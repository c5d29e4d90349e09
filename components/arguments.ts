import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../lib/user-error.js";

/**
 * Arguments that a component cannot be built from: all problems at once, thrown before anything is
 * registered.
 */
export class ArgumentError extends UserError {
  constructor(
    subject: string,
    readonly problems: readonly pulumi.InputPropertyErrorDetails[],
  ) {
    const lines = problems.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`);
    super([`${subject}: invalid arguments`, ...lines].join("\n"));
  }
}
