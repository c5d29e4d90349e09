/** The part of a map that just-bash's file system in memory uses. */
export interface Entries<V> {
  get(path: string): V | undefined;
  has(path: string): boolean;
  set(path: string, entry: V): this;
  delete(path: string): boolean;
  keys(): Iterable<string>;
  entries(): Iterable<[string, V]>;
}

/**
 * The entries of a disk on top of those of another, which many disks share and none changes: ten thousand hosts
 * differ from each other by a few files.
 */
export class Layer<V extends object> implements Entries<V> {
  /** Null: the path is on the base only and was deleted here. */
  private readonly own = new Map<string, V | null>();

  constructor(private readonly base: Entries<V>) {}

  get(path: string): V | undefined {
    const own = this.own.get(path);
    return own === undefined ? this.base.get(path) : (own ?? undefined);
  }

  has(path: string): boolean {
    return this.get(path) !== undefined;
  }

  set(path: string, entry: V): this {
    this.own.set(path, entry);
    return this;
  }

  delete(path: string): boolean {
    const had = this.has(path);
    if (this.base.has(path)) this.own.set(path, null);
    else this.own.delete(path);
    return had;
  }

  /** Makes a copy of an entry of the base, for callers that change entries in place. */
  claim(path: string): void {
    const shared = this.own.has(path) ? undefined : this.base.get(path);
    if (shared !== undefined) this.own.set(path, { ...shared });
  }

  *keys(): Generator<string> {
    for (const [path] of this.entries()) yield path;
  }

  *entries(): Generator<[string, V]> {
    for (const entry of this.base.entries()) if (!this.own.has(entry[0])) yield entry;
    for (const [path, entry] of this.own) if (entry !== null) yield [path, entry];
  }
}
