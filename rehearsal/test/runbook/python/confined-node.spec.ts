import { expect } from "chai";
import { buildSync } from "esbuild";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { PYODIDE, startConfined } from "../../../runbook/python/confined-node.js";

const PYTHON = resolve(__dirname, "../../../runbook/python");

/** Runs JavaScript as the interpreter is run, and gives what it writes. */
async function output(code: string): Promise<string> {
  const { outputFiles } = buildSync({
    stdin: { contents: code, resolveDir: join(PYTHON, "confined"), loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  const child = startConfined(outputFiles[0]?.text ?? "", PYODIDE);
  const said = await text(child.stdio[4] as Readable);
  child.stdin?.destroy();
  await once(child, "exit");
  return said;
}

/** JavaScript that reports what an attempt throws. */
const telling = (attempt: string, before = "") => `
  import * as fs from "node:fs";
  import { spawnSync } from "node:child_process";
  import { Worker } from "node:worker_threads";
  import * as net from "node:net";
  import * as dgram from "node:dgram";
  import * as http from "node:http";
  import { closeGlobals, closeNetwork } from "./surroundings.js";
  void [spawnSync, Worker, net, dgram, http];
  closeNetwork();
  ${before}
  let told = "nothing";
  try { told = "done: " + (${attempt}); } catch (error) { told = String(error.code ?? error.message); }
  fs.writeSync(4, told);`;

const REFUSED: readonly [what: string, attempt: string, told: RegExp][] = [
  ["reads no other file", `fs.readFileSync("/etc/hosts")`, /^ERR_ACCESS_DENIED$/],
  ["lists no other folder", `fs.readdirSync("/")`, /^ERR_ACCESS_DENIED$/],
  [
    "writes nowhere",
    `fs.writeFileSync(${JSON.stringify(join(PYODIDE, "x"))}, "")`,
    /^ERR_ACCESS_DENIED$/,
  ],
  ["starts no process", `spawnSync("true").status`, /^ERR_ACCESS_DENIED$/],
  ["starts no thread", `new Worker("1", { eval: true })`, /^ERR_ACCESS_DENIED$/],
  [
    "makes no code of a text",
    `new Function("return 1")()`,
    /^Code generation from strings disallowed/,
  ],
  ["opens no connection", `net.connect(1)`, /no network/],
  ["asks no server", `http.get("http://127.0.0.1:1/")`, /no network/],
  ["listens nowhere", `net.createServer().listen(0)`, /no network/],
  ["sends no datagram", `dgram.createSocket("udp4").send("x", 1, "127.0.0.1")`, /no network/],
];

describe("A confined process of Node", function () {
  this.timeout(30_000);

  for (const [what, attempt, error] of REFUSED) {
    it(what, async () => {
      expect(await output(telling(attempt))).to.match(error);
    });
  }

  it("has no environment", async () => {
    process.env["FLEET_TEST_SECRET"] = "secret";
    try {
      // PWD and its like are the guard's own shell's.
      expect(await output(telling(`JSON.stringify(process.env)`))).not.to.match(/secret|HOME/i);
    } finally {
      delete process.env["FLEET_TEST_SECRET"];
    }
  });

  it("has nothing of Node's in its global object once it is loaded", async () => {
    const names = `["process", "fetch", "WebSocket", "require", "console", "WebAssembly"]
      .filter((name) => name in globalThis).join()`;
    expect(await output(telling(names, "closeGlobals();"))).to.equal("done: ");
  });

  it("ends with the process that started it, though that is killed and it is busy", async function () {
    if (process.platform === "win32") this.skip();
    const busy = `import { writeSync } from "node:fs"; writeSync(4, process.pid + "\\n"); for (;;);`;
    const parent = spawn(
      process.execPath,
      [
        ...["--require", require.resolve("tsx/cjs"), "--eval"],
        `const { startConfined, PYODIDE } = require(${JSON.stringify(join(PYTHON, "confined-node.ts"))});
        startConfined(${JSON.stringify(busy)}, PYODIDE).stdio[4].pipe(process.stdout);`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [first] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(first.toString());
    expect(isThere(pid)).to.equal(true);
    parent.kill("SIGKILL");
    for (let tries = 0; isThere(pid) && tries < 200; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isThere(pid)).to.equal(false);
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
