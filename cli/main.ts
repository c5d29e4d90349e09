import { resolve } from "node:path";
import { run } from "./program.js";

void run(process.argv.slice(2), {
  project: resolve(__dirname, ".."),
  // npx keeps the working folder, `npm exec` and scripts say in INIT_CWD where the person stands.
  folder: process.env["INIT_CWD"] ?? process.cwd(),
  isTerminal: Boolean(process.stdout.isTTY),
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});
