import type { Clock } from "../kernel/clock.js";

/**
 * How virtual time passes while a cloud is served: as wall time does, `speed` times as fast, or by as many milliseconds
 * before each request. The second gives clients that ask one thing after the other the same answers on every machine.
 */
export type ClockSpeed = { readonly speed: number } | { readonly perRequest: number };

/** How long the cloud works, in milliseconds, before waiting network requests have a turn. */
const SLICE = 20;
/** How often the clock advances, in milliseconds, while there are no requests. */
const TICK = 25;

/**
 * Keeps a served cloud's time. Requests are processes on its clock, like everything else in it: one at a time, between
 * those that are due before them.
 */
export class Timekeeper {
  private readonly waiting: (() => Promise<void>)[] = [];
  private readonly started: { readonly virtual: number; readonly wall: number };
  private readonly timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly clockSpeed: ClockSpeed,
    /** Called with what a process of the cloud threw: a bug, after which it does not go on. */
    private readonly broken: (error: unknown) => void,
    /** Milliseconds of wall time. */
    private readonly wall: () => number = () => performance.now(),
  ) {
    this.started = { virtual: clock.now, wall: wall() };
    if ("speed" in clockSpeed) this.timer = setInterval(() => this.wake(), TICK);
  }

  /** Carries a request out at the time that it is now. */
  carryOut<T>(request: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push(() => request().then(resolve, reject));
      this.wake();
    });
  }

  /** Stops time. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.working;
  }

  private wake(): void {
    this.working ??= this.work()
      .catch((error: unknown) => {
        this.closed = true;
        clearInterval(this.timer);
        this.broken(error);
      })
      .finally(() => (this.working = undefined));
  }

  private async work(): Promise<void> {
    const { clockSpeed } = this;
    do {
      if ("speed" in clockSpeed) {
        const { virtual, wall } = this.started;
        // Where the machine cannot follow, requests are answered at the time that the cloud has come to.
        const hasWork = () => this.waiting.length > 0;
        await this.advance(virtual + (this.wall() - wall) * clockSpeed.speed, hasWork);
        for (const request of this.waiting.splice(0)) this.clock.spawn(request);
        await this.advance(this.clock.now);
      } else {
        const request = this.waiting.shift();
        if (request === undefined) break;
        await this.advance(this.clock.now + clockSpeed.perRequest);
        let answered = false;
        this.clock.spawn(() => request().finally(() => (answered = true)));
        await this.advance(Number.POSITIVE_INFINITY, () => answered);
      }
    } while (this.waiting.length > 0 && !this.closed);
  }

  /** Runs the clock, in slices, so that the network is heard in between. */
  private async advance(until: number, isEnough = () => false): Promise<void> {
    for (let isDone = false; !isDone && !this.closed;) {
      isDone = true;
      const begun = performance.now();
      await this.clock.run(until, () => {
        if (isEnough()) return true;
        isDone = performance.now() - begun < SLICE;
        return !isDone;
      });
      if (!isDone) await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
