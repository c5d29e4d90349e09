/** A query that ends as FAILED, with the reason that Athena gives. */
export class QueryFailed extends Error {
  override readonly name = "QueryFailed";
}

/** Trino's error name and words, as Athena puts them together. Source: Trino, `StandardErrorCode`. */
export function queryFailed(name: string, words: string): QueryFailed {
  return new QueryFailed(`${name}: ${words}`);
}

/** A query that the workgroup's limit ends as CANCELLED. */
export class QueryCancelled extends Error {
  override readonly name = "QueryCancelled";
}
