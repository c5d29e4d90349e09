import * as fs from "node:fs";
import * as path from "node:path";
import * as z from "zod";
import type { Files } from "../../packing/executable.js";
import type { Lock } from "../../packing/lock-file.js";
import type { ConfigProblem } from "./error.js";

/** The files of the project that the config speaks of. */
export interface Project extends Files {
  /** False for the tool that writes the lock. @default true */
  readonly checkLock?: boolean;
}

/** The project in a folder; the program's own is the working directory. */
export const projectAt = (root: string): Project => ({
  read: (file) => {
    const at = path.join(root, file);
    return fs.statSync(at, { throwIfNoEntry: false })?.isFile() ? fs.readFileSync(at) : undefined;
  },
  look: (file) => {
    const at = path.join(root, file);
    const stats = fs.lstatSync(at, { throwIfNoEntry: false });
    if (!stats) return undefined;
    if (stats.isDirectory()) return { kind: "folder", names: fs.readdirSync(at) };
    if (stats.isFile()) return { kind: "file", size: stats.size };
    return { kind: stats.isSymbolicLink() ? "link" : "other" };
  },
});

const lockSchema = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string())));

/** The committed memory of what published versions hold; a file that is not there yet is an empty one. */
export function readLock(
  file: string,
  project: Project,
  problems: ConfigProblem[],
): Lock | undefined {
  const bytes = project.read(file);
  if (!bytes) return {};
  try {
    return lockSchema.parse(JSON.parse(bytes.toString()));
  } catch {
    const reason = `expected packages, versions, variants and digests as JSON in ${file}; restore it from version control`;
    problems.push({ key: "fleet:packagesLock", reason });
    return undefined;
  }
}
