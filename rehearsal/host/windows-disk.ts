import type { PackageDisk } from "./plugins/package-repository.js";

/**
 * A Windows host's disk: files by path. Names are the same in upper and lower case, and `/` is as good as `\`, as
 * Windows has it. Where scripts are parsed only, all on it is what the agent itself writes and what a scenario puts there.
 */
export class WindowsDisk implements PackageDisk {
  private readonly files = new Map<string, { readonly path: string; readonly bytes: Uint8Array }>();
  /** As they were first written. */
  private readonly folders = new Map<string, string>();

  constructor(given: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(given)) {
      if (/[/\\]$/.test(path)) this.addFolder(plain(path));
      else this.put(path, Buffer.from(text));
    }
  }

  exists(path: string): Promise<boolean> {
    return Promise.resolve(this.files.has(keyOf(path)) || this.folders.has(keyOf(path)));
  }

  mkdir(path: string): Promise<void> {
    this.addFolder(plain(path));
    return Promise.resolve();
  }

  writeFile(path: string, content: string | Uint8Array): Promise<void> {
    this.put(path, Buffer.from(content));
    return Promise.resolve();
  }

  /** Windows has no modes. */
  chmod(): Promise<void> {
    return Promise.resolve();
  }

  rm(path: string): Promise<void> {
    const key = keyOf(path);
    for (const entries of [this.files, this.folders])
      for (const entry of entries.keys())
        if (entry === key || entry.startsWith(`${key}\\`)) entries.delete(entry);
    return Promise.resolve();
  }

  /** A file's text; undefined: there is no such file. A byte order mark is left out. */
  read(path: string): string | undefined {
    const file = this.files.get(keyOf(path));
    return file === undefined
      ? undefined
      : Buffer.from(file.bytes)
          .toString("utf8")
          .replace(/^\uFEFF/, "");
  }

  /** The paths of all files below a folder, as they were written. */
  list(folder: string): readonly string[] {
    const below = [...this.files].filter(([key]) => key.startsWith(`${keyOf(folder)}\\`));
    return below.map(([, { path }]) => path);
  }

  /** Paths and texts of the files that a path means, in which `*` stands for a part of a name. */
  matching(path: string): readonly (readonly [path: string, text: string])[] {
    const parts = keyOf(path).split("*");
    const escaped = parts.map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
    const pattern = new RegExp(`^${escaped.join("[^\\\\]*")}$`);
    const found = [...this.files].filter(([key]) => pattern.test(key));
    return found.map(([, file]) => [file.path, this.read(file.path) ?? ""]);
  }

  /** All that is there, each folder before what it holds, and each by the name that it was first given. */
  content(): readonly DiskEntry[] {
    const folders = [...this.folders.values()].map((path) => ({ path }));
    return [...folders, ...this.files.values()];
  }

  /** Takes what is given for all that is there. */
  replaceBy(entries: readonly DiskEntry[]): void {
    this.files.clear();
    this.folders.clear();
    for (const { path, bytes } of entries)
      if (bytes === undefined) this.addFolder(plain(path));
      else this.put(path, bytes);
  }

  private put(path: string, bytes: Uint8Array): void {
    const full = plain(path);
    const at = full.lastIndexOf("\\");
    const spelled = `${this.addFolder(full.slice(0, at))}${full.slice(at)}`;
    this.files.set(keyOf(path), { path: spelled, bytes });
  }

  /** Its path, as it was first written. */
  private addFolder(path: string): string {
    const folder = this.folders.get(keyOf(path));
    if (folder !== undefined) return folder;
    const at = path.lastIndexOf("\\");
    const spelled = at === -1 ? path : `${this.addFolder(path.slice(0, at))}${path.slice(at)}`;
    this.folders.set(keyOf(path), spelled);
    return spelled;
  }
}

/** A file, or, without bytes, a folder. */
export interface DiskEntry {
  readonly path: string;
  readonly bytes?: Uint8Array;
}

function plain(path: string): string {
  return path.replaceAll("/", "\\").replace(/\\+$/, "");
}

function keyOf(path: string): string {
  return plain(path).toLowerCase();
}
