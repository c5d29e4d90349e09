/** An event that a person who follows the rehearsal wants to see. */
export interface TimelineEntry {
  /** Milliseconds since the epoch, virtual. */
  readonly time: number;
  readonly account: string;
  readonly region: string;
  /** The instance that it is about, where it is about one. */
  readonly instanceId?: string;
  /** What did it, e.g. `EventBridge`, `Automation`, `agent`. */
  readonly source: string;
  readonly text: string;
  readonly kind: "info" | "success" | "failure" | "warning";
}

/** Milliseconds since the epoch at which every rehearsal starts: 2026-01-05, a Monday, 08:00 UTC. */
export const REHEARSAL_STARTS = Date.UTC(2026, 0, 5, 8, 0, 0);
