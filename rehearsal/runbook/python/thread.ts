import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import {
  type Answer,
  type Ending,
  type FromWorker,
  type Question,
  type RunMessage,
} from "./protocol.js";

/** A thread with a Python interpreter in it. One script at a time. */
export class PythonThread {
  private readonly flag = new Int32Array(new SharedArrayBuffer(4));
  private readonly channel = new MessageChannel();
  private readonly worker: Worker;
  private readonly loaded: Promise<void>;
  private receive: (message: FromWorker) => void = () => undefined;
  private fail: (error: Error) => void = () => undefined;
  private ended = false;

  constructor() {
    // TypeScript in a thread needs its loader anew; through eval, as Node takes no .ts file for a thread's body.
    const body = [require.resolve("tsx/cjs"), join(__dirname, "worker.ts")]
      .map((file) => `require(${JSON.stringify(file)});`)
      .join("");
    this.worker = new Worker(body, {
      eval: true,
      workerData: { answers: this.channel.port2, flag: this.flag },
      transferList: [this.channel.port2],
    });
    this.loaded = new Promise((resolve, reject) => {
      this.receive = () => resolve();
      this.fail = reject;
    });
    // Who waits for it hears of it; a thread that is only warmed up must not end the process.
    this.loaded.catch(() => undefined);
    this.worker.on("message", (message: FromWorker) => this.receive(message));
    this.worker.on("error", (error) => {
      this.ended = true;
      this.fail(error instanceof Error ? error : new Error(String(error)));
    });
    this.channel.port1.unref();
    // An idle interpreter does not keep the process alive.
    this.worker.unref();
  }

  /** False: the thread was ended, take another. */
  get isUsable(): boolean {
    return !this.ended;
  }

  /**
   * Runs a script; `answer` serves its questions. A script that keeps the thread busy for longer than `longest`
   * milliseconds of real time is ended with its thread.
   */
  async run(
    message: RunMessage,
    longest: number,
    answer: (question: Question) => Promise<Answer>,
  ): Promise<{ ending: Ending; stdout: string }> {
    this.worker.ref();
    try {
      await this.loaded;
      return await this.converse(message, longest, answer);
    } catch (error) {
      // The script waits for an answer that does not come.
      await this.end();
      throw error;
    } finally {
      this.worker.unref();
    }
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.worker.terminate();
  }

  private converse(
    message: RunMessage,
    longest: number,
    answer: (question: Question) => Promise<Answer>,
  ): Promise<{ ending: Ending; stdout: string }> {
    return new Promise((resolve, reject) => {
      let guard: NodeJS.Timeout;
      const watch = () => {
        guard = setTimeout(() => {
          void this.end();
          resolve({ ending: { kind: "timed out" }, stdout: "" });
        }, longest);
      };
      this.fail = reject;
      this.receive = (received) => {
        clearTimeout(guard);
        if (received.kind === "ended") resolve(received);
        if (received.kind !== "question") return;
        answer(received.question).then((reply) => {
          watch();
          this.reply(reply);
        }, reject);
      };
      watch();
      this.worker.postMessage(message);
    });
  }

  private reply(answer: Answer): void {
    this.channel.port1.postMessage(answer);
    Atomics.store(this.flag, 0, 1);
    Atomics.notify(this.flag, 0);
  }
}
