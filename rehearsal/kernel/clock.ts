import TinyQueue from "tinyqueue";

interface Wake {
  readonly at: number;
  readonly order: number;
  /** Fires only while time passes for other reasons. */
  readonly idle: boolean;
  readonly resume: () => void;
  /** Of an idle one that comes again and again: its first time after another time. */
  readonly next?: Next;
}

type Next = (time: number) => number | undefined;

/** A result that processes wait for without polling: the clock's promise. */
export class Signal<T> {
  private value: { readonly result: T } | undefined;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly clock: Clock) {}

  /** Settles the signal once; later calls change nothing. */
  set(result: T): void {
    if (this.value !== undefined) return;
    this.value = { result };
    for (const resume of this.waiting.splice(0)) this.clock.schedule(0, resume);
  }

  /** The result; parks the calling process until there is one. */
  async wait(): Promise<T> {
    if (this.value === undefined) await this.clock.park((resume) => this.waiting.push(resume));
    if (this.value === undefined) throw new Error("a signal woke its waiter without a result");
    return this.value.result;
  }
}

/**
 * Virtual time: a discrete-event clock in milliseconds since the epoch.
 *
 * Processes are async functions. Just one runs at a time, and time moves only when that one sleeps, waits for
 * a signal or ends; between two sleeps a process may await real work (a shell, a Python interpreter) as long
 * as it likes. Processes due at the same time run in the order in which they asked. So the same scenario gives
 * the same timeline, whatever the machine does.
 */
export class Clock {
  private readonly queue = new TinyQueue<Wake>([], (a, b) => a.at - b.at || a.order - b.order);
  private order = 0;
  /** How many of the queue's entries keep the run going. */
  private pressing = 0;
  private yielded: (() => void) | undefined;
  private failure: { readonly error: unknown } | undefined;

  constructor(private time: number) {}

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.time;
  }

  /** The time as AWS writes it, e.g. `2026-01-01T00:00:05Z`. */
  get iso(): string {
    return isoTime(this.time);
  }

  signal<T>(): Signal<T> {
    return new Signal<T>(this);
  }

  /** Calls `resume` after `delay` milliseconds in a separate turn. */
  schedule(delay: number, resume: () => void): void {
    this.push(delay, resume, false);
  }

  /** Starts a process after `delay` milliseconds; the signal gives its result. An exception ends the run. */
  spawn<T>(process: () => Promise<T>, delay = 0): Signal<T> {
    const done = this.signal<T>();
    this.push(delay, this.turnOf(process, done), false);
    return done;
  }

  /**
   * Starts a process after `delay` milliseconds if time comes that far. What only waits for its hour does not keep a run
   * going that has no end: one with an hourly schedule would never end.
   */
  spawnIdly(process: () => Promise<void>, delay: number): void {
    this.push(delay, this.turnOf(process, this.signal()), true);
  }

  /** The same at every time that `next` gives, for as long as the process says that it goes on. */
  repeatIdly(next: Next, process: () => Promise<boolean>): void {
    const at = next(this.time);
    if (at === undefined) return;
    const turn = async () => {
      if (await process()) this.repeatIdly(next, process);
    };
    this.push(at - this.time, this.turnOf(turn, this.signal()), true, next);
  }

  /**
   * Skips to a time without the idle timers in between: a recurring one fires next at its first time from then on, a
   * single one fires then.
   * @throws Error where something is underway
   */
  skip(to: number): void {
    if (this.pressing > 0) throw new Error("time cannot be skipped while something is underway");
    const wakes: Wake[] = [];
    for (let wake = this.queue.pop(); wake !== undefined; wake = this.queue.pop()) {
      const at = wake.at >= to ? wake.at : wake.next === undefined ? to : wake.next(to - 1);
      if (at !== undefined) wakes.push({ ...wake, at });
    }
    for (const wake of wakes) this.queue.push(wake);
    this.time = Math.max(this.time, to);
  }

  /** Parks the calling process for `duration` milliseconds of virtual time. */
  async sleep(duration: number): Promise<void> {
    await this.park((resume) => this.schedule(duration, resume));
  }

  /** Parks the calling process; `arrange` is given what wakes it and must have it called in a separate turn. */
  async park(arrange: (resume: () => void) => void): Promise<void> {
    await new Promise<void>((resolve) => {
      arrange(resolve);
      this.yield();
    });
  }

  /**
   * Runs until nothing but idle timers is left, or until the time `until` (milliseconds since the epoch) is reached.
   * `isEnough` is asked after every turn and ends the run, too.
   * @throws what a process threw.
   */
  async run(until = Number.POSITIVE_INFINITY, isEnough = () => false): Promise<void> {
    for (;;) {
      const next = this.queue.peek();
      if (next === undefined || next.at > until) break;
      if (this.pressing === 0 && !Number.isFinite(until)) break;
      this.queue.pop();
      if (!next.idle) this.pressing -= 1;
      this.time = next.at;
      await new Promise<void>((resolve) => {
        this.yielded = resolve;
        next.resume();
      });
      if (this.failure !== undefined) throw this.failure.error;
      if (isEnough()) return;
    }
    if (Number.isFinite(until)) this.time = Math.max(this.time, until);
  }

  private push(delay: number, resume: () => void, idle: boolean, next?: Next): void {
    if (!idle) this.pressing += 1;
    const at = this.time + Math.max(0, delay);
    this.queue.push({ at, order: this.order++, idle, resume, ...(next && { next }) });
  }

  private turnOf<T>(process: () => Promise<T>, done: Signal<T>): () => void {
    return () => {
      process().then(
        (result) => {
          done.set(result);
          this.yield();
        },
        (error: unknown) => {
          this.failure ??= { error };
          this.yield();
        },
      );
    };
  }

  private yield(): void {
    const resolve = this.yielded;
    this.yielded = undefined;
    resolve?.();
  }
}

/** The time as AWS writes it, to the second: `2026-01-01T00:00:05Z`. */
export function isoTime(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
