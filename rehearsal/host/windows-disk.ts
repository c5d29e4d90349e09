import { type PackageDisk } from "./plugins/package-repository.js";

/**
 * A Windows host's disk: files by path. Names are the same in upper and lower case, and `/` is as good as `\`, as
 * Windows has it. No shell works on it: only what the agent itself writes is there, and what a scenario puts there.
 */
export class WindowsDisk implements PackageDisk {
  private readonly files = new Map<string, { readonly path: string; readonly bytes: Uint8Array }>();
  private readonly folders = new Set<string>();

  constructor(given: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(given)) {
      if (/[/\\]$/.test(path)) this.folders.add(keyOf(path));
      else this.put(path, Buffer.from(text));
    }
  }

  exists(path: string): Promise<boolean> {
    return Promise.resolve(this.files.has(keyOf(path)) || this.folders.has(keyOf(path)));
  }

  mkdir(path: string): Promise<void> {
    const parts = keyOf(path).split("\\");
    for (let count = 1; count <= parts.length; count++)
      this.folders.add(parts.slice(0, count).join("\\"));
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
    for (const each of [this.files, this.folders])
      for (const known of each.keys())
        if (known === key || known.startsWith(`${key}\\`)) each.delete(known);
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

  private put(path: string, bytes: Uint8Array): void {
    const plain = path.replaceAll("/", "\\");
    void this.mkdir(plain.replace(/\\[^\\]*$/, ""));
    this.files.set(keyOf(plain), { path: plain, bytes });
  }
}

function keyOf(path: string): string {
  return path.replaceAll("/", "\\").replace(/\\+$/, "").toLowerCase();
}
