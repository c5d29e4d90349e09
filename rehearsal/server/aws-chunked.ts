import { AwsError } from "../kernel/errors.js";
import type { WireRequest } from "./http.js";

const LINE_END = Buffer.from("\r\n");

/**
 * The body without the chunks that SDKs put streams into: `size[;chunk-signature=…]`, the bytes, and at last size 0 and
 * checksums. Neither the chunks' signatures nor the checksums are checked.
 * Source: S3 API reference, "Signature calculations: transferring payload in multiple chunks".
 * @throws AwsError IncompleteBody where the chunks are not whole, or not as much as the request says
 */
export function dechunked({ headers, body }: WireRequest): Uint8Array {
  if (headers.get("x-amz-content-sha256")?.startsWith("STREAMING-") !== true) return body;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const parts: Buffer[] = [];
  for (let place = 0; ;) {
    const end = bytes.indexOf(LINE_END, place);
    const line = bytes.subarray(place, Math.max(end, place)).toString("latin1");
    const [, digits] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line) ?? [];
    if (digits === undefined) throw incomplete();
    const size = Number.parseInt(digits, 16);
    if (size === 0) break;
    const from = end + LINE_END.length;
    place = from + size + LINE_END.length;
    if (!bytes.subarray(from + size, place).equals(LINE_END)) throw incomplete();
    parts.push(bytes.subarray(from, from + size));
  }
  const whole = Buffer.concat(parts);
  const declared = headers.get("x-amz-decoded-content-length");
  if (declared !== undefined && Number(declared) !== whole.length) throw incomplete();
  return whole;
}

function incomplete(): AwsError {
  return new AwsError("IncompleteBody", "The request body terminated unexpectedly");
}
