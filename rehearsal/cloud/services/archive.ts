import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Zippable } from "fflate";
import { zipSync } from "fflate";
import type { Deployment, Properties, Service } from "../../kernel/resource.js";

interface FileArgs {
  readonly type: string;
  readonly sourceDir?: string;
  readonly outputPath: string;
  /** Octal, e.g. `0755`: the mode of every file in the archive. */
  readonly outputFileMode?: string;
}

/** The `archive` provider: zips a folder, the same bytes for the same content. */
export class ArchiveService implements Service {
  readonly invokes = {
    "archive:index/getFile:getFile": (args: FileArgs, at: Deployment): Properties => {
      if (args.type !== "zip" || args.sourceDir === undefined) {
        throw new Error(`archive.getFile: only a zip of a sourceDir is modelled, got ${args.type}`);
      }
      const outputPath = resolve(at.folder, args.outputPath);
      const bytes = zipFolder(
        resolve(at.folder, args.sourceDir),
        Number.parseInt(args.outputFileMode ?? "0644", 8),
      );
      mkdirSync(dirname(outputPath), { recursive: true });
      // Renamed when whole: another run beside this one may be reading.
      writeFileSync(`${outputPath}.${process.pid}`, bytes);
      renameSync(`${outputPath}.${process.pid}`, outputPath);
      const digest = (algorithm: string) => createHash(algorithm).update(bytes);
      return {
        ...args,
        id: digest("sha1").digest("hex"),
        outputSize: bytes.length,
        outputMd5: digest("md5").digest("hex"),
        outputSha: digest("sha1").digest("hex"),
        outputSha256: digest("sha256").digest("hex"),
        outputBase64sha256: digest("sha256").digest("base64"),
      };
    },
  };
}

function zipFolder(folder: string, mode: number): Uint8Array {
  const entries: Zippable = {};
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const name = file
      .slice(folder.length)
      .replace(/^[/\\]+/, "")
      .replaceAll("\\", "/");
    // Unix as the system that made it, and the mode in the upper half of the external attributes.
    entries[name] = [
      readFileSync(file),
      { os: 3, attrs: (0o100000 | mode) << 16, mtime: ZIP_EPOCH },
    ];
  }
  return zipSync(entries);
}

/** The first day that the format can express; the time of day in a zip is local, so it is built locally. */
const ZIP_EPOCH = new Date(1980, 0, 1, 0, 0, 0);
