import { spawn } from "node:child_process";

/** Milliseconds of real time after which a script is stopped: in a rehearsal nothing waits for real. */
export const REAL_TIME = 300_000;

/** What a root without a user namespace keeps, to own files and to stop processes: nothing that reaches outside. */
const CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID"];

/** bwrap's options that keep a script from the machine at hand: its environment, network, processes and names. */
export function walls(): string[] {
  const isRoot = process.getuid?.() === 0;
  return [
    ...["--die-with-parent", "--new-session", "--clearenv"],
    ...["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"],
    ...(isRoot
      ? [
          "--cap-drop",
          "ALL",
          ...CAPABILITIES.flatMap((capability) => ["--cap-add", `CAP_${capability}`]),
        ]
      : ["--unshare-user", "--uid", "0", "--gid", "0"]),
  ];
}

export const environmentOf = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).flatMap(([key, value]) => ["--setenv", key, value]);

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** It was stopped because it took more than its real time. */
  readonly outOfTime: boolean;
}

/** Runs bwrap until its program ends, `stop` is aborted, or the real time (milliseconds) is over. */
export function runWalled(
  args: readonly string[],
  { stop, realTime = REAL_TIME }: { readonly stop?: AbortSignal; readonly realTime?: number } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // Its process namespace ends with it, and with that all that the script has started.
    const child = spawn("bwrap", args, {
      stdio: ["ignore", "pipe", "pipe"],
      // Where bwrap is looked for; the script gets none of it.
      env: { PATH: process.env["PATH"] },
      timeout: realTime,
      killSignal: "SIGKILL",
    });
    const [out, errors]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (bytes: Buffer) => out.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => errors.push(bytes));
    stop?.addEventListener("abort", () => child.kill("SIGKILL"));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const outOfTime = signal !== null && stop?.aborted !== true;
      const stdout = Buffer.concat(out).toString();
      const stderr = Buffer.concat(errors).toString();
      resolve({ stdout, stderr, exitCode: code ?? 137, outOfTime });
    });
  });
}
