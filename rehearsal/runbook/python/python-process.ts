import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { interpreterCode, PYODIDE, startConfined } from "./confined-node.js";
import { Lines } from "./lines.js";
import type {
  Ending,
  FromInterpreter,
  LoadMessage,
  Question,
  Reply,
  RunMessage,
} from "./protocol.js";
import { FROM_PARENT, TO_PARENT } from "./protocol.js";

/** How a run of a script ended, or that it waits for an answer. */
export type Outcome = { readonly ending: Ending; readonly stdout: string } | "suspended";

const MODULES = ["fleet_bridge.py", "fleet_sdk.py", "fleet_run.py"];

/** A process with a Python interpreter in it. One script at a time. */
export class PythonProcess {
  private readonly child: ChildProcess;
  private readonly lines: Lines<FromInterpreter>;
  private readonly loaded: Promise<void>;
  private ended = false;
  /** The run before: one at a time. */
  private before: Promise<unknown> = Promise.resolve();
  /** What it says when it breaks down. */
  private errors = "";

  constructor() {
    this.child = startConfined(interpreterCode(), PYODIDE);
    this.lines = new Lines(this.pipe(TO_PARENT));
    this.child.stderr?.setEncoding("utf8").on("data", (text) => (this.errors += String(text)));
    this.child.on("error", (error) => this.endedBy(String(error)));
    this.pipe(TO_PARENT).on("close", () => this.endedBy(""));
    // The pipe to a process that has ended: its exit event reports that.
    for (const pipe of [this.child.stdin, this.pipe(FROM_PARENT)])
      pipe?.on("error", () => undefined);
    this.loaded = this.load();
    // A caller that waits for it gets the error; a process that is only warmed up must not end this one.
    this.loaded.catch(() => undefined);
    this.hold(false);
  }

  /** False: the process was ended, take another. */
  get isUsable(): boolean {
    return !this.ended;
  }

  /**
   * Runs a script to its end, or to the first question to which `answer` has no answer yet. A script that keeps its
   * process busy for longer than `longest` milliseconds of real time is ended with its process.
   */
  run(
    message: RunMessage,
    longest: number,
    answer: (question: Question) => Reply,
  ): Promise<Outcome> {
    const run = this.before.then(() => this.held(message, longest, answer));
    this.before = run.catch(() => undefined);
    return run;
  }

  /** Ends the process and waits until it is gone. */
  async end(): Promise<void> {
    const { child } = this;
    this.kill();
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.ref();
    await once(child, "exit");
  }

  private async held(...run: Parameters<PythonProcess["run"]>): Promise<Outcome> {
    this.hold(true);
    try {
      await this.loaded;
      return await this.converse(...run);
    } catch (error) {
      // The script waits for an answer that does not come.
      this.kill();
      throw error;
    } finally {
      this.hold(false);
    }
  }

  private async converse(
    message: RunMessage,
    longest: number,
    answer: (question: Question) => Reply,
  ): Promise<Outcome> {
    this.send(message);
    for (;;) {
      const received = await this.receive(longest);
      if (received === "nothing") {
        this.kill();
        return { ending: { kind: "timed out" }, stdout: "" };
      }
      if (received === undefined) return { ending: this.brokenDown(), stdout: "" };
      if (received.kind === "ended") {
        if (received.isLast) this.kill();
        return received;
      }
      if (received.kind !== "question") throw new Error(`Python says ${received.kind}`);
      const reply = answer(received.question);
      this.send(reply);
      if (reply === "later") return "suspended";
    }
  }

  private async load(): Promise<void> {
    const modules = MODULES.map(
      (name) => [name, readFileSync(join(__dirname, "confined", name), "utf8")] as const,
    );
    this.send({ folder: PYODIDE, modules: Object.fromEntries(modules) });
    const received = await this.lines.next();
    if (received?.kind !== "loaded") throw new Error(`Python does not load: ${this.errors}`);
  }

  /** `nothing`: nothing came in time. Undefined: the process is gone. */
  private async receive(longest: number): Promise<FromInterpreter | "nothing" | undefined> {
    if (this.ended) return undefined;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.lines.stop();
    }, longest);
    const received = await this.lines.next();
    clearTimeout(timer);
    return late ? "nothing" : received;
  }

  private send(message: LoadMessage | RunMessage | Reply): void {
    this.pipe(FROM_PARENT).write(`${JSON.stringify(message)}\n`);
  }

  private brokenDown(): Ending {
    const message = this.errors.trim().split("\n")[0] ?? "";
    return {
      kind: "not rehearsed",
      subject: "aws:executeScript",
      reason: `the Python interpreter broke down${message === "" ? "" : `: ${message}`}`,
    };
  }

  /** Whether this process waits for it. */
  private hold(held: boolean): void {
    const pipes = [
      this.pipe(TO_PARENT),
      this.pipe(FROM_PARENT),
      this.child.stdin,
      this.child.stderr,
    ];
    for (const stream of [this.child, ...(pipes as (Socket | null)[])])
      if (held) stream?.ref();
      else stream?.unref();
  }

  private pipe(number: typeof FROM_PARENT | typeof TO_PARENT): Socket {
    return this.child.stdio[number] as Socket;
  }

  private kill(): void {
    this.ended = true;
    // The guard ends it by this; on Windows there is none.
    this.child.stdin?.destroy();
    if (process.platform === "win32") this.child.kill();
  }

  private endedBy(error: string): void {
    this.errors += error;
    this.kill();
    this.lines.stop();
  }
}
