/** The values that an event has at its leaves. */
export type Scalar = string | number | boolean | null;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): value is Scalar {
  if (value === null) return true;
  const type = typeof value;
  return type === "string" || type === "number" || type === "boolean";
}
