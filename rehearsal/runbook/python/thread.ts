import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { Mailbox } from "./mailbox.js";
import type { Ending, FromWorker, Question, Reply, RunMessage } from "./protocol.js";

/** How a run of a script ended, or that it waits for an answer. */
export type Outcome = { readonly ending: Ending; readonly stdout: string } | "suspended";

/** A thread with a Python interpreter in it. One script at a time. */
export class PythonThread {
  private readonly worker: Worker;
  private readonly mailbox: Mailbox<FromWorker, RunMessage | Reply>;
  private readonly loaded: Promise<void>;
  private ended = false;
  /** Scripts can be run. */
  isLoaded = false;

  constructor() {
    const counters = new Int32Array(new SharedArrayBuffer(8));
    const { port1, port2 } = new MessageChannel();
    this.mailbox = new Mailbox({ port: port1, counters }, 0);
    port1.unref();
    // TypeScript in a thread needs its loader anew; through eval, as Node takes no .ts file for a thread's body.
    const body = [require.resolve("tsx/cjs"), join(__dirname, "worker.ts")]
      .map((file) => `require(${JSON.stringify(file)});`)
      .join("");
    this.worker = new Worker(body, {
      eval: true,
      workerData: { port: port2, counters },
      transferList: [port2],
    });
    this.loaded = new Promise((resolve, reject) => {
      this.worker.once("message", () => {
        this.isLoaded = true;
        // From now on the thread waits for scripts and never ends by itself.
        this.worker.unref();
        resolve();
      });
      this.worker.on("error", (error) => {
        this.ended = true;
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
    // Who waits for it hears of it; a thread that is only warmed up must not end the process.
    this.loaded.catch(() => undefined);
    // Nor keep it alive: who needs the interpreter holds the process until it is loaded.
    this.worker.unref();
  }

  /** False: the thread was ended, take another. */
  get isUsable(): boolean {
    return !this.ended;
  }

  /** Waits until scripts can be run. */
  async load(): Promise<void> {
    this.worker.ref();
    await this.loaded;
  }

  /**
   * Runs a script to its end, or to the first question to which `answer` has no answer yet; this thread waits
   * meanwhile. A script that keeps its thread busy for longer than `longest` milliseconds of real time is ended
   * with its thread.
   */
  run(message: RunMessage, longest: number, answer: (question: Question) => Reply): Outcome {
    try {
      this.mailbox.send(message);
      for (;;) {
        const received = this.mailbox.receive(longest);
        if (received === undefined) {
          void this.end();
          return { ending: { kind: "timed out" }, stdout: "" };
        }
        if (received.kind === "suspended") return "suspended";
        if (received.kind === "ended") return received;
        if (received.kind === "broken") throw new Error(`Python broke down: ${received.why}`);
        this.mailbox.send(answer(received.question));
      }
    } catch (error) {
      // The script waits for an answer that does not come.
      void this.end();
      throw error;
    }
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.worker.terminate();
  }
}
