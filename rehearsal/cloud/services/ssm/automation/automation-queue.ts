import type { Clock, Signal } from "../../../../kernel/clock.js";
import { AwsError } from "../../../../kernel/errors.js";
import { CONCURRENT_AUTOMATIONS, QUEUED_AUTOMATIONS } from "../../../../kernel/quotas.js";

interface Place {
  running: number;
  readonly waiting: Signal<void>[];
}

/** How many automations run at once per account and Region; the others wait in the order of their start. */
export class AutomationQueue {
  private readonly places = new Map<string, Place>();

  constructor(
    private readonly clock: Clock,
    private readonly most = CONCURRENT_AUTOMATIONS,
    private readonly longest = QUEUED_AUTOMATIONS,
  ) {}

  /** @throws AwsError AutomationExecutionLimitExceededException where there is neither a turn nor a place */
  check(account: string, region: string): void {
    const place = this.place(account, region);
    if (place.running < this.most || place.waiting.length < this.longest) return;
    throw new AwsError(
      "AutomationExecutionLimitExceededException",
      `The number of simultaneously running Automation executions exceeded the allowable limit: ${this.most} run and ${this.longest} wait.`,
    );
  }

  /**
   * Takes a turn, or a place in the queue: then the signal is set when the turn has come.
   * @throws AwsError AutomationExecutionLimitExceededException
   */
  enter(account: string, region: string): Signal<void> | undefined {
    this.check(account, region);
    const place = this.place(account, region);
    if (place.running < this.most) {
      place.running += 1;
      return undefined;
    }
    const turn = this.clock.signal<void>();
    place.waiting.push(turn);
    return turn;
  }

  /** Gives the turn to the first in the queue. */
  leave(account: string, region: string): void {
    const place = this.place(account, region);
    const next = place.waiting.shift();
    if (next === undefined) place.running -= 1;
    else next.set();
  }

  private place(account: string, region: string): Place {
    const key = `${account}/${region}`;
    let place = this.places.get(key);
    if (place === undefined) this.places.set(key, (place = { running: 0, waiting: [] }));
    return place;
  }
}

/** The turns to wait for. @throws AwsError AutomationExecutionLimitExceededException, and no turn is taken */
export function enterAll(queues: readonly AutomationQueue[], account: string, region: string) {
  for (const queue of queues) queue.check(account, region);
  return queues.map((queue) => queue.enter(account, region)).filter((turn) => turn !== undefined);
}
