import type { ChildProcess } from "node:child_process";
import type { EventEmitter } from "node:events";
import { printError } from "../print.js";
import type { ChildMessage, ParentMessage } from "./messages.js";
import type { Project, StackFile } from "./stack-files.js";

type Failure = Extract<ChildMessage, { kind: "failed" }>;

/**
 * A stack's program in its process, the very one that `pulumi up` runs, with Pulumi's mocks. It runs until it needs its
 * first answer: by then it has checked its settings. Its requests wait until something answers.
 */
export class StartedProgram {
  private readonly received: ChildMessage[] = [];
  private hear = (message: ChildMessage): void => void this.received.push(message);
  private readonly first: Promise<ChildMessage>;
  /** Resolves when the process has ended, or was never there. */
  private readonly lost: Promise<Error>;
  // The rehearsal reports a failure in its own words instead of the runtime's log.
  private readonly warnings: Buffer[] = [];
  /** What ends the listening to the process. */
  private readonly listening: (() => void)[] = [];

  constructor(
    project: Project,
    stack: StackFile,
    private readonly child: ChildProcess,
    /** Takes the process when the program has ended well; without it the process ends, too. */
    private readonly giveBack?: (child: ChildProcess) => void,
  ) {
    this.listen(child.stderr, "data", (data: Buffer) => this.warnings.push(data));
    this.first = new Promise((resolve) => {
      this.listen(child, "message", (message: ChildMessage) => {
        resolve(message);
        this.hear(message);
      });
    });
    this.lost = new Promise((resolve) => {
      this.listen(child, "error", resolve);
      this.listen(child, "exit", (code: number | null) => {
        const text = `the program of stack ${stack.name} ended with exit code ${code ?? "none"} and no result`;
        resolve(new Error(`${text}\n${Buffer.concat(this.warnings).toString()}`));
      });
    });
    const { folder, main, name } = project;
    const config = encode(stack.config);
    this.send({ kind: "run", folder, main, project: name, stack: stack.name, config });
  }

  /** How it failed before it asked anything; undefined where it did not. @throws Error where it ended without a word */
  async failure(): Promise<Failure | undefined> {
    const word = await Promise.race([this.first, this.lost]);
    if (word instanceof Error) throw word;
    return word.kind === "failed" ? word : undefined;
  }

  /** Listens to it until `hear` resolves or rejects, and ends it then. */
  async converse<T>(
    hear: (
      message: ChildMessage,
      resolve: (value: T) => void,
      reject: (error: unknown) => void,
    ) => void,
  ): Promise<T> {
    try {
      const result = await new Promise<T>((resolve, reject) => {
        this.hear = (message) => {
          hear(message, resolve, reject);
        };
        for (const message of this.received.splice(0)) this.hear(message);
        void this.lost.then(reject);
      });
      printError(Buffer.concat(this.warnings).toString());
      this.leave();
      return result;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Leaves the process to the next program. */
  private leave(): void {
    const { child } = this;
    if (this.giveBack === undefined) return this.end();
    for (const stop of this.listening) stop();
    this.giveBack(child);
  }

  private listen<T>(
    emitter: EventEmitter | null,
    event: string,
    listener: (value: T) => void,
  ): void {
    emitter?.on(event, listener);
    this.listening.push(() => emitter?.off(event, listener));
  }

  send(message: ParentMessage): void {
    this.child.send(message);
  }

  end(): void {
    this.child.kill();
  }
}

/** Pulumi hands every value to a program as text: strings as they are, the rest as JSON. */
function encode(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
