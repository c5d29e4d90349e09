import type { BufferEncoding, CpOptions, FsEntry, MkdirOptions, RmOptions } from "just-bash";
import { InMemoryFs } from "just-bash";
import type { Entries } from "./layers.js";
import { Layer } from "./layers.js";

type Content = string | Uint8Array;
type Encoding = { encoding?: BufferEncoding } | BufferEncoding;

/** As on Amazon Linux 2023, where programs and libraries are all below `/usr`. */
const LINKS = { "/bin": "usr/bin", "/sbin": "usr/sbin", "/lib": "usr/lib", "/lib64": "usr/lib64" };

/**
 * A host's disk in memory. just-bash's own file system is more forgiving than Linux in ways that would let a
 * wrong install script pass: it makes missing parent directories on every write, replaces a symbolic link that is
 * written to, and forgets a file's mode. Here these behave as on Linux. Times of change are virtual, and files of
 * `/proc` are made when they are read.
 */
export class HostFileSystem extends InMemoryFs {
  private readonly generated = new Map<string, () => string>();

  private readonly layer: Layer<FsEntry> | undefined;
  private frozen = false;

  /** `now`: milliseconds since the epoch, virtual. `base`: a disk that lies below this one and does not change any more. */
  constructor(
    private readonly now: () => number,
    base?: HostFileSystem,
  ) {
    super();
    if (base !== undefined) {
      const inside = this as unknown as { data: Entries<FsEntry> };
      inside.data = this.layer = new Layer(base.entries);
      return;
    }
    for (const [link, target] of Object.entries(LINKS)) {
      this.mkdirSync(`/${target}`, { recursive: true });
      // The base class does this without waiting for anything; a constructor cannot wait.
      void super.symlink(target, link);
    }
  }

  /** Allows a write that only repeats existing content, as just-bash does for each of its commands. */
  unchanged<T>(act: () => T): T {
    this.frozen = true;
    try {
      return act();
    } finally {
      this.frozen = false;
    }
  }

  /** A file whose text is made anew each time it is read, as the kernel does in `/proc`. */
  generate(path: string, text: () => string): void {
    this.generated.set(path, text);
    this.writeFileSync(path, text());
  }

  /** For files that exist before the shell runs. just-bash puts its commands in `/bin` and `/usr/bin`: here these are one. */
  override writeFileSync(
    path: string,
    content: Content,
    options?: Encoding,
    metadata?: { mode?: number; mtime?: Date },
  ): void {
    if (this.frozen || path.startsWith("/bin/")) return;
    super.writeFileSync(path, content, options, { mtime: this.time, ...metadata });
  }

  override mkdirSync(path: string, options?: MkdirOptions): void {
    if (this.frozen) return;
    super.mkdirSync(path, options);
    const entry = this.entries.get(this.resolvePath("/", path));
    if (entry !== undefined) entry.mtime = this.time;
  }

  override async writeFile(path: string, content: Content, options?: Encoding): Promise<void> {
    const target = await this.targetOf(path);
    await this.needDirectoryOf(target, "open");
    const mode = (await this.exists(target)) ? (await this.stat(target)).mode : 0o644;
    this.writeFileSync(target, content, options, { mode, mtime: this.time });
  }

  override async appendFile(path: string, content: Content, options?: Encoding): Promise<void> {
    const target = await this.targetOf(path);
    await this.needDirectoryOf(target, "open");
    await super.appendFile(target, content, options);
    await this.touch(target);
  }

  override async cp(source: string, target: string, options?: CpOptions): Promise<void> {
    await this.needDirectoryOf(target, "copy");
    const path = await this.placeOf(target);
    await super.cp(await this.placeOf(source), path, options);
    if (await this.exists(path)) await this.touch(path);
  }

  override async mv(source: string, target: string): Promise<void> {
    await this.needDirectoryOf(target, "rename");
    await super.mv(await this.placeOf(source), await this.placeOf(target));
  }

  override async rm(path: string, options?: RmOptions): Promise<void> {
    await super.rm(await this.placeOf(path), options);
  }

  override async symlink(target: string, path: string): Promise<void> {
    await this.needDirectoryOf(path, "symlink");
    await super.symlink(target, await this.placeOf(path));
  }

  override async link(existing: string, path: string): Promise<void> {
    await this.needDirectoryOf(path, "link");
    await super.link(await this.placeOf(existing), await this.placeOf(path));
  }

  override async mkdir(path: string, options?: MkdirOptions): Promise<void> {
    if (await this.exists(path)) {
      if (options?.recursive === true && (await this.stat(path)).isDirectory) return;
      throw new Error(`EEXIST: file already exists, mkdir '${path}'`);
    }
    const parent = parentOf(path);
    if (options?.recursive === true && !(await this.exists(parent)))
      await this.mkdir(parent, options);
    await super.mkdir(await this.placeOf(path), options);
    await this.touch(path);
  }

  override async chmod(path: string, mode: number): Promise<void> {
    const target = await this.targetOf(path);
    this.layer?.claim(target);
    await super.chmod(target, mode);
  }

  override async utimes(path: string, accessed: Date, modified: Date): Promise<void> {
    this.layer?.claim(await this.targetOf(path));
    await super.utimes(path, accessed, modified);
  }

  override async readFileBuffer(path: string): Promise<Uint8Array> {
    const text = this.generated.get(path);
    if (text !== undefined)
      this.writeFileSync(path, text(), undefined, { mode: 0o444, mtime: this.time });
    return super.readFileBuffer(path);
  }

  private get entries(): Entries<FsEntry> {
    return (this as unknown as { data: Entries<FsEntry> }).data;
  }

  private get time(): Date {
    return new Date(this.now());
  }

  private async touch(path: string): Promise<void> {
    await this.utimes(path, this.time, this.time);
  }

  /** Where a path ends when its symbolic links are followed; the last one may lead to what is not there yet. */
  private async targetOf(path: string, depth = 0): Promise<string> {
    // Linux gives up after 40 links (path_resolution(7)).
    if (depth > 40) throw new Error(`ELOOP: too many levels of symbolic links, open '${path}'`);
    const place = await this.placeOf(path);
    const found = await this.lstat(place).catch(() => undefined);
    if (found?.isSymbolicLink !== true) return place;
    const next = this.resolvePath(parentOf(place), await this.readlink(place));
    return this.targetOf(next, depth + 1);
  }

  /** The path with the links among its directories followed, but not the last part. */
  private async placeOf(path: string): Promise<string> {
    const parent = parentOf(path);
    if (parent === "/") return path;
    const real = await this.realpath(parent).catch(() => parent);
    return `${real === "/" ? "" : real}/${path.replace(/\/+$/, "").replace(/^.*\//, "")}`;
  }

  private async needDirectoryOf(path: string, call: string): Promise<void> {
    const parent = parentOf(path);
    if (parent === "/") return;
    const found = await this.stat(parent).catch(() => undefined);
    if (found === undefined)
      throw new Error(`ENOENT: no such file or directory, ${call} '${path}'`);
    if (!found.isDirectory) throw new Error(`ENOTDIR: not a directory, ${call} '${path}'`);
  }
}

export function parentOf(path: string): string {
  return path.replace(/\/+[^/]*\/*$/, "") || "/";
}
