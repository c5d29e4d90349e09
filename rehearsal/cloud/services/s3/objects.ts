/** An object as it was put last; versions are not modelled. */
export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly contentType?: string;
  readonly kmsKey?: string;
}

export interface Listing {
  readonly prefix: string;
  /** Keys up to the next one of it after the prefix are one entry. */
  readonly delimiter?: string;
  /** Entries that come after this text. */
  readonly after?: string;
  readonly limit: number;
}

export interface Listed {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins; undefined: this was the last. */
  readonly next: string | undefined;
}

/** After every key that begins with the text it is put behind. */
const LAST = "\uffff";

/**
 * A bucket's objects. Their keys are sorted when they are listed, and then only the new ones: an output
 * bucket gets a hundred thousand objects and is listed now and then.
 */
export class Objects {
  private readonly byKey = new Map<string, StoredObject>();
  private sorted: string[] = [];
  private added: string[] = [];
  private removed = false;

  get size(): number {
    return this.byKey.size;
  }

  get(key: string): StoredObject | undefined {
    return this.byKey.get(key);
  }

  set(key: string, object: StoredObject): void {
    if (!this.byKey.has(key)) this.added.push(key);
    this.byKey.set(key, object);
  }

  delete(key: string): void {
    if (this.byKey.delete(key)) this.removed = true;
  }

  /** Keys in their order, as ListObjectsV2 gives them. */
  list({ prefix, delimiter = "", after = "", limit }: Listing): Listed {
    const all = this.inOrder();
    const keys: string[] = [];
    const commonPrefixes: string[] = [];
    let next: string | undefined;
    let at = after < prefix ? first(all, prefix) : first(all, after + "\0");
    for (let key = all[at]; key?.startsWith(prefix); key = all[at]) {
      if (keys.length + commonPrefixes.length === limit) return { keys, commonPrefixes, next };
      const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      if (end < 0) {
        keys.push(key);
        next = key;
        at += 1;
        continue;
      }
      const common = key.slice(0, end + delimiter.length);
      commonPrefixes.push(common);
      next = common + LAST;
      at = first(all, next);
    }
    return { keys, commonPrefixes, next: undefined };
  }

  private inOrder(): readonly string[] {
    if (this.added.length > 0) this.sorted = merge(this.sorted, this.added.sort());
    this.added = [];
    if (this.removed) {
      // A key may have been removed and put again in between: then it is there twice.
      this.sorted = this.sorted.filter(
        (key, at, all) => this.byKey.has(key) && key !== all[at - 1],
      );
      this.removed = false;
    }
    return this.sorted;
  }
}

/** Where the first key that is not before the text is. */
function first(keys: readonly string[], text: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

function merge(some: readonly string[], others: readonly string[]): string[] {
  if (some.length === 0) return [...others];
  const merged: string[] = [];
  let [a, b] = [0, 0];
  for (;;) {
    const [left, right] = [some[a], others[b]];
    if (left === undefined) return merged.concat(others.slice(b));
    if (right === undefined) return merged.concat(some.slice(a));
    if (left <= right) a = merged.push(left) && a + 1;
    else b = merged.push(right) && b + 1;
  }
}
