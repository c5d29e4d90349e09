import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";

/** How long a process waits for another program, in milliseconds. */
const IDLE = 15_000;

/** Processes for programs, started ahead: they load Pulumi's SDK while the rehearsal still reads its files. */
export class ProgramProcesses {
  private readonly ready: ChildProcess[] = [];

  /** Starts as many processes as programs are about to run. */
  prepare(count: number): void {
    for (let started = 0; started < count; started++) this.ready.push(start());
  }

  /** A process that runs no program now. Whoever takes it gives it back or ends it. */
  take(): ChildProcess {
    const found = this.ready.pop() ?? start();
    found.ref();
    found.channel?.ref();
    (found.stderr as Socket | null)?.ref();
    return found;
  }

  /** Takes a process back whose program has ended well: the next program needs no new one. */
  giveBack(process: ChildProcess): void {
    // It keeps nobody waiting: with its parent it ends, or where no other program comes.
    process.unref();
    process.channel?.unref();
    (process.stderr as Socket | null)?.unref();
    this.ready.push(process);
    setTimeout(() => {
      const place = this.ready.indexOf(process);
      if (place < 0) return;
      this.ready.splice(place, 1);
      process.kill();
    }, IDLE).unref();
  }

  /** Ends the processes that nobody took. */
  close(): void {
    for (const process of this.ready.splice(0)) process.kill();
  }
}

function start(): ChildProcess {
  return fork(join(__dirname, "child.ts"), [], {
    execArgv: ["--require", require.resolve("tsx/cjs")],
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
}
