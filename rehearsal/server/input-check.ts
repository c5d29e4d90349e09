import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../kernel/errors.js";
import { requiredMembers } from "./models.js";

/**
 * Checks an input against its shape in AWS's model, as AWS does before an operation sees it: the operations of the
 * local cloud trust the types of what they get. Lengths and patterns are theirs.
 * @throws AwsError SerializationException for another type, ValidationException for what is missing
 */
export function checkInput(schema: NormalizedSchema, input: object): void {
  const missing: string[] = [];
  check(schema, input, "", missing);
  if (missing.length === 0) return;
  const problems = missing.map(
    (path) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
  const errors = `${missing.length} validation error${missing.length > 1 ? "s" : ""} detected`;
  throw new AwsError("ValidationException", `${errors}: ${problems.join("; ")}`);
}

function check(schema: NormalizedSchema, value: unknown, path: string, missing: string[]): void {
  if (value === undefined || value === null || schema.isDocumentSchema()) return;
  if (!isOfType(schema, value)) {
    const where = path === "" ? "the input" : path;
    throw new AwsError(
      "SerializationException",
      `${where}: ${typeof value} was not expected there`,
    );
  }
  if (schema.isListSchema()) {
    const items = value as readonly unknown[];
    for (const [index, item] of items.entries())
      check(schema.getValueSchema(), item, `${path}.${index + 1}.member`, missing);
  } else if (schema.isMapSchema()) {
    for (const [key, item] of Object.entries(value))
      check(schema.getValueSchema(), item, `${path}.${key}`, missing);
  } else if (schema.isStructSchema()) {
    const members = value as Readonly<Record<string, unknown>>;
    const at = (name: string) => (path === "" ? small(name) : `${path}.${small(name)}`);
    for (const [name] of requiredMembers(schema))
      if (members[name] === undefined || members[name] === null) missing.push(at(name));
    for (const [name, member] of schema.structIterator())
      check(member, members[name], at(name), missing);
  }
}

/** Whether JSON has the type that a shape wants; bytes and times may have been read already. */
function isOfType(schema: NormalizedSchema, value: unknown): boolean {
  if (schema.isListSchema()) return Array.isArray(value);
  if (schema.isMapSchema() || schema.isStructSchema())
    return typeof value === "object" && !Array.isArray(value);
  if (schema.isStringSchema()) return typeof value === "string";
  if (schema.isBooleanSchema()) return typeof value === "boolean";
  if (schema.isNumericSchema()) return typeof value === "number";
  return true;
}

function small(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
