import type { Access, Context, Policies, PolicyDocument } from "../../kernel/access.js";
import { statementsOf } from "./policy.js";

/** Ids that policies name seldom and requests always: one decision serves all of them. */
const VOLATILE =
  /\bi-[0-9a-f]{17}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b/g;

/** A pattern that takes some such ids and leaves others, as `instance/i-0a*`. */
const PART_OF_AN_ID =
  /(?<![0-9a-z])(i-)?[0-9a-f-]*[0-9a-f][*?]|[*?][0-9a-f-]*[0-9a-f](?![0-9a-z])/i;

/** The parts of policies on which a decision can depend. */
interface PolicySet {
  readonly id: number;
  /** Condition keys, by conditions and by variables, in lower case. */
  readonly keys: ReadonlySet<string>;
  /** Ids that must be distinguished. */
  readonly named: ReadonlySet<string>;
  /** The policies have parts of ids, so all ids must be distinguished. */
  readonly tellsIdsApart: boolean;
}

const NO_POLICY: object = {};

/**
 * Remembers decisions by all that they depend on: the policies, the principal, the action, the resource, and of
 * the context the keys that the policies mention. A storm of a thousand hosts asks the same few questions.
 */
export class DecisionMemory {
  private readonly decisions = new Map<string, boolean>();
  private readonly sets = new WeakMap<Policies, WeakMap<object, PolicySet>>();
  private readonly lower = new Map<string, string>();
  private count = 0;

  get(key: string): boolean | undefined {
    return this.decisions.get(key);
  }

  set(key: string, allowed: boolean): void {
    this.decisions.set(key, allowed);
  }

  key(principal: string, identity: Policies, access: Access, contexts: readonly Context[]): string {
    const set = this.setOf(identity, access.resourcePolicy?.document);
    let key = `${set.id}${part(principal)}${part(access.action)}${part(access.resource)}${part(access.resourceAccount)}`;
    if (set.keys.size > 0) {
      for (const context of contexts) key += this.relevant(context, set.keys);
    }
    return set.tellsIdsApart ? key : general(key, set.named);
  }

  private relevant(context: Context, keys: ReadonlySet<string>): string {
    let found = "";
    for (const key of Object.keys(context)) {
      let lower = this.lower.get(key);
      if (lower === undefined) this.lower.set(key, (lower = key.toLowerCase()));
      if (!keys.has(lower)) continue;
      const value = context[key];
      found +=
        part(lower) + (typeof value === "string" ? part(value) : part(JSON.stringify(value)));
    }
    return found;
  }

  private setOf(identity: Policies, resource: PolicyDocument | undefined): PolicySet {
    let byResource = this.sets.get(identity);
    if (byResource === undefined) this.sets.set(identity, (byResource = new WeakMap()));
    let set = byResource.get(resource ?? NO_POLICY);
    if (set === undefined) {
      const documents = identity.map(({ document }) => document);
      if (resource !== undefined) documents.push(resource);
      byResource.set(resource ?? NO_POLICY, (set = read(documents, this.count++)));
    }
    return set;
  }
}

/** With its length, so that no two requests have the same text. */
function part(text: string): string {
  return `|${text.length}:${text}`;
}

/** Each id by its place, as it matters which of them are the same. */
function general(key: string, named: ReadonlySet<string>): string {
  const places: string[] = [];
  return key.replace(VOLATILE, (id) => {
    if (named.has(id)) return id;
    let place = places.indexOf(id);
    if (place < 0) place = places.push(id) - 1;
    return `id?${place}`;
  });
}

function read(documents: readonly PolicyDocument[], id: number): PolicySet {
  const text = JSON.stringify(documents);
  const keys = new Set<string>();
  for (const [, variable = ""] of text.matchAll(/\$\{\s*([^},\s]+)/g)) {
    keys.add(variable.toLowerCase());
  }
  const patterns: unknown[] = [];
  for (const statement of documents.flatMap(statementsOf)) {
    const { Effect: _, Action: __, ...rest } = statement;
    patterns.push(rest);
    for (const test of Object.values(statement.Condition ?? {}) as object[]) {
      for (const key of Object.keys(test)) keys.add(key.toLowerCase());
    }
  }
  return {
    id,
    keys,
    named: new Set(text.match(VOLATILE) ?? []),
    tellsIdsApart: PART_OF_AN_ID.test(JSON.stringify(patterns)),
  };
}
