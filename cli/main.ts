import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { run } from "./program.js";

// Which Node runs this is chosen by whoever installed it; the SDK would warn at every command.
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

void run(process.argv.slice(2), {
  project: resolve(__dirname, ".."),
  // npx keeps the working folder, `npm exec` and scripts say in INIT_CWD where the person stands.
  folder: process.env["INIT_CWD"] ?? process.cwd(),
  isTerminal: Boolean(process.stdout.isTTY),
  ...(process.stdin.isTTY && process.stderr.isTTY && { ask }),
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});
