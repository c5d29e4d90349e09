/** One expectation of a scenario and whether it holds. */
export interface CheckResult {
  readonly expectation: string;
  readonly holds: boolean;
  /** What was found instead. */
  readonly found?: string;
}
