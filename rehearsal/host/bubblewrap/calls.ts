import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { RootedFiles } from "./rooted-files.js";

/** A command that the rehearsal answers. */
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
 * How commands inside a host call the rehearsal: a folder with a pipe, into which each call is written, and a folder
 * for each call. Calls are answered one after the other, because virtual time passes for one at a time.
 */
export class Calls {
  private readonly socket: Socket;
  /** Scripts can write in the folder, too. */
  private readonly files: RootedFiles;
  private queue: Promise<void> = Promise.resolve();
  private rest = "";
  private answer: Answerer | undefined;

  constructor(readonly folder: string) {
    fs.mkdirSync(folder, { recursive: true });
    this.files = new RootedFiles(() => folder);
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

  /** Puts the script there that runs next. */
  leaveScript(name: string, script: string): void {
    // Whatever a script before it left in its place.
    this.files.rm(name);
    this.files.writeFile(name, script, 0o755);
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
        this.queue = this.queue.then(() => this.reply(name, answer));
    }
  }

  private async reply(call: string, answer: Answerer): Promise<void> {
    const parsed = this.parse(call);
    if (parsed === undefined) return;
    const { stdout, stderr, exitCode } = await answer(parsed);
    try {
      this.files.writeFile(`${call}/stdout`, stdout);
      this.files.writeFile(`${call}/stderr`, stderr);
      this.files.writePipe(`${call}/done`, `${exitCode}\n`);
    } catch {
      // Who asked is gone, because it was stopped, or has put something else there: it gets no answer.
    }
  }

  /** Undefined: a script has written there what no command writes. */
  private parse(call: string): Call | undefined {
    try {
      const [name = "", ...args] = this.fields(`${call}/arguments`);
      const environment = this.fields(`${call}/environment`).map((field) => {
        const at = field.indexOf("=");
        return [field.slice(0, at), field.slice(at + 1)] as const;
      });
      return { name, args, environment: Object.fromEntries(environment) };
    } catch {
      return undefined;
    }
  }

  /** Texts that end with NUL. */
  private fields(file: string): string[] {
    return this.files.readFile(file).split("\0").slice(0, -1);
  }
}
