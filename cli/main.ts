import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { endWithoutReader } from "../lib/closed-pipe.js";
import { run } from "./program.js";
import type { Live } from "./session.js";

// The user has chosen the version of Node; the SDK would print its warning at every command.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** On the standard error: the standard output may be data for another program. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** log-update is loaded when something changes: most commands end at once. */
function live(): Live | undefined {
  if (!process.stderr.isTTY) return undefined;
  const load = createRequire(__filename);
  let display: ReturnType<typeof import("log-update").createLogUpdate> | undefined;
  return {
    update: (text) => {
      const { createLogUpdate } = load("log-update") as typeof import("log-update");
      display ??= createLogUpdate(process.stderr);
      display(text);
    },
    done: () => display?.done(),
  };
}

/**
 * Ctrl-C ends the program, unless a command has something better to do; a second one ends it all the same. The listener
 * stays until it is removed: the library that hides cursors for log-update ends the program where no other listener is
 * left.
 */
function onInterrupt(listener: () => void): () => void {
  let isSecond = false;
  const handle = () => {
    if (isSecond) process.exit(INTERRUPTED);
    isSecond = true;
    listener();
  };
  process.on("SIGINT", handle);
  return () => void process.off("SIGINT", handle);
}

/** The exit code that a shell reports for a program that SIGINT ended. */
const INTERRUPTED = 130;

endWithoutReader();
const changing = live();
void run(process.argv.slice(2), {
  project: resolve(__dirname, ".."),
  // npx keeps the working folder; `npm exec` and scripts set INIT_CWD to the person's folder.
  folder: process.env["INIT_CWD"] ?? process.cwd(),
  isTerminal: Boolean(process.stdout.isTTY),
  ...(process.stdin.isTTY && process.stderr.isTTY && { ask }),
  ...(changing && { live: changing }),
  onInterrupt,
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});
