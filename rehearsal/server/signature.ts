import { Hash } from "@smithy/core/serde";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { createHash } from "node:crypto";
import { AwsError } from "../kernel/errors.js";
import type { WireRequest } from "./http.js";

/** What a signed request says of itself. Source: IAM user guide, "Elements of an AWS API request signature". */
export interface SignedScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** The service's name in signatures. */
  readonly service: string;
  readonly sessionToken: string | undefined;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** @throws AwsError MissingAuthenticationTokenException */
export function scopeOf({ headers, query }: WireRequest): SignedScope {
  const [, accessKeyId, region, service, signed = "", signature = ""] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, *SignedHeaders=([^,]+), *Signature=([0-9a-f]+)$/.exec(
      headers["authorization"] ?? "",
    ) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    const presigned = query.has("X-Amz-Signature") ? ": presigned URLs are not rehearsed" : "";
    throw new AwsError(
      "MissingAuthenticationTokenException",
      `Missing Authentication Token${presigned}`,
    );
  }
  const sessionToken = headers["x-amz-security-token"];
  const signedHeaders = signed.split(";");
  return { accessKeyId, region, service, sessionToken, signedHeaders, signature };
}

class Sha256 extends Hash {
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    super("sha256", secret);
  }
}

/**
 * Signs the request again, as its sender did, with the SDK's own signer. How old it is, is not asked: the local cloud has a
 * time of its own.
 * @throws AwsError InvalidSignatureException, where it was signed with another secret or changed on its way
 */
export async function verify(
  request: WireRequest,
  scope: SignedScope,
  secretAccessKey: string,
): Promise<void> {
  const { accessKeyId, region, service, signedHeaders } = scope;
  const { headers, body } = request;
  const declared = headers["x-amz-content-sha256"] ?? "";
  const isHash = /^[0-9a-f]{64}$/.test(declared);
  const hash = () => createHash("sha256").update(body).digest("hex");
  if (isHash && declared !== hash()) refuse();
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    ...{ region, service, sha256: Sha256 },
    applyChecksum: false,
    // S3 takes paths as they are.
    uriEscapePath: service !== "s3",
  });
  const kept = signedHeaders.map((name) => [name, headers[name] ?? ""]);
  const again = await signer.sign(
    new HttpRequest({
      method: request.method,
      path: request.path,
      query: queryOf(request),
      headers: {
        ...(Object.fromEntries(kept) as Record<string, string>),
        // Clients of S3 say what they signed in this header, which the signer believes; others sign the body.
        ...(declared !== "" && { "x-amz-content-sha256": declared }),
      },
      body,
    }),
    { signingDate: dateOf(headers["x-amz-date"]), signableHeaders: new Set(signedHeaders) },
  );
  const expected = /Signature=([0-9a-f]+)/.exec(again.headers["authorization"] ?? "")?.[1];
  if (expected !== scope.signature) refuse();
}

function refuse(): never {
  throw new AwsError(
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  );
}

function queryOf({ query }: WireRequest): Record<string, string | string[]> {
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
