import { AwsError } from "../../../kernel/errors.js";

/** The error of PutRule for a pattern that it refuses. */
export class InvalidEventPattern extends AwsError {
  override readonly name = "InvalidEventPattern";

  constructor(
    /** Why, in the words of AWS's Event Ruler where it has some. */
    readonly reason: string,
  ) {
    super("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);
  }
}
