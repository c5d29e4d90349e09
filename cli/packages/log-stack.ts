import type { Lock } from "../../packing/lock-file.js";
import { printLock } from "../../packing/lock-file.js";
import type { Locking } from "./lock.js";
import { lockReleases } from "./lock.js";
import type { ConfigProblem, LogConfig } from "../../stacks/config.js";
import { ConfigError, parseConfig, projectAt, readLock } from "../../stacks/config.js";
import { UserError } from "../../lib/user-error.js";
import type { StackFile } from "../stack-file.js";

/** A log stack as its file declares it, with the lock of its packages. */
export interface LogStack {
  readonly config: LogConfig;
  readonly lock: Lock;
  /** The lock after the declared versions were added. */
  readonly locking: Locking;
  /** Its text. */
  readonly lockText: string;
}

/**
 * Reads a stack as the program does, except that its lock may lag behind.
 * @throws ConfigError with all problems; UserError where it is no log stack
 */
export function logStackOf(root: string, { name, config: raw }: StackFile): LogStack {
  const project = projectAt(root);
  const config = parseConfig(raw, { ...project, checkLock: false });
  if (config.role !== "log") {
    throw new UserError(
      `${name}: expected a stack of role log, which has packages, got ${config.role}`,
    );
  }
  const problems: ConfigProblem[] = [];
  const lock = readLock(config.packagesLock, project, problems) ?? {};
  if (problems.length > 0) throw new ConfigError("the packages", problems);
  const locking = lockReleases(lock, config);
  return { config, lock, locking, lockText: printLock(locking.lock) };
}
