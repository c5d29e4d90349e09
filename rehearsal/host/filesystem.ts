import { type BufferEncoding, type CpOptions, InMemoryFs, type MkdirOptions } from "just-bash";

type Content = string | Uint8Array;
type Encoding = { encoding?: BufferEncoding } | BufferEncoding;

/**
 * A host's disk in memory. just-bash's own file system is more forgiving than Linux in ways that would let a
 * wrong install script pass: it makes missing parent directories on every write, replaces a symbolic link that is
 * written to, and forgets a file's mode. Here these behave as on Linux. Times of change are virtual, and files of
 * `/proc` are made when they are read.
 */
export class HostFileSystem extends InMemoryFs {
  private readonly generated = new Map<string, () => string>();

  /** `now`: milliseconds since the epoch, virtual. */
  constructor(private readonly now: () => number) {
    super();
  }

  /** A file whose text is made anew each time it is read, as the kernel does in `/proc`. */
  generate(path: string, text: () => string): void {
    this.generated.set(path, text);
    this.writeFileSync(path, text());
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
    await super.cp(source, target, options);
    if (await this.exists(target)) await this.touch(target);
  }

  override async mv(source: string, target: string): Promise<void> {
    await this.needDirectoryOf(target, "rename");
    await super.mv(source, target);
  }

  override async symlink(target: string, path: string): Promise<void> {
    await this.needDirectoryOf(path, "symlink");
    await super.symlink(target, path);
  }

  override async link(existing: string, path: string): Promise<void> {
    await this.needDirectoryOf(path, "link");
    await super.link(existing, path);
  }

  override async mkdir(path: string, options?: MkdirOptions): Promise<void> {
    if (await this.exists(path)) return super.mkdir(path, options);
    const parent = parentOf(path);
    if (options?.recursive === true && !(await this.exists(parent)))
      await this.mkdir(parent, options);
    await super.mkdir(path, options);
    await this.touch(path);
  }

  override async chmod(path: string, mode: number): Promise<void> {
    await super.chmod(await this.targetOf(path), mode);
  }

  override async readFileBuffer(path: string): Promise<Uint8Array> {
    const text = this.generated.get(path);
    if (text !== undefined)
      this.writeFileSync(path, text(), undefined, { mode: 0o444, mtime: this.time });
    return super.readFileBuffer(path);
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
    const found = await this.lstat(path).catch(() => undefined);
    if (found?.isSymbolicLink !== true) return path;
    const next = this.resolvePath(parentOf(path), await this.readlink(path));
    return this.targetOf(next, depth + 1);
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
