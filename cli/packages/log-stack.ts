import { type Lock, printLock } from "../../packages/lock-file.js";
import { lockReleases, type Locking } from "../../packages/lock.js";
import { type LogConfig, parseConfig } from "../../stacks/config.js";
import { ConfigError, type ConfigProblem } from "../../stacks/config-error.js";
import { projectAt, readLock } from "../../stacks/project.js";
import { Failure } from "../session.js";
import { type StackFile } from "../stack-file.js";

/** A log stack as its file declares it, with the lock of its packages. */
export interface LogStack {
  readonly config: LogConfig;
  readonly lock: Lock;
  /** What the lock becomes with what is declared. */
  readonly locking: Locking;
  /** The text of that. */
  readonly lockText: string;
}

/**
 * Reads a stack as the program does, all but that its lock may lag behind.
 * @throws ConfigError with all problems; Failure where it is no log stack
 */
export function logStackOf(root: string, { name, config: raw }: StackFile): LogStack {
  const project = projectAt(root);
  const config = parseConfig(raw, { ...project, checkLock: false });
  if (config.role !== "log") {
    throw new Failure(
      `${name}: expected a stack of role log, which has packages, got ${config.role}`,
    );
  }
  const problems: ConfigProblem[] = [];
  const lock = readLock(config.packagesLock, project, problems) ?? {};
  if (problems.length > 0) throw new ConfigError("the packages", problems);
  const locking = lockReleases(lock, config);
  return { config, lock, locking, lockText: printLock(locking.lock) };
}
