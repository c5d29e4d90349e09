import { buildSync } from "esbuild";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Ends a program when the first pipe ends, whatever the program does then: that pipe ends with the process that
 * has its other end, even if that is killed. Windows ends child processes automatically.
 */
const GUARD = '"$@" & exec 3<&- 4>&-; read -r _; kill -9 $!; wait $!';

/** Pyodide's folder. */
export const PYODIDE = dirname(realpathSync(require.resolve("pyodide")));

/** What is Node's way to say it: until version 22 the permission model was an experiment. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has("--permission")
  ? "--permission"
  : "--experimental-permission";

/**
 * Starts JavaScript in a separate process that has no environment, may read one folder, may write no file, start no process and no
 * thread, and makes no code of texts. It has two pipes for messages (protocol.ts).
 */
export function startConfined(code: string, folder: string): ChildProcess {
  const program = [
    process.execPath,
    ...[PERMISSION, `--allow-fs-read=${join(folder, "/")}`, "--no-warnings"],
    ...["--disallow-code-generation-from-strings", "--input-type=module", "--eval", code],
  ];
  const guarded =
    process.platform === "win32" ? program : ["/bin/sh", "-c", GUARD, "sh", ...program];
  const [command = "", ...args] = guarded;
  return spawn(command, args, {
    cwd: folder,
    env: {},
    stdio: ["pipe", "ignore", "pipe", "pipe", "pipe"],
    windowsHide: true,
  });
}

let built: string | undefined;

/** The interpreter's program as one text: the process that runs it may not read its files. */
export function interpreterCode(): string {
  built ??= build();
  return built;
}

function build(): string {
  const nothing = join(__dirname, "confined", "nothing.ts");
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, "confined", "main.ts")],
    alias: { ws: nothing, "node:child_process": nothing },
    bundle: true,
    format: "esm",
    minify: true,
    platform: "node",
    target: "node20",
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("the program of the Python interpreter was not built");
  return file.text;
}
