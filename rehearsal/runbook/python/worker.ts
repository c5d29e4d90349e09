import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from "node:worker_threads";
import {
  type Answer,
  type Ending,
  type FromWorker,
  type Question,
  type RunMessage,
} from "./protocol.js";
import { virtualiseTime } from "./virtual-time.js";

const { answers, flag } = workerData as { answers: MessagePort; flag: Int32Array };

if (parentPort === null) throw new Error("this file is the body of a worker thread");
const main = parentPort;
const tell = (message: FromWorker) => main.postMessage(message);

const clock = { now: 0 };

/** Asks the main thread and blocks this one until the answer is there: Python's calls are synchronous. */
function ask(question: Question): string {
  Atomics.store(flag, 0, 0);
  tell({ kind: "question", question });
  Atomics.wait(flag, 0, 0);
  const received = receiveMessageOnPort(answers) as { message: Answer };
  clock.now = received.message.now;
  return received.message.text;
}

async function start(): Promise<void> {
  // pyodide is an ES module, which this CommonJS file loads as it may.
  const { loadPyodide } = await import("pyodide");
  let stdout = "";
  const python = await loadPyodide({
    // Where its files are: it looks beside whoever calls it.
    indexURL: dirname(require.resolve("pyodide")),
    env: { PYTHONHASHSEED: "0" },
    stdout: (line) => (stdout += `${line}\n`),
    stderr: (line) => (stdout += `${line}\n`),
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
  const { run_script: runScript } = python.pyimport("fleet_run") as unknown as {
    run_script: (this: void, ...parts: (string | number)[]) => string;
  };

  main.on("message", (message: RunMessage) => {
    stdout = "";
    clock.now = message.now;
    const { script, handler, payload, region, seed } = message;
    const ending = JSON.parse(runScript(script, handler, payload, region, seed)) as Ending;
    tell({ kind: "ended", ending, stdout });
  });
  tell({ kind: "loaded" });
}

void start();
