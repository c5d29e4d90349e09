/** An error of a state, as retriers and catchers see it. */
export class StateFailed extends Error {
  override readonly name = "StateFailed";

  constructor(
    /** e.g. `States.TaskFailed` */
    readonly error: string,
    override readonly cause: string,
  ) {
    super(`${error}: ${cause}`);
  }

  /** Whether a retrier's or a catcher's names take it in. Source: developer guide, "Handling errors in workflows". */
  isAmong(names: readonly string[]): boolean {
    return names.some(
      (name) =>
        name === this.error ||
        (name === "States.ALL" &&
          !["States.DataLimitExceeded", "States.Runtime"].includes(this.error)) ||
        (name === "States.TaskFailed" && this.error !== "States.Timeout" && !this.isInternal),
    );
  }

  private get isInternal(): boolean {
    return this.error.startsWith("States.");
  }
}

/** The end of an execution by its time limit or by StopExecution: no state can catch it. */
export class ExecutionEnded extends Error {
  override readonly name = "ExecutionEnded";

  constructor(readonly status: "TIMED_OUT" | "ABORTED") {
    super(status);
  }
}
