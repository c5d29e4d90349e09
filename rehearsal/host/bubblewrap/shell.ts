import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../lib/user-error.js";
import type { MakeMachine } from "../machine.js";
import { BubblewrapMachine } from "./machine.js";
import { makeTemplate } from "./root.js";

/** Bubblewrap on the machine at hand: makes machines, and removes all that they wrote when it is closed. */
export class BubblewrapShell {
  private readonly folder: string;
  private readonly machines: BubblewrapMachine[] = [];

  /** @throws UserError where the machine at hand cannot run it, with what helps */
  constructor() {
    const problem = bubblewrapProblem();
    if (problem !== undefined) throw new UserError(`--shell bubblewrap: ${problem}`);
    removeAbandoned();
    this.folder = mkdtempSync(join(tmpdir(), `${folderPrefix()}${process.pid}-`));
    makeTemplate(join(this.folder, "template"));
    process.on("exit", this.remove);
    // First of all that listen: who listens once is gone when the others are asked.
    for (const signal of SIGNALS) process.prependListener(signal, this.removeAndEnd);
  }

  readonly makeMachine: MakeMachine = (ports, options) => {
    const folder = join(this.folder, `host-${this.machines.length}`);
    const machine = new BubblewrapMachine(ports, options, {
      template: join(this.folder, "template"),
      folder,
    });
    this.machines.push(machine);
    return machine;
  };

  close(): void {
    for (const machine of this.machines) machine.close();
    this.forget();
    this.remove();
  }

  private readonly remove = (): void => {
    rmSync(this.folder, { recursive: true, force: true });
  };

  /** Whoever else listens for the signal ends the process in their own way; without anybody it ends by the signal. */
  private readonly removeAndEnd = (signal: NodeJS.Signals): void => {
    for (const own of SIGNALS) process.off(own, this.removeAndEnd);
    if (process.listenerCount(signal) > 0) return;
    this.close();
    process.kill(process.pid, signal);
  };

  private forget(): void {
    process.off("exit", this.remove);
    for (const signal of SIGNALS) process.off(signal, this.removeAndEnd);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ids of processes mean something in their namespace only: a container may share the folder with others. */
function folderPrefix(): string {
  const namespace = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "";
  return `fleet-hosts-${namespace}-`;
}

/** Removes what processes left that were killed outright. */
function removeAbandoned(): void {
  const prefix = folderPrefix();
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(name.startsWith(prefix) ? /^\d+/.exec(name.slice(prefix.length)) : NaN);
    if (Number.isNaN(owner) || isAlive(owner)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's, which is theirs to remove.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Why bubblewrap cannot be used here, and what helps, or else does; undefined: it can. */
export function bubblewrapProblem(otherwise = "or use --shell built-in"): string | undefined {
  if (process.platform !== "linux") return `it needs Linux; run it there, ${otherwise}`;
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? [] : ["--unshare-user", "--uid", "0", "--gid", "0"];
  const walls = [
    "--unshare-pid",
    "--unshare-net",
    "--unshare-uts",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
  ];
  const args = ["--ro-bind", "/", "/", ...user, ...walls, "true"];
  const { error, status, stderr } = spawnSync("bwrap", args, { encoding: "utf8" });
  if (error !== undefined) {
    const found = "expected the command bwrap on the PATH, found none";
    return `${found}; install your distribution's package bubblewrap, ${otherwise}`;
  }
  if (status === 0) return undefined;
  const remedy = isRoot
    ? "give the container the capability SYS_ADMIN and a seccomp profile that allows mounts"
    : "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0)";
  return `namespaces are forbidden here (${stderr.trim()}); ${remedy}, ${otherwise}`;
}
