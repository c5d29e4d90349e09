import { renameSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { ConfigProblem } from "../../stacks/config.js";
import { ConfigError, lineProblem } from "../../stacks/config.js";
import { isRecord } from "../../lib/record.js";
import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import { EXIT } from "../session.js";
import type { Entry, StackFile } from "../stack-file.js";
import { readStackFile, stackFileOf, withEntries } from "../stack-file.js";
import type { GivenEntry } from "./entries.js";
import { merge } from "./entries.js";
import type { Bucket } from "./upload.js";
import { addressOf, download, s3Bucket } from "./upload.js";
import { logStackOf } from "./log-stack.js";

/** The options of `fleet packages add`. */
export interface AddOptions {
  readonly name: string;
  readonly version: string;
  readonly os: string;
  readonly arch: string;
  readonly install: string;
  readonly uninstall: string;
  readonly share: string;
  readonly validate?: string;
  /** `NAME=/parameter`, each. */
  readonly secret?: readonly string[];
  readonly stack: string;
  readonly json?: boolean;
}

export type OpenBucket = (bucket: string, region: string, owner: string) => Bucket;

/**
 * Adds a variant to the packages of a log stack: its file and its lock, checked by the program's own parser first.
 * @throws ConfigError with all problems, UserError; nothing is written then
 */
export async function add(
  file: string,
  options: AddOptions,
  session: Session,
  openBucket: OpenBucket = s3Bucket,
): Promise<void> {
  const stack = readStackFile(session.project, options.stack);
  const address = addressOf(file);
  if (address === undefined) {
    // As the config has it: from the project, whatever the working folder.
    const path = relative(session.project, resolve(session.folder, file));
    return declare(stack, entryOf(path, options), options, session);
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(options.name)) {
    throw new UserError(`--name: expected letters, digits, _, - or ., got "${options.name}"`);
  }
  const { account, regions } = logStackOf(session.project, stack).config;
  const bucket = openBucket(address.bucket, regions[0], account.id);
  const downloaded = await download(bucket, address, session.project, options.name);
  try {
    await declare(stack, entryOf(downloaded.path, options), options, session);
  } catch (error) {
    downloaded.undo();
    throw error;
  }
  downloaded.keep();
}

async function declare(
  stack: StackFile,
  given: GivenEntry,
  options: AddOptions,
  session: Session,
): Promise<void> {
  const declared = stack.config["packages"];
  const before = Array.isArray(declared)
    ? declared.filter((entry): entry is Entry => isRecord(entry))
    : [];
  const { entries, changes } = merge(before, given);
  const text = changes.length > 0 ? withEntries(stack, "fleet:packages", entries) : stack.text;
  const { config, locking, lockText } = logStackOf(
    session.project,
    stackFileOf(stack.name, Buffer.from(text)),
  );
  const problems = [...(await unreadable(options)), ...locking.problems];
  if (problems.length > 0) throw new ConfigError("the packages", problems);
  if (changes.length > 0) write(session.project, stack.name, text);
  if (locking.added.length > 0) write(session.project, config.packagesLock, lockText);
  const done = [...changes.map((change) => `${stack.name}: ${change}`), ...locking.added];
  if (options.json === true) session.print(`${JSON.stringify({ changes: done }, undefined, 2)}\n`);
  else session.print(`${done.join("\n") || "nothing to change: it is there already"}\n`);
}

/** Lines that no shell can parse: on a host they would fail only when it is too late. */
async function unreadable({ os, ...options }: AddOptions): Promise<ConfigProblem[]> {
  const platform = os === "windows" ? "windows" : "linux";
  const problems: ConfigProblem[] = [];
  for (const name of ["install", "uninstall", "validate"] as const) {
    const line = options[name];
    const reason = line === undefined ? undefined : await lineProblem(platform, line);
    if (reason !== undefined) problems.push({ key: `--${name}`, reason });
  }
  return problems;
}

/** Writes the whole file or nothing, so that a broken pipe leaves no half file. */
function write(project: string, file: string, text: string): void {
  const path = join(project, file);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function entryOf(executable: string, options: AddOptions): GivenEntry {
  const { name, version, os, arch, install, uninstall, share, validate, secret = [] } = options;
  const accounts = share.split(",").map((id) => id.trim());
  return {
    name,
    version,
    executable,
    os,
    architecture: arch,
    install,
    uninstall,
    ...(validate !== undefined && { validate }),
    ...(secret.length > 0 && { secrets: Object.fromEntries(secret.map(secretOf)) }),
    share: share.trim() === "*" ? "*" : accounts.filter(Boolean),
  };
}

function secretOf(given: string): readonly [variable: string, parameter: string] {
  const [, variable, parameter] = /^([^=]+)=(.+)$/.exec(given) ?? [];
  if (variable !== undefined && parameter !== undefined) return [variable, parameter];
  throw new UserError(`--secret: expected NAME=/parameter, got "${given}"`, EXIT.refused);
}
