import type { MessagePort } from "node:worker_threads";
import { receiveMessageOnPort } from "node:worker_threads";

/** One side's end of a conversation between two threads, of which one always waits for the other. */
export interface MailboxParts {
  readonly port: MessagePort;
  /** Two counters of messages: those to the main thread, those to the interpreter's. */
  readonly counters: Int32Array;
}

/**
 * Sends messages to another thread and waits for its messages without the event loop: a turn of the loop for
 * each of a script's calls would cost more than the calls.
 */
export class Mailbox<Incoming, Outgoing> {
  private received: number;

  constructor(
    private readonly parts: MailboxParts,
    /** The counter of what comes to this side. */
    private readonly own: 0 | 1,
  ) {
    this.received = Atomics.load(parts.counters, own);
  }

  send(message: Outgoing): void {
    const { counters, port } = this.parts;
    port.postMessage(message);
    Atomics.add(counters, 1 - this.own, 1);
    Atomics.notify(counters, 1 - this.own);
  }

  /** Blocks this thread until a message is there; undefined: none came within `longest` milliseconds of real time. */
  receive(longest = Number.POSITIVE_INFINITY): Incoming | undefined {
    const { counters, port } = this.parts;
    // A loop, as a wait also ends by the belated notice of a message that was there before it began.
    while (Atomics.load(counters, this.own) === this.received) {
      if (Atomics.wait(counters, this.own, this.received, longest) === "timed-out")
        return undefined;
    }
    this.received += 1;
    const received: { message: Incoming } | undefined = receiveMessageOnPort(port);
    return received?.message;
  }
}
