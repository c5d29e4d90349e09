/** A mistake of the person who runs the rehearsal: shown without a stack trace, exit code 1. */
export class UserError extends Error {
  override readonly name = "UserError";
}
