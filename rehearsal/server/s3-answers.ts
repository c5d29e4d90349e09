import type { Asked, WireRequest, WireResponse } from "./http.js";

/** Entity tags stand in quotes on the wire, also within listings. */
export function quoted(output: object): object {
  const inQuotes = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inQuotes);
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Uint8Array || value instanceof Date) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [
        name,
        name === "ETag" ? `"${String(part).replaceAll('"', "")}"` : inQuotes(part),
      ]),
    );
  };
  return inQuotes(output) as object;
}

interface Listing {
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly StartAfter?: string;
  readonly Contents?: readonly { readonly Key: string }[];
  readonly CommonPrefixes?: readonly { readonly Prefix: string }[];
}

/** A listing whose names are encoded, where the request wants them so, which the AWS CLI always does. */
export function listingOf({ operation, input }: Asked, output: object): object {
  const { EncodingType } = input as { EncodingType?: string };
  if (operation !== "ListObjectsV2" || EncodingType !== "url") return output;
  const { Contents = [], CommonPrefixes = [], ...rest } = output as Listing;
  const encoded: Record<string, unknown> = { ...rest, EncodingType };
  for (const name of ["Prefix", "Delimiter", "StartAfter"] as const) {
    if (rest[name] !== undefined) encoded[name] = encode(rest[name]);
  }
  return {
    ...encoded,
    Contents: Contents.map((object) => ({ ...object, Key: encode(object.Key) })),
    CommonPrefixes: CommonPrefixes.map(({ Prefix }) => ({ Prefix: encode(Prefix) })),
  };
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/");
}

/** The part of an object that the request asks for. Source: RFC 9110, "Range requests"; S3 gives one range. */
export function inRange(
  { headers }: WireRequest,
  whole: WireResponse & { readonly body: Uint8Array },
): WireResponse {
  const { length } = whole.body;
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(headers.get("range") ?? "") ?? [];
  if (from === "" && to === "") return whole;
  const first = from === "" ? Math.max(0, length - Number(to)) : Number(from);
  const last = from === "" || to === "" ? length - 1 : Math.min(Number(to), length - 1);
  if (first >= length) {
    const message = "The requested range is not satisfiable";
    const error = `<Error><Code>InvalidRange</Code><Message>${message}</Message></Error>`;
    return { status: 416, headers: { "content-type": "application/xml" }, body: error };
  }
  return {
    status: 206,
    headers: {
      ...whole.headers,
      "content-length": String(last - first + 1),
      "content-range": `bytes ${first}-${last}/${length}`,
    },
    body: whole.body.subarray(first, last + 1),
  };
}
