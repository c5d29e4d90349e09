import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";

/** A command that asks the rehearsal. */
export interface Call {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export type Answerer = (call: Call) => Promise<Answer>;

/**
 * The way by which commands inside a host ask the rehearsal: a folder with a pipe, in which each call is told, and a folder
 * for each call. Calls are answered one after the other, because virtual time passes for one at a time.
 */
export class Calls {
  private readonly socket: Socket;
  private queue: Promise<void> = Promise.resolve();
  private rest = "";
  private answer: Answerer | undefined;

  constructor(readonly folder: string) {
    fs.mkdirSync(folder, { recursive: true });
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    // Open for writing, too, so that it does not end when the first command has written.
    const fd = fs.openSync(pipe, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    this.socket = new Socket({ fd, readable: true, writable: false });
    this.socket.setEncoding("utf8").on("data", (text) => this.take(String(text)));
    this.socket.unref();
  }

  /** Answers the calls that come while something runs, until all are answered. */
  async during<T>(answer: Answerer, run: () => Promise<T>): Promise<T> {
    this.answer = answer;
    try {
      return await run();
    } finally {
      // A command in the background may still sleep: virtual time must be through with it.
      await this.queue;
      this.answer = undefined;
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const name of lines) {
      const { answer } = this;
      if (answer !== undefined && /^call\.\w+$/.test(name))
        this.queue = this.queue.then(() => this.reply(join(this.folder, name), answer));
    }
  }

  private async reply(folder: string, answer: Answerer): Promise<void> {
    const [name = "", ...args] = fields(join(folder, "arguments"));
    const environment = Object.fromEntries(
      fields(join(folder, "environment")).map((field) => {
        const at = field.indexOf("=");
        return [field.slice(0, at), field.slice(at + 1)] as const;
      }),
    );
    const { stdout, stderr, exitCode } = await answer({ name, args, environment });
    fs.writeFileSync(join(folder, "stdout"), stdout);
    fs.writeFileSync(join(folder, "stderr"), stderr);
    this.wake(join(folder, "done"), exitCode);
  }

  private wake(pipe: string, exitCode: number): void {
    try {
      const fd = fs.openSync(pipe, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
      fs.writeSync(fd, `${exitCode}\n`);
      fs.closeSync(fd);
    } catch (error) {
      // Who asked is gone: it was stopped.
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
    }
  }
}

/** Texts that end with NUL. */
const fields = (file: string): string[] => fs.readFileSync(file, "utf8").split("\0").slice(0, -1);
