import type { Session } from "../session.js";
import type { Identity } from "./aws.js";
import type { LogStack } from "./log-stack.js";
import { tally } from "./outcome.js";
import type { RateLimiter } from "./rate-limiter.js";
import { count } from "./plan-text.js";
import type { HostRecord } from "./records.js";
import { recordsOf } from "./records.js";
import type { LocationState, RunState } from "./run-state.js";
import { readState } from "./run-state.js";

/** What a person sees while a run goes on. */
export interface Followed {
  readonly state: RunState;
  readonly records: readonly HostRecord[];
  /** The person left before it was over; the run goes on. */
  readonly isDetached: boolean;
}

/** Milliseconds between two polls: short at first, and never more often than AWS answers. */
const FIRST_LOOK = 2000;
const LAST_LOOK = 10_000;

/** Follows a run to its end, or until the person interrupts. */
export async function follow(
  run: string,
  ids: readonly string[],
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
  session: Session,
): Promise<Followed> {
  let interrupted = false;
  let wake: () => void = () => undefined;
  const undo = session.onInterrupt?.(() => {
    interrupted = true;
    wake();
  });
  const progress = new Progress(session);
  const records = new Map<string, readonly HostRecord[]>();
  try {
    for (let pause = FIRST_LOOK; ; pause = Math.min(LAST_LOOK, pause * 1.5)) {
      const state = await readState(run, ids, log, operator, limiter);
      const ended = state.locations.filter(
        (location) => hasEnded(location) && !records.has(keyOf(location)),
      );
      const found = await recordsOf(run, ended, log, operator);
      for (const location of ended) {
        const own = found.filter((record) => keyOf(record) === keyOf(location));
        records.set(keyOf(location), own);
        progress.ended(location, own);
      }
      progress.show(state, [...records.values()].flat());
      if (state.isOver || interrupted) {
        const all = [...records.values()].flat();
        return { state, records: all, isDetached: !state.isOver };
      }
      await Promise.race([limiter.sleep(pause), new Promise<void>((resolve) => (wake = resolve))]);
    }
  } finally {
    progress.end();
    undo?.();
  }
}

const keyOf = ({ account, region }: { readonly account: string; readonly region: string }) =>
  `${account} ${region}`;

export const hasEnded = ({ status }: LocationState): boolean =>
  status === "done" || status === "failed" || status === "stopped";

/** Accounts that are named in the changing part of a terminal. */
const MAX_HOSTS_NAMED = 8;

/** Reports the progress of a run: in one place on a terminal, in lines elsewhere. */
class Progress {
  constructor(private readonly session: Session) {}

  /** The run has ended in an account and Region: its line stays. */
  ended({ account, region, status, cause }: LocationState, records: readonly HostRecord[]): void {
    const { live } = this.session;
    if (live !== undefined) return;
    const { ok } = tally(records);
    const what =
      records.length === 0
        ? (cause ?? "no host is recorded")
        : `${ok} of ${count(records.length, "host", "hosts")} well`;
    this.session.printError(`${account} ${region} ${status}: ${what}\n`);
  }

  show({ run, locations }: RunState, records: readonly HostRecord[]): void {
    const { live } = this.session;
    if (live === undefined) return;
    const ended = locations.filter(hasEnded).length;
    const running = locations.filter(({ status }) => status === "running");
    const failed = locations.filter(({ status }) => status === "failed").length;
    const { ok } = tally(records);
    const named = running
      .slice(0, MAX_HOSTS_NAMED)
      .map(({ account, region }) => `  ${account} ${region}`);
    const more = running.length - named.length;
    live.update(
      [
        `Run ${run}: ${ended} of ${locations.length} accounts and Regions ended, ${failed} failed; ${ok} of ${records.length} hosts well`,
        ...(running.length > 0 ? ["running in"] : []),
        ...named,
        ...(more > 0 ? [`  and ${more} more`] : []),
      ].join("\n"),
    );
  }

  end(): void {
    this.session.live?.done();
  }
}
