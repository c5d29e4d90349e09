import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import type { MailboxParts } from "./mailbox.js";
import { Mailbox } from "./mailbox.js";
import type { Answer, Ending, FromWorker, Question, Reply, RunMessage } from "./protocol.js";
import { virtualiseTime } from "./virtual-time.js";

if (parentPort === null) throw new Error("this file is the body of a worker thread");
const main = parentPort;
const mailbox = new Mailbox<RunMessage | Reply, FromWorker>(workerData as MailboxParts, 1);

const clock = { now: 0 };

const SUSPENDED = `{"suspended":true}`;
/** What the SDK raises when a script that is run again does not ask what it asked before. */
const DIFFERS = JSON.stringify({
  notRehearsed: "aws:executeScript",
  reason: "the script does not do the same when it is run again with the same answers",
});

/** The run that is at work. */
let run: { past: RunMessage["past"]; asked: number; suspended: boolean } = {
  past: [],
  asked: 0,
  suspended: false,
};

/** Asks the main thread and blocks this one until the answer is there: Python's calls are synchronous. */
function ask(question: Question): string {
  // A script may catch even what suspends it, and ask on: nothing that it does now counts.
  if (run.suspended) return SUSPENDED;
  const known = run.past[run.asked++];
  if (known !== undefined && !isDeepStrictEqual(known.question, question)) return DIFFERS;
  const reply = known?.answer ?? answerFromMain(question);
  if (reply === "later") {
    run.suspended = true;
    return SUSPENDED;
  }
  clock.now = reply.now;
  return reply.text;
}

function answerFromMain(question: Question): Answer | "later" {
  mailbox.send({ kind: "question", question });
  return mailbox.receive() as Reply;
}

type RunScript = (this: void, ...parts: (string | number)[]) => string;

const printed = { text: "" };

async function load(): Promise<RunScript> {
  // pyodide is an ES module, which this CommonJS file loads as it may.
  const { loadPyodide } = await import("pyodide");
  const print = (line: string) => (printed.text += `${line}\n`);
  const python = await loadPyodide({
    // Where its files are: it looks beside whoever calls it.
    indexURL: dirname(require.resolve("pyodide")),
    env: { PYTHONHASHSEED: "0" },
    stdout: print,
    stderr: print,
  });
  // Only now: loading needs real time.
  virtualiseTime(clock);
  python.registerJsModule("fleet_bridge", {
    call: (service: string, operation: string, region: string, input: string) =>
      ask({ kind: "call", service, operation, region, input }),
    sleep: (seconds: number) => ask({ kind: "sleep", seconds }),
  });
  // The package's types refer to Emscripten's, which it does not bring.
  const files = python.FS as unknown as { writeFile(name: string, text: string): void };
  for (const name of ["fleet_sdk.py", "fleet_run.py"]) {
    files.writeFile(name, readFileSync(join(__dirname, name), "utf8"));
  }
  return (python.pyimport("fleet_run") as unknown as { run_script: RunScript }).run_script;
}

async function start(): Promise<void> {
  const runScript = await load();
  main.postMessage("loaded");
  // The event loop is not needed any more: whoever ends the thread ends this as well.
  for (;;) {
    const { script, handler, payload, region, now, seed, past } = mailbox.receive() as RunMessage;
    printed.text = "";
    clock.now = now;
    run = { past, asked: 0, suspended: false };
    try {
      const ending = runScript(script, handler, payload, region, seed);
      if (run.suspended) mailbox.send({ kind: "suspended" });
      else {
        mailbox.send({ kind: "ended", ending: JSON.parse(ending) as Ending, stdout: printed.text });
      }
    } catch (error) {
      mailbox.send({ kind: "broken", why: String(error) });
    }
  }
}

void start();
