import type { Scalar } from "./json.js";
import { isObject, isScalar } from "./json.js";

/** Which element of which array a value sits in: the array's path -> the index. */
export type Membership = ReadonlyMap<string, number>;

/** Values that an event has for one field name, all in the same elements of the arrays around them. */
export interface Occurrence {
  readonly values: readonly Scalar[];
  readonly membership: Membership;
}

/**
 * All that an event has under a field name such as `detail.tags.Name`. A dot in the name stands for a
 * step into an object or for a dot in a key, whichever the event has: Event Ruler does not distinguish them
 * apart either.
 */
export function occurrencesOf(name: string, event: unknown): Occurrence[] {
  const found: Occurrence[] = [];
  visit({ name, found }, event, 0, new Map());
  return found;
}

/** Both memberships in one; undefined where they are in different elements of the same array. */
export function sameElements(left: Membership, right: Membership): Membership | undefined {
  if (left.size === 0) return right;
  if (right.size === 0) return left;
  for (const [array, index] of right) {
    if ((left.get(array) ?? index) !== index) return undefined;
  }
  return new Map([...left, ...right]);
}

interface Search {
  readonly name: string;
  readonly found: Occurrence[];
}

/**
 * Looks in `node` for the part of the name that begins at `from`; beyond the name's end, `node` is a
 * value.
 */
function visit(search: Search, node: unknown, from: number, membership: Membership): void {
  const { name, found } = search;
  if (Array.isArray(node)) visitArray(search, node, from, membership);
  else if (from > name.length) {
    if (isScalar(node)) found.push({ values: [node], membership });
  } else if (isObject(node)) {
    for (const key of Object.keys(node)) {
      const end = from + key.length;
      if (!name.startsWith(key, from) || (end < name.length && name[end] !== ".")) continue;
      visit(search, node[key], end + 1, membership);
    }
  }
}

/**
 * Plain values are values of the array's own field; objects and arrays in it are elements to agree on.
 */
function visitArray(
  search: Search,
  array: readonly unknown[],
  from: number,
  membership: Membership,
): void {
  if (from > search.name.length) {
    const values = array.filter(isScalar);
    if (values.length > 0) search.found.push({ values, membership });
  }
  const id = arrayId(search.name.slice(0, from), membership);
  array.forEach((element, index) => {
    if (isScalar(element)) return;
    visit(search, element, from, new Map([...membership, [id, index]]));
  });
}

/** Arrays directly inside an array have its path; each level adds a mark. */
function arrayId(path: string, membership: Membership): string {
  return membership.has(path) ? arrayId(`${path}[]`, membership) : path;
}
