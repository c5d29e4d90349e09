import type { NormalizedSchema } from "@smithy/core/schema";

/**
 * Reads a shape out of a form as the query protocols write it: `Tags.member.1.Key=…`; EC2's has no `member` and names of its
 * own. Source: Smithy, "AWS query protocol" and "AWS EC2 query protocol"; the SDK's `QueryShapeSerializer` is the other way.
 */
export class QueryForm {
  private readonly prefixes = new Set<string>();

  constructor(
    private readonly form: URLSearchParams,
    private readonly isEc2: boolean,
  ) {
    for (const key of form.keys()) {
      const parts = key.split(".");
      for (let length = 1; length <= parts.length; length++)
        this.prefixes.add(parts.slice(0, length).join("."));
    }
  }

  /** Undefined where the form has nothing there. */
  read(schema: NormalizedSchema, prefix = ""): unknown {
    if (schema.isStructSchema()) return this.structure(schema, prefix);
    if (!this.prefixes.has(prefix)) return undefined;
    if (schema.isListSchema()) return this.list(schema, prefix);
    if (schema.isMapSchema()) return this.map(schema, prefix);
    const value = this.form.get(prefix);
    if (value === null) return undefined;
    if (schema.isBooleanSchema()) return value === "true";
    if (schema.isNumericSchema()) return Number(value);
    if (schema.isTimestampSchema()) return new Date(value);
    if (schema.isBlobSchema()) return Buffer.from(value, "base64");
    return value;
  }

  private structure(schema: NormalizedSchema, prefix: string): object | undefined {
    if (prefix !== "" && !this.prefixes.has(prefix)) return undefined;
    const members: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const key = this.nameOf(member, name);
      const value = this.read(member, prefix === "" ? key : `${prefix}.${key}`);
      if (value !== undefined) members[name] = value;
    }
    return members;
  }

  private list(schema: NormalizedSchema, prefix: string): unknown[] {
    const item = schema.getValueSchema();
    const isFlat = this.isEc2 || schema.getMergedTraits().xmlFlattened;
    const within = isFlat ? prefix : `${prefix}.${item.getMergedTraits().xmlName ?? "member"}`;
    return this.numbered(within, (key) => this.read(item, key));
  }

  private map(schema: NormalizedSchema, prefix: string): object {
    const within = schema.getMergedTraits().xmlFlattened ? prefix : `${prefix}.entry`;
    const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? "key";
    const valueName = schema.getValueSchema().getMergedTraits().xmlName ?? "value";
    const entries = this.numbered(within, (key) => [
      this.form.get(`${key}.${keyName}`) ?? "",
      this.read(schema.getValueSchema(), `${key}.${valueName}`),
    ]);
    return Object.fromEntries(entries as [string, unknown][]);
  }

  private numbered(prefix: string, read: (key: string) => unknown): unknown[] {
    const found: unknown[] = [];
    for (let key; this.prefixes.has((key = `${prefix}.${found.length + 1}`));)
      found.push(read(key));
    return found;
  }

  private nameOf(member: NormalizedSchema, name: string): string {
    const { ec2QueryName, xmlName } = member.getMergedTraits();
    if (!this.isEc2) return xmlName ?? name;
    const key = (ec2QueryName as string | undefined) ?? xmlName ?? name;
    return `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
  }
}
