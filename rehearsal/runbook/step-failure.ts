const GUIDE =
  "Please refer to Automation Service Troubleshooting Guide for more diagnosis details.";

/**
 * A step does not succeed. The messages are in AWS's words as far as public reports of real runs show them
 * (EC2 Image Builder's documentation, Automated Security Response's test data).
 */
export class StepFailure extends Error {
  override readonly name = "StepFailure";

  private constructor(
    readonly status: "Failed" | "TimedOut" | "Cancelled",
    /** What happened, without AWS's frame around it. */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }

  /**
   * `doing`: what AWS says the step was at, e.g. `Execute/Cancelling action`. `words`: what AWS writes of the
   * reason, where that is longer than a person wants to read.
   */
  static failed(
    reason: string,
    doing = "Execute/Cancelling action",
    words: string = reason,
  ): StepFailure {
    const end = /[.!?]$/.test(words) ? "" : ".";
    return new StepFailure(
      "Failed",
      reason,
      `Step fails when it is ${doing}. ${words}${end} ${GUIDE}`,
    );
  }

  static timedOut(reason: string, doing = "Execute/Cancelling action"): StepFailure {
    return new StepFailure(
      "TimedOut",
      reason,
      `Step timed out while step is ${doing}. ${reason}. ${GUIDE}`,
    );
  }

  static cancelled(): StepFailure {
    const reason = "Step was cancelled because the automation was stopped";
    return new StepFailure("Cancelled", reason, `${reason}.`);
  }
}
