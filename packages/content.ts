import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Variant } from "./variant";

/** The files at the root of a package's zip, by name. */
export type Content = ReadonlyMap<string, Buffer>;

/** A variant with the bytes of its executable. */
export interface ReadVariant {
  readonly variant: Variant;
  readonly executable: Buffer;
}

/** The names of the generated scripts; an executable cannot be called like one of them. */
export const scriptNames = ["install.sh", "uninstall.sh", "install.ps1", "uninstall.ps1"];

/** What a variant's zip holds. The agent starts the scripts in the folder it unpacked them to. */
export function contentOf({ variant, executable }: ReadVariant): Content {
  const script = variant.os === "windows" ? powershell : shell;
  const extension = variant.os === "windows" ? "ps1" : "sh";
  return new Map([
    [path.basename(variant.executable), executable],
    [`install.${extension}`, Buffer.from(script(variant.install))],
    [`uninstall.${extension}`, Buffer.from(script(variant.uninstall))],
  ]);
}

const shell = (line: string): string => `#!/bin/sh\nset -eu\n${line}\n`;

// PowerShell goes on after a program that failed, and would report success.
const powershell = (line: string): string =>
  `$ErrorActionPreference = "Stop"\n${line}\nif ($LASTEXITCODE) { exit $LASTEXITCODE }\n`;

/** A digest of everything a variant installs: platform, file names and bytes. */
export function digestOf(read: ReadVariant): string {
  const { os, architecture } = read.variant;
  const files = [...contentOf(read)]
    .map(([name, bytes]) => [name, sha256(bytes)])
    .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return `sha256:${sha256(JSON.stringify({ os, architecture, files }))}`;
}

const sha256 = (data: string | Buffer): string =>
  crypto.createHash("sha256").update(data).digest("hex");

/**
 * Writes a variant's content into a folder of its own and removes whatever else is in there, so
 * that a zip of the folder depends on nothing but the content.
 *
 * @param root folder under which packages are built, relative to the project
 * @returns the folder, relative to the project
 */
export function stage(root: string, read: ReadVariant): string {
  const { name, version, os, architecture } = read.variant;
  const folder = path.join(root, name, version, `${os}-${architecture}`);
  const content = contentOf(read);
  fs.mkdirSync(folder, { recursive: true });
  for (const file of fs.readdirSync(folder)) {
    if (!content.has(file)) fs.rmSync(path.join(folder, file), { recursive: true, force: true });
  }
  for (const [file, bytes] of content) {
    const staged = path.join(folder, file);
    // Another run beside this one may be reading; it never sees half a file, and mostly no change at all.
    if (!fs.existsSync(staged) || !fs.readFileSync(staged).equals(Buffer.from(bytes))) {
      const half = path.join(root, `.${process.pid}-${file}`);
      fs.writeFileSync(half, bytes);
      fs.renameSync(half, staged);
    }
    fs.chmodSync(staged, 0o755);
  }
  return folder;
}
