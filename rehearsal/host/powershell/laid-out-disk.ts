import * as fs from "node:fs";
import { join, win32 } from "node:path";
import type { DiskEntry, WindowsDisk } from "../windows-disk.js";

/** Writes a Windows host's disk into a folder of the machine at hand: `C:\a\b` as `C/a/b`. */
export function layOut(disk: WindowsDisk, folder: string): void {
  for (const { path, bytes } of disk.content()) {
    const place = placeOf(path);
    // What has no drive is no path of a disk.
    if (place === undefined) continue;
    const at = join(folder, place);
    fs.mkdirSync(bytes === undefined ? at : join(at, ".."), { recursive: true });
    if (bytes !== undefined) fs.writeFileSync(at, bytes);
  }
}

/** The disk has what the folder has now, links excepted: they may lead out of it. */
export function takeOver(disk: WindowsDisk, folder: string): void {
  const drives = fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^[A-Z]$/.test(entry.name));
  disk.replaceBy(drives.flatMap(({ name }) => entries(join(folder, name), `${name}:`)));
}

/** `C:\a\b` -> `C/a/b`, without steps upwards; undefined: it has no drive. */
export function placeOf(path: string): string | undefined {
  const [, drive, rest] = /^([a-z]):(.*)$/i.exec(win32.normalize(`${path}\\`)) ?? [];
  if (drive === undefined || rest === undefined) return undefined;
  return `${drive.toUpperCase()}${rest.replaceAll("\\", "/").replace(/\/$/, "")}`;
}

function entries(folder: string, path: string): DiskEntry[] {
  const below = fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const [at, name] = [join(folder, entry.name), `${path}\\${entry.name}`];
    if (entry.isDirectory()) return entries(at, name);
    return entry.isFile() ? [{ path: name, bytes: fs.readFileSync(at) }] : [];
  });
  return [{ path }, ...below];
}
