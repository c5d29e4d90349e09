import type { Session } from "../session.js";

/**
 * Requests a second that Systems Manager takes from an account in a Region; it refuses more. Source: AWS General
 * Reference, "AWS Systems Manager endpoints and quotas".
 */
const PER_SECOND = { start: 1, read: 3 };

type Kind = keyof typeof PER_SECOND;

/** Spaces requests out in time, so that those of other people are answered as well. */
export class RateLimiter {
  private readonly turns: Record<Kind, Promise<void>> = {
    start: Promise.resolve(),
    read: Promise.resolve(),
  };
  private readonly last: Record<Kind, number> = { start: -Infinity, read: -Infinity };

  constructor(private readonly session: Pick<Session, "sleep">) {}

  /** For StartAutomationExecution and StopAutomationExecution. */
  start<T>(request: () => Promise<T>): Promise<T> {
    return this.turn("start").then(request);
  }

  /** For what reads automations. */
  read<T>(request: () => Promise<T>): Promise<T> {
    return this.turn("read").then(request);
  }

  sleep(milliseconds: number): Promise<void> {
    const { sleep = wait } = this.session;
    return sleep(milliseconds);
  }

  private turn(kind: Kind): Promise<void> {
    this.turns[kind] = this.turns[kind].then(async () => {
      const left = this.last[kind] + 1000 / PER_SECOND[kind] - performance.now();
      if (left > 0) await this.sleep(left);
      this.last[kind] = performance.now();
    });
    return this.turns[kind];
  }
}

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
