import { Hash } from "@smithy/core/serde";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, timingSafeEqual } from "node:crypto";
import { AwsError } from "../kernel/errors.js";
import type { RequestHead } from "./http.js";

/** The parts of a request's signature. Source: IAM user guide, "Elements of an AWS API request signature". */
export interface SignedScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** The service's name in signatures. */
  readonly service: string;
  readonly sessionToken: string | undefined;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** @throws AwsError MissingAuthenticationTokenException, or IncompleteSignatureException where it is not as it should be */
export function scopeOf({ headers, query }: RequestHead): SignedScope {
  const authorization = headers.get("authorization");
  if (authorization === undefined) {
    const presigned = query.has("X-Amz-Signature") ? ": presigned URLs are not rehearsed" : "";
    throw new AwsError(
      "MissingAuthenticationTokenException",
      `Missing Authentication Token${presigned}`,
    );
  }
  const [, accessKeyId, region, service, signed = "", signature = ""] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw new AwsError(
      "IncompleteSignatureException",
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters of AWS4-HMAC-SHA256.",
    );
  }
  const sessionToken = headers.get("x-amz-security-token");
  const signedHeaders = signed.split(";");
  return { accessKeyId, region, service, sessionToken, signedHeaders, signature };
}

/** The service that a request claims to be signed for, also where the rest cannot be read. */
export function claimedService({ headers }: RequestHead): string | undefined {
  return /\/([^/]+)\/aws4_request/.exec(headers.get("authorization") ?? "")?.[1];
}

/** The body's hash in a signed header, or that there is none. */
const DECLARED = "x-amz-content-sha256";

/** Whether the signature is without the body itself, and so can be checked before it is there. */
export const isSignedWithoutBody = ({ headers }: RequestHead): boolean => headers.has(DECLARED);

class Sha256 extends Hash {
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    super("sha256", secret);
  }
}

/**
 * Signs the request again, as its sender did, with the SDK's own signer. Its age is not checked: the local cloud has a
 * time of its own.
 * @throws AwsError InvalidSignatureException, where it was signed with another secret or changed on its way
 */
export async function verify(
  head: RequestHead,
  body: Uint8Array,
  scope: SignedScope,
  secretAccessKey: string,
): Promise<void> {
  const { accessKeyId, region, service, signedHeaders } = scope;
  const { headers } = head;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    ...{ region, service, sha256: Sha256 },
    applyChecksum: false,
    // S3 takes paths as they are.
    uriEscapePath: service !== "s3",
  });
  // The signer takes the hash out of this header, where there is one.
  const names = headers.has(DECLARED) ? [...signedHeaders, DECLARED] : signedHeaders;
  const signed = names.map((name): [string, string] => [name, headers.get(name) ?? ""]);
  const again = await signer.sign(
    new HttpRequest({
      method: head.method,
      path: head.path,
      query: queryOf(head),
      headers: Object.fromEntries(signed),
      body,
    }),
    { signingDate: dateOf(headers.get("x-amz-date")), signableHeaders: new Set(signedHeaders) },
  );
  const [, expected = ""] =
    /Signature=([0-9a-f]+)/.exec(again.headers["authorization"] ?? "") ?? [];
  const [ours, theirs] = [expected, scope.signature].map((text) => Buffer.from(text));
  if (ours === undefined || theirs === undefined || ours.length !== theirs.length) refuse();
  if (!timingSafeEqual(ours, theirs)) refuse();
}

/** @throws AwsError where the body is not the one whose hash was signed */
export function verifyHash({ headers }: RequestHead, body: Uint8Array, service: string): void {
  const declared = headers.get(DECLARED) ?? "";
  if (!/^[0-9a-f]{64}$/.test(declared)) return;
  if (declared === createHash("sha256").update(body).digest("hex")) return;
  if (service !== "s3") refuse();
  throw new AwsError(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

function refuse(): never {
  throw new AwsError(
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  );
}

function queryOf({ query }: RequestHead): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const values = query.getAll(name);
      return [name, values.length > 1 ? values : (values[0] ?? "")];
    }),
  );
}

function dateOf(text = ""): Date {
  const date = new Date(text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5"));
  if (Number.isNaN(date.getTime())) refuse();
  return date;
}
