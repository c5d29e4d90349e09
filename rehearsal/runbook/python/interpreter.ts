import { type Json } from "../../../runbooks/step.js";
import { type Clock, type Signal } from "../../cloud/clock.js";
import { AwsError, NotRehearsed, Throttled } from "../../cloud/errors.js";
import { type ApiCall } from "../port.js";
import { operationNamed } from "../api-names.js";
import { type Answer, type Ending, type Question } from "./protocol.js";
import { PythonThread } from "./thread.js";

/** A script of aws:executeScript, ready to run. */
export interface Script {
  readonly source: string;
  readonly handler: string;
  readonly payload: Json;
  readonly region: string;
  /** Makes chance the same in every run. */
  readonly seed: number;
}

/** What a script can reach. */
export interface ScriptHost {
  readonly clock: Clock;
  /** When the step's time is over, in milliseconds since the epoch. */
  readonly deadline: number;
  call(call: ApiCall): Promise<unknown>;
}

export interface ScriptResult {
  readonly ending: Ending;
  readonly stdout: string;
  /** How many API calls the script made. */
  readonly calls: number;
}

/**
 * Threads for the scripts of one clock that run at the same virtual time, which happens when one of them waits
 * for a throttled call. Further scripts wait for a free one, which delays them in virtual time too.
 */
const MOST_THREADS = 4;

/** How long a script may keep its thread busy, in milliseconds of real time: it is taken for endless then. */
const LONGEST_BUSY = 20_000;

/** Python for the scripts of runbooks: loaded once, kept warm, and shared by all executions of the process. */
export class Interpreter {
  private readonly idle: PythonThread[] = [];
  private readonly busy = new Map<Clock, { threads: number; waiting: Signal<void>[] }>();

  constructor(private readonly longestBusy = LONGEST_BUSY) {}

  /** Begins to load the interpreter, so that it is there when the first script needs it. */
  prewarm(): void {
    if (this.idle.length === 0 && this.busy.size === 0) this.idle.push(new PythonThread());
  }

  /** Runs a script. The calling process of the clock parks while the script waits for virtual time. */
  async run(script: Script, host: ScriptHost): Promise<ScriptResult> {
    const thread = await this.take(host.clock);
    let calls = 0;
    try {
      const message = {
        script: script.source,
        handler: script.handler,
        payload: JSON.stringify(script.payload),
        region: script.region,
        now: host.clock.now,
        seed: script.seed,
      };
      const { ending, stdout } = await thread.run(message, this.longestBusy, (question) => {
        if (question.kind === "call") calls += 1;
        return answer(question, host);
      });
      return { ending, stdout, calls };
    } finally {
      this.giveBack(thread, host.clock);
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((thread) => thread.end()));
  }

  private async take(clock: Clock): Promise<PythonThread> {
    const use = this.busy.get(clock) ?? { threads: 0, waiting: [] };
    this.busy.set(clock, use);
    while (use.threads >= MOST_THREADS) {
      const free = clock.signal<void>();
      use.waiting.push(free);
      await free.wait();
    }
    use.threads += 1;
    return this.idle.pop() ?? new PythonThread();
  }

  private giveBack(thread: PythonThread, clock: Clock): void {
    if (thread.isUsable) this.idle.push(thread);
    const use = this.busy.get(clock);
    if (use === undefined) return;
    use.threads -= 1;
    use.waiting.shift()?.set();
    if (use.threads === 0 && use.waiting.length === 0) this.busy.delete(clock);
  }
}

/** The one interpreter of this process. */
export const python = new Interpreter();

async function answer(question: Question, host: ScriptHost): Promise<Answer> {
  const { clock, deadline } = host;
  if (question.kind === "call") {
    const text = JSON.stringify(await call(question, host), toTagged);
    return { now: clock.now, text };
  }
  const end = clock.now + question.seconds * 1000;
  await clock.sleep(Math.min(end, deadline) - clock.now);
  return { now: clock.now, text: end > deadline ? `{"timedOut":true}` : "{}" };
}

/** What the script's SDK makes a return value or an exception of. */
async function call(question: Question & { kind: "call" }, host: ScriptHost): Promise<object> {
  const { service, operation, region } = question;
  const input = JSON.parse(question.input, fromTagged) as object;
  try {
    const output = await host.call({ service, operation, region, input });
    return { output: output ?? {} };
  } catch (error) {
    if (error instanceof NotRehearsed) {
      const reason = error.message.replace(`not rehearsed: ${error.subject}: `, "");
      return { notRehearsed: error.subject, reason };
    }
    if (!(error instanceof AwsError)) throw error;
    return {
      code: error.code,
      message: error.message,
      operation: operationNamed(operation, []),
      throttled: error instanceof Throttled,
    };
  }
}

/** Dates and bytes are marked, as JSON has neither. */
function toTagged(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const raw = this[key];
  if (raw instanceof Date) return { $date: raw.toISOString() };
  if (raw instanceof Uint8Array) return { $bytes: Buffer.from(raw).toString("base64") };
  return value;
}

function fromTagged(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { $date, $bytes } = value as { $date?: string; $bytes?: string };
  if ($date !== undefined) return new Date($date);
  return $bytes === undefined ? value : new Uint8Array(Buffer.from($bytes, "base64"));
}
