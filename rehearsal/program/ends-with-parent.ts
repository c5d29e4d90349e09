// Ends this process when the one that started it has ended. A thread watches, because the program may keep the main thread
// busy: while modules load, or for ever in an endless loop.
import { Worker } from "node:worker_threads";
import { LIFELINE } from "./lifeline.js";

const WATCH = `
  const { Socket } = require("node:net");
  const lifeline = new Socket({ fd: ${LIFELINE} });
  lifeline.on("error", () => {});
  lifeline.on("close", () => process.kill(process.pid, "SIGKILL"));
  lifeline.resume();
`;

// Without the options of the main thread: the watcher needs no TypeScript.
new Worker(WATCH, { eval: true, execArgv: [] }).unref();
