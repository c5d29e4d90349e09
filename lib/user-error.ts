/**
 * A mistake of the person who writes the config, the program, a scenario or a command line: its message is all that
 * is shown, without a stack trace.
 *
 * Pulumi's runtime knows the errors that it prints bare by a mark (`RunError`), which this class carries, so that
 * commands need not load the SDK. There is no stack: for one with frames of the SDK the runtime's formatting takes half
 * a minute on Node 20 (https://github.com/pulumi/pulumi/issues/21326).
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly __pulumiRunError = true;

  constructor(
    message: string,
    /** The exit code of a command that ends with it. */
    readonly exitCode: number = 1,
  ) {
    super(message);
    this.stack = message;
  }
}

/** Does something that a place in a file asks for; a mistake in it names the place. */
export async function at<T>(place: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${place}: ${error.message}`, error.exitCode);
  }
}
