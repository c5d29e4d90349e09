import { constants } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { loadPyodide } from "pyodide";
import type { Ending, LoadMessage, Question, Reply, RunMessage } from "../protocol.js";
import { Gate } from "./gate.js";
import type { PythonModule } from "./memory.js";
import { Snapshot } from "./memory.js";
import { virtualiseTime } from "./virtual-time.js";

/** What Python writes to its device. */
type Request = Question | { readonly kind: "ended"; readonly ending: Ending };

/** What Python reads first. */
type Order =
  { readonly kind: "prepare"; readonly script: string } | ({ readonly kind: "run" } & RunMessage);

/** What the SDK raises when a script that is run again does not ask what it asked before. */
const DIFFERS = JSON.stringify({
  notRehearsed: "aws:executeScript",
  reason: "the script does not do the same when it is run again with the same answers",
});

/** How many scripts are kept compiled. */
const MAX_PREPARED = 64;

/** Bytes of Python's memory from which on it is given back: it does not shrink. */
const MAX_KEPT_BYTES = 256 * 1024 * 1024;

/** How a script ended; suspended: it has to be run again, with one answer more. */
export type Outcome = { readonly ending: Ending; readonly stdout: string } | "suspended";

/** Thrown through Python when the script has to be run again. */
class Suspended extends Error {}

/** Python, which runs scripts one after the other and forgets each. */
export class Interpreter {
  private readonly gate = new Gate();
  private readonly clock = { now: 0 };
  private readonly prepared = new Set<string>();
  private python!: PythonModule;
  /** The command that makes Python read its order. */
  private serve = 0;
  private clean!: Snapshot;
  /** What Python has not read yet. */
  private unread = new Uint8Array();
  private stdout: Buffer[] = [];
  private ending: Ending | undefined;
  private suspended = false;
  /** The run that is at work. */
  private past: RunMessage["past"] = [];
  private position = 0;

  private constructor(private readonly askParent: (question: Question) => Reply) {}

  static async load(
    message: LoadMessage,
    askParent: (question: Question) => Reply,
  ): Promise<Interpreter> {
    const interpreter = new Interpreter(askParent);
    await interpreter.load(message);
    return interpreter;
  }

  /** Its memory grew so much that a new interpreter is better. */
  get isTooLarge(): boolean {
    return this.python.HEAPU8.length > MAX_KEPT_BYTES;
  }

  /** `forget` must follow. */
  run(message: RunMessage): Outcome {
    if (!this.prepared.has(message.script) && this.prepared.size < MAX_PREPARED)
      this.prepare(message.script);
    this.past = message.past;
    this.position = 0;
    this.clock.now = message.now;
    const failure = this.obey({ kind: "run", ...message });
    if (this.suspended) return "suspended";
    const ending =
      failure ?? this.ending ?? notRehearsed("the interpreter ended before the script");
    return { ending, stdout: Buffer.concat(this.stdout).toString() };
  }

  /** Puts Python back to what it was before the script. */
  forget(): void {
    this.clean.restore();
  }

  private async load({ folder, modules }: LoadMessage): Promise<void> {
    // Pyodide asks for the numbers of file modes; Node's permission model forbids the old way to them.
    Reflect.set(process, "binding", () => ({ fs: constants }));
    this.gate.build();
    const pyodide = await loadPyodide({ indexURL: folder, env: { PYTHONHASHSEED: "0" } });
    const write = (bytes: Uint8Array) => {
      this.stdout.push(Buffer.from(bytes));
      return bytes.length;
    };
    pyodide.setStdin({ read: () => 0 });
    pyodide.setStdout({ write });
    pyodide.setStderr({ write });
    // The package's types do not have its module.
    this.python = (pyodide as unknown as { _module: PythonModule })._module;
    this.addDevice();
    for (const [name, text] of Object.entries(modules)) this.python.FS.writeFile(name, text);
    // Only now: loading needs real time.
    virtualiseTime(this.clock);
    pyodide.runPython("import fleet_run; fleet_run.leave_pyodide()");
    this.serve = this.python.stringToNewUTF8("import fleet_run; fleet_run.serve()");
    this.gate.close();
    this.clean = new Snapshot(this.python);
  }

  /** The device by which Python asks: it writes a question and reads the answer. */
  private addDevice(): void {
    const { FS } = this.python;
    const device = FS.makedev(64, 0);
    FS.registerDevice(device, {
      write: (_: object, memory: Int8Array, at: number, length: number) => {
        const text = Buffer.from(memory.buffer, memory.byteOffset + at, length).toString();
        this.unread = Buffer.from(this.answer(JSON.parse(text) as Request));
        return length;
      },
      read: (_: object, memory: Int8Array, at: number, length: number) => {
        const read = this.unread.subarray(0, length);
        memory.set(read, at);
        this.unread = this.unread.subarray(read.length);
        return read.length;
      },
    });
    FS.mkdev("/dev/fleet", device);
  }

  /** Compiles a script and imports what it needs in a clean Python, and makes that the clean one. */
  private prepare(script: string): void {
    const failure = this.obey({ kind: "prepare", script });
    if (failure === undefined) this.clean = new Snapshot(this.python);
    else this.forget();
    this.prepared.add(script);
  }

  /** Lets Python carry out an order; gives why it could not. */
  private obey(order: Order): Ending | undefined {
    this.unread = Buffer.from(JSON.stringify(order));
    this.ending = undefined;
    this.suspended = false;
    this.stdout = [];
    let broken: string | undefined;
    try {
      this.python._PyRun_SimpleString(this.serve);
    } catch (error) {
      broken = error instanceof Error ? error.message : "without a word";
    }
    const called = this.gate.takeCalled();
    if (called !== undefined)
      return notRehearsed(`the script calls ${called}, which is closed to it`);
    return broken === undefined ? undefined : notRehearsed(`Python broke down: ${broken}`);
  }

  private answer(request: Request): string {
    // A script that catches the suspension still gets no answer.
    if (this.suspended) throw new Suspended();
    if (request.kind === "ended") {
      this.ending = request.ending;
      return "";
    }
    const recorded = this.past[this.position++];
    if (recorded !== undefined && !isDeepStrictEqual(recorded.question, request)) return DIFFERS;
    const reply = recorded?.answer ?? this.askParent(request);
    if (reply === "later") {
      this.suspended = true;
      throw new Suspended();
    }
    this.clock.now = reply.now;
    return reply.text;
  }
}

function notRehearsed(reason: string): Ending {
  return { kind: "not rehearsed", subject: "aws:executeScript", reason };
}
