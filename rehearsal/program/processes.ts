import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import { LIFELINE } from "./lifeline.js";

/** How long a process waits for another program, in milliseconds. */
const IDLE = 15_000;

/** Processes for programs, started ahead: they load Pulumi's SDK while the rehearsal still reads its files. */
export class ProgramProcesses {
  /** All that have not ended. */
  private readonly alive = new Set<ChildProcess>();
  /** Those of them that run no program. */
  private readonly ready: ChildProcess[] = [];

  /** Starts as many processes as programs are about to run. */
  prepare(count: number): void {
    for (let started = 0; started < count; started++) this.ready.push(this.start());
  }

  /** A process that runs no program now. The caller gives it back or ends it. */
  take(): ChildProcess {
    const found = this.ready.pop() ?? this.start();
    found.ref();
    found.channel?.ref();
    (found.stderr as Socket | null)?.ref();
    return found;
  }

  /** Takes a process back whose program has ended well: the next program needs no new one. */
  giveBack(process: ChildProcess): void {
    // It does not keep the rehearsal alive: it ends with its parent, or where no other program comes.
    process.unref();
    process.channel?.unref();
    (process.stderr as Socket | null)?.unref();
    this.ready.push(process);
    setTimeout(() => {
      if (this.isNoLongerReady(process)) process.kill();
    }, IDLE).unref();
  }

  /** Ends all processes, also those that run a program; resolves when none is left. */
  async close(): Promise<void> {
    const ends = [...this.alive].map(async (process) => {
      process.ref();
      const ended = new Promise((resolve) => process.once("exit", resolve));
      process.kill("SIGKILL");
      await ended;
    });
    await Promise.all(ends);
  }

  private start(): ChildProcess {
    const process = fork(join(__dirname, "child.ts"), [], {
      execArgv: ["--require", require.resolve("tsx/cjs")],
      // The last is the lifeline.
      stdio: ["ignore", "inherit", "pipe", "ipc", "pipe"],
    });
    (process.stdio[LIFELINE] as Socket).unref();
    this.alive.add(process);
    process.once("exit", () => {
      this.forget(process);
    });
    process.on("error", () => {
      // There never was one. Whatever else goes wrong, whoever sends to it hears of.
      if (process.pid === undefined) this.forget(process);
    });
    return process;
  }

  private forget(process: ChildProcess): void {
    this.alive.delete(process);
    this.isNoLongerReady(process);
  }

  /** Takes a process out of those that are ready; false: it was none of them. */
  private isNoLongerReady(process: ChildProcess): boolean {
    const place = this.ready.indexOf(process);
    if (place >= 0) this.ready.splice(place, 1);
    return place >= 0;
  }
}
