/** A scheduled run: of a maintenance window, an association or a state machine. */
export interface ScheduledRun {
  readonly account: string;
  readonly region: string;
  /** What ran, by its own name: `cf-facts`. */
  readonly name: string;
  /** `NotRehearsed`: something in it is not modelled, so its result is not known. */
  readonly status: "Success" | "Failed" | "NotRehearsed";
  /** Why it failed. */
  readonly reason?: string;
  /** How many hosts it found; undefined where it does not say. */
  readonly hosts?: number;
}
