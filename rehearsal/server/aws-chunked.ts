import { AwsError } from "../kernel/errors.js";
import type { WireRequest } from "./http.js";

/**
 * The body without the chunks that SDKs put streams into: `size[;chunk-signature=…]`, the bytes, and at last size 0 and
 * checksums. Neither the chunks' signatures nor the checksums are checked.
 * Source: S3 API reference, "Signature calculations: transferring payload in multiple chunks".
 */
export function dechunked({ headers, body }: WireRequest): Uint8Array {
  if (headers["x-amz-content-sha256"]?.startsWith("STREAMING-") !== true) return body;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const parts: Buffer[] = [];
  for (let place = 0; ;) {
    const end = bytes.indexOf("\r\n", place);
    const size = Number.parseInt(bytes.subarray(place, end).toString("latin1"), 16);
    if (end < 0 || Number.isNaN(size)) {
      throw new AwsError("IncompleteBody", "The request body terminated unexpectedly");
    }
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    place = end + 2 + size + 2;
  }
}
