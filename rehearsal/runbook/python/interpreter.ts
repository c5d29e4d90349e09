import type { Json } from "../../../runbooks/loader/step.js";
import type { Clock } from "../../kernel/clock.js";
import { AwsError, NotRehearsed, Throttled } from "../../kernel/errors.js";
import type { ApiCall } from "../api-names.js";
import { operationNamed } from "../api-names.js";
import type { Answer, Ending, Exchange, Question } from "./protocol.js";
import { PythonProcess } from "./python-process.js";

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
  readonly clock: Pick<Clock, "now" | "sleep">;
  /** When the step's time is over, in milliseconds since the epoch. */
  readonly deadline: number;
  /** A promise where the answer is not there at once. */
  call(call: ApiCall): unknown;
}

export interface ScriptResult {
  readonly ending: Ending;
  readonly stdout: string;
  /** How many API calls the script made. */
  readonly calls: number;
}

/** How long a script may keep its process busy, in milliseconds of real time: it is taken for endless then. */
const MAX_BUSY_MS = 20_000;

/**
 * Python for the scripts of runbooks, in a separate process: loaded once, kept warm, and shared by all executions. A
 * script whose question the cloud answers at once is run in one go. Where the answer needs virtual time, the script is
 * left and later run again from its start with the answers so far: its time and its chance are the same, so it does
 * the same again, and any number of scripts can wait without a process for each.
 */
export class Interpreter {
  private process: PythonProcess | undefined;

  constructor(private readonly longestBusy = MAX_BUSY_MS) {}

  /** Begins to load the interpreter, so that it is there when the first script needs it. */
  prewarm(): void {
    this.usable();
  }

  /** Runs a script. The calling process of the clock parks while the script waits for virtual time. */
  async run(script: Script, host: ScriptHost): Promise<ScriptResult> {
    const past: Exchange[] = [];
    const message = {
      script: script.source,
      handler: script.handler,
      payload: JSON.stringify(script.payload),
      region: script.region,
      now: host.clock.now,
      seed: script.seed,
      past,
    };
    for (;;) {
      let open: { question: Question; answer: Promise<Answer> } | undefined;
      const outcome = await this.usable().run(message, this.longestBusy, (question) => {
        const answer = answerTo(question, host);
        if (answer instanceof Promise) {
          open = { question, answer };
          return "later";
        }
        past.push({ question, answer });
        return answer;
      });
      if (outcome !== "suspended") {
        const calls = past.filter(({ question }) => question.kind === "call").length;
        return { ...outcome, calls };
      }
      if (open === undefined) throw new Error("a script was suspended without a question");
      past.push({ question: open.question, answer: await open.answer });
    }
  }

  /** Ends the process and waits until it is gone. */
  async close(): Promise<void> {
    await this.process?.end();
  }

  private usable(): PythonProcess {
    if (this.process?.isUsable !== true) this.process = new PythonProcess();
    return this.process;
  }
}

/** The one interpreter of this process. */
export const python = new Interpreter();

/** A promise: the answer needs virtual time, or work that is not done at once. */
function answerTo(question: Question, host: ScriptHost): Answer | Promise<Answer> {
  const { clock } = host;
  if (question.kind === "sleep") return sleep(question.seconds, host);
  const reply = (answered: object): Answer => ({
    now: clock.now,
    text: JSON.stringify(answered, toTagged),
  });
  const outcome = call(question, host);
  return outcome instanceof Promise ? outcome.then(reply) : reply(outcome);
}

async function sleep(seconds: number, { clock, deadline }: ScriptHost): Promise<Answer> {
  const end = clock.now + seconds * 1000;
  await clock.sleep(Math.min(end, deadline) - clock.now);
  return { now: clock.now, text: end > deadline ? `{"timedOut":true}` : "{}" };
}

/** What the script's SDK makes a return value or an exception of. */
function call(question: Question & { kind: "call" }, host: ScriptHost): object | Promise<object> {
  const { service, operation, region } = question;
  const input = JSON.parse(question.input, fromTagged) as object;
  const refused = (error: unknown) => refusal(error, operation);
  try {
    const output = host.call({ service, operation, region, input });
    if (output instanceof Promise) return output.then(answered, refused);
    return answered(output);
  } catch (error) {
    return refused(error);
  }
}

function answered(output: unknown): object {
  return { output: output ?? {} };
}

function refusal(error: unknown, operation: string): object {
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
