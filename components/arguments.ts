import * as pulumi from "@pulumi/pulumi";

/**
 * Arguments that a component cannot be built from: all problems at once, thrown before anything is
 * registered. The runtime prints a RunError bare, without a stack trace.
 */
export class ArgumentError extends pulumi.RunError {
  constructor(
    subject: string,
    readonly problems: readonly pulumi.InputPropertyErrorDetails[],
  ) {
    const lines = problems.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`);
    super([`${subject}: invalid arguments`, ...lines].join("\n"));
  }
}
