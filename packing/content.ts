import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { powershellScripts } from "./powershell-scripts.js";
import { shellScripts } from "./shell-scripts.js";
import type { ReadVariant } from "./variant.js";

/** The files of a package's zip, by path from its root. */
export type Content = ReadonlyMap<string, Buffer>;

/**
 * What the root of a package has for the agent: the scripts that it looks for (it would run an update.* for an update in
 * place, too), and what they are made of. Nothing that is packed can be called like one of them.
 */
export const scriptNames = ["install", "uninstall", "validate", "update"]
  .flatMap((action) => [`${action}.sh`, `${action}.ps1`])
  .concat("install-line.ps1");

/** What a variant's zip holds. The agent starts the scripts in the folder it unpacked them to. */
export function contentOf(read: ReadVariant): Content {
  const scripts = read.variant.os === "windows" ? powershellScripts(read) : shellScripts(read);
  const generated = [...scripts].map(([name, text]) => [name, Buffer.from(text)] as const);
  return new Map([...read.files, ...generated]);
}

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
export function writeContent(root: string, read: ReadVariant): string {
  const { name, version, os, architecture } = read.variant;
  const folder = path.join(root, name, version, `${os}-${architecture}`);
  const content = contentOf(read);
  fs.mkdirSync(folder, { recursive: true });
  removeStrays(folder, content);
  for (const [file, bytes] of content) {
    const staged = path.join(folder, file);
    fs.mkdirSync(path.dirname(staged), { recursive: true });
    // Another run beside this one may be reading; it never sees half a file, and mostly no change at all.
    if (!fs.existsSync(staged) || !fs.readFileSync(staged).equals(bytes)) {
      const half = path.join(root, `.${process.pid}-${path.basename(file)}`);
      fs.writeFileSync(half, bytes);
      fs.renameSync(half, staged);
    }
    fs.chmodSync(staged, 0o755);
  }
  return folder;
}

/** Removes what is not of the content, and what stands where a folder of it must be. */
function removeStrays(folder: string, content: Content): void {
  const folders = new Set([...content.keys()].flatMap(parentsOf));
  const found = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const entry of found) {
    const at = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, at).split(path.sep).join("/");
    const belongs = entry.isDirectory() ? folders.has(name) : content.has(name);
    if (!belongs) fs.rmSync(at, { recursive: true, force: true });
  }
}

/** `a/b/c` -> `a`, `a/b` */
const parentsOf = (file: string): string[] =>
  file
    .split("/")
    .flatMap((_, index, parts) => (index > 0 ? [parts.slice(0, index).join("/")] : []));
