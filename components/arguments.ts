import * as pulumi from "@pulumi/pulumi";
import { Mistake } from "./mistake";

/**
 * Arguments that a component cannot be built from: all problems at once, thrown before anything is
 * registered.
 */
export class ArgumentError extends Mistake {
  constructor(
    subject: string,
    readonly problems: readonly pulumi.InputPropertyErrorDetails[],
  ) {
    const lines = problems.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`);
    super([`${subject}: invalid arguments`, ...lines].join("\n"));
  }
}
