import { FromStringShapeDeserializer } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { dateToUtcString } from "@smithy/core/serde";
import type { WireRequest } from "./http.js";
import type { Routed } from "./rest-routes.js";

/** Times in headers. Source: Smithy, `httpHeader`: "http-date" unless the member says otherwise. */
const HTTP_DATE = 6;

const texts = new FromStringShapeDeserializer({
  httpBindings: true,
  timestampFormat: { useTrait: true, default: HTTP_DATE },
});

/** What of an operation's input stands in the path, the query and the headers. Source: Smithy, "HTTP bindings". */
export function boundInput({ operation, labels }: Routed, request: WireRequest): object {
  const input: Record<string, unknown> = { ...labels };
  for (const [name, member] of operation.input.structIterator()) {
    const value = boundValue(member, request);
    if (value !== undefined) input[name] = value;
  }
  return input;
}

function boundValue(member: NormalizedSchema, { query, headers }: WireRequest): unknown {
  const { httpQuery, httpHeader, httpPrefixHeaders } = member.getMergedTraits();
  if (httpQuery !== undefined) {
    const values = query.getAll(httpQuery);
    if (values.length === 0) return undefined;
    if (!member.isListSchema()) return text(member, values[0] ?? "");
    return values.map((value) => text(member.getValueSchema(), value));
  }
  if (httpHeader !== undefined) {
    const value = headers.get(httpHeader.toLowerCase());
    if (value === undefined) return undefined;
    if (!member.isListSchema()) return text(member, value);
    return value.split(",").map((part) => text(member.getValueSchema(), part.trim()));
  }
  if (httpPrefixHeaders === undefined) return undefined;
  const found = [...headers].filter(([name]) => name.startsWith(httpPrefixHeaders));
  if (found.length === 0) return undefined;
  return Object.fromEntries(
    found.map(([name, value]) => [name.slice(httpPrefixHeaders.length), value]),
  );
}

function text(schema: NormalizedSchema, value: string): unknown {
  return texts.read(schema, value) as unknown;
}

/** What of an operation's output stands in headers; the rest is its body. */
export function boundOutput(
  schema: NormalizedSchema,
  output: Readonly<Record<string, unknown>>,
): { headers: Record<string, string>; body: Record<string, unknown> } {
  const headers: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    const { httpHeader, httpPrefixHeaders } = member.getMergedTraits();
    if (httpHeader !== undefined) headers[httpHeader.toLowerCase()] = headerOf(value);
    else if (httpPrefixHeaders !== undefined) {
      for (const [key, member] of Object.entries(value))
        headers[`${httpPrefixHeaders}${key}`] = String(member);
    } else body[name] = value;
  }
  return { headers, body };
}

function headerOf(value: unknown): string {
  return value instanceof Date ? dateToUtcString(value) : String(value);
}

/** The member that is the whole body, where there is one. */
export function payloadOf(schema: NormalizedSchema): [string, NormalizedSchema] | undefined {
  for (const [name, member] of schema.structIterator()) {
    if (member.getMergedTraits().httpPayload === 1) return [name, member];
  }
  return undefined;
}
