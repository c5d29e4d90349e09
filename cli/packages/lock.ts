// npm run packages:lock: records the content of each declared version of a package. Run it when a
// version is new, and commit the file with the change.
import * as fs from "node:fs";
import * as path from "node:path";
import type { ConfigProblem, LogConfig } from "../../stacks/config.js";
import {
  ConfigError,
  packageLineProblems,
  parseConfig,
  projectAt,
  readLock,
} from "../../stacks/config.js";
import { UserError } from "../../lib/user-error.js";
import { stackFileOf } from "../stack-file.js";
import type { Lock } from "../../packing/lock-file.js";
import { changedSentence, compare, printLock, withRelease } from "../../packing/lock-file.js";

/** A lock after the versions that a stack declares were added. */
export interface Locking {
  readonly lock: Lock;
  /** A line for each version that was added. */
  readonly added: readonly string[];
  /** A problem for each version that is known with other content. */
  readonly problems: readonly ConfigProblem[];
}

/** Adds the versions that a stack declares to its lock, of which nothing is written yet. */
export function lockReleases(before: Lock, { packagesLock: file, packages }: LogConfig): Locking {
  let lock = before;
  const added: string[] = [];
  const problems: ConfigProblem[] = [];
  for (const release of packages) {
    const comparison = compare(lock, release);
    if (comparison === "new") {
      lock = withRelease(lock, release);
      added.push(`${file}: added ${release.name} ${release.version}`);
    } else if (comparison !== "same") {
      const remedy = `if ${release.version} was never deployed, delete its lines in ${file} and run this again`;
      const reason = `${changedSentence(release, comparison.changed)}; ${remedy}`;
      problems.push({ key: file, reason });
    }
  }
  return { lock, added, problems };
}

/**
 * Adds the versions that the project's log stacks declare to their lock files.
 *
 * @param root folder of the project
 * @returns a line for each version that was added
 * @throws UserError when a stack file is wrong, or when a version that is known holds something else now;
 *   nothing is written then
 */
export async function lockPackages(root: string): Promise<string[]> {
  const added: string[] = [];
  const problems: ConfigProblem[] = [];
  const locks = new Map<string, Lock>();
  for (const config of await logConfigs(root)) {
    const file = config.packagesLock;
    const known = locks.get(file) ?? readLock(file, projectAt(root), problems) ?? {};
    const locking = lockReleases(known, config);
    locks.set(file, locking.lock);
    added.push(...locking.added);
    problems.push(...locking.problems);
  }
  if (problems.length > 0) throw new ConfigError("the packages", problems);
  for (const [file, lock] of locks) fs.writeFileSync(path.join(root, file), printLock(lock));
  return added;
}

/** The configs of all stacks of role log, by the names of their files. */
async function logConfigs(root: string): Promise<LogConfig[]> {
  const files = fs.readdirSync(root).filter((file) => /^Pulumi\.[^.]+\.yaml$/.test(file));
  const stacks = files
    .sort()
    .map((file) => stackFileOf(file, fs.readFileSync(path.join(root, file))));
  const configs: LogConfig[] = [];
  for (const { config: raw } of stacks) {
    if (raw["role"] !== "log") continue;
    const found = await packageLineProblems(raw["packages"]);
    const parsed = parseConfig(raw, { ...projectAt(root), checkLock: false }, found);
    if (parsed.role === "log") configs.push(parsed);
  }
  return configs;
}

async function main(): Promise<void> {
  try {
    const added = await lockPackages(process.cwd());
    process.stdout.write(`${added.join("\n") || "nothing to add"}\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

if (require.main === module) void main();
