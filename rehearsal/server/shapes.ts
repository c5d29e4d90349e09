import type { NormalizedSchema } from "@smithy/core/schema";

/**
 * A value of the local cloud as its shape in AWS's model: members that the shape does not have are left out, and times,
 * which the local cloud has as dates or in ISO 8601, are dates.
 */
export function shaped(schema: NormalizedSchema, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (schema.isTimestampSchema()) return value instanceof Date ? value : dateOf(value);
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    return (value as unknown[]).map((element) => shaped(item, element));
  }
  if (schema.isMapSchema()) {
    const item = schema.getValueSchema();
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, member]) => [key, shaped(item, member)]));
  }
  if (!schema.isStructSchema()) return value;
  const members: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const found = shaped(member, (value as Record<string, unknown>)[name]);
    if (found !== undefined) members[name] = found;
  }
  return members;
}

function dateOf(value: unknown): Date {
  const date = typeof value === "number" ? new Date(value * 1000) : new Date(String(value));
  if (Number.isNaN(date.getTime())) throw new Error(`not a time: ${String(value)}`);
  return date;
}
