import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
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
    this.folder = mkdtempSync(join(tmpdir(), "fleet-hosts-"));
    makeTemplate(join(this.folder, "template"));
    process.on("exit", this.remove);
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
    process.off("exit", this.remove);
    this.remove();
  }

  private readonly remove = (): void => {
    rmSync(this.folder, { recursive: true, force: true });
  };
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
