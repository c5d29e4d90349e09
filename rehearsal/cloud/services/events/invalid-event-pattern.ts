import { AwsError } from "../../../kernel/errors.js";

/** What PutRule answers to a pattern that it does not take. */
export class InvalidEventPattern extends AwsError {
  override readonly name = "InvalidEventPattern";

  constructor(
    /** Why, in the words of AWS's Event Ruler where it has some. */
    readonly reason: string,
  ) {
    super("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);
  }
}
