import type { Clock } from "../../../../kernel/clock.js";

/** What a rate control allows. */
export interface Rate {
  /** `10` or `10%` of the items. */
  readonly maxConcurrency: string;
  readonly maxErrors: string;
  /** Begins with one, and goes on with twice as many each time that as many have ended. */
  readonly rampsUp: boolean;
}

/** The results of the items of a rate control. */
export interface Tally {
  readonly errors: number;
  /** More failed than is allowed, so that no more were begun. */
  readonly isExceeded: boolean;
}

/**
 * `3`, or `10%` of the items, rounded up: a report of AWS's own scheduler shows that 10 % of a single item allows one
 * error (aws-solutions/instance-scheduler-on-aws#274: the step failed, the automation succeeded).
 */
export function limitOf(text: string, count: number): number {
  const value = Number.parseInt(text, 10);
  return text.endsWith("%") ? Math.ceil((value * count) / 100) : value;
}

/**
 * Works on items, so many at once, until too many have failed; what runs then is completed. Sources: User Guide,
 * "Control automations at scale", where 10 % of 50 stop at the fifth error; the API reference, StartAutomationExecution,
 * and the rule that both state for absolute numbers have the sixth, as it is here.
 * @param work returns whether the item succeeded @param goesOn is called before each item
 */
export async function controlled<Item>(
  clock: Clock,
  items: readonly Item[],
  rate: Rate,
  work: (item: Item) => Promise<boolean>,
  goesOn: () => boolean,
): Promise<Tally> {
  const most = Math.max(1, limitOf(rate.maxConcurrency, items.length));
  const allowed = limitOf(rate.maxErrors, items.length);
  const waiting = [...items];
  let width = rate.rampsUp ? 1 : most;
  let [running, ended, errors] = [0, 0, 0];
  let change = clock.signal<void>();
  const run = async (item: Item) => {
    if (!(await work(item))) errors += 1;
    running -= 1;
    ended += 1;
    if (ended >= width) [ended, width] = [0, Math.min(most, width * 2)];
    const previous = change;
    change = clock.signal<void>();
    previous.set();
  };
  for (;;) {
    while (running < width && waiting.length > 0 && errors <= allowed && goesOn()) {
      const item = waiting.shift() as Item;
      running += 1;
      clock.spawn(() => run(item));
    }
    if (running === 0) return { errors, isExceeded: errors > allowed };
    await change.wait();
  }
}
