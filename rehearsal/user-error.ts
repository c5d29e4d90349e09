/** A mistake of the person who runs the rehearsal: shown without a stack trace, exit code 1. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** Does something that a place in a file asks for; a mistake is told with the place. */
export async function at<T>(place: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${place}: ${error.message}`) : error;
  }
}
