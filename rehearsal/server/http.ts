import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../kernel/errors.js";

/** What of an HTTP request is known before its body has come. */
export interface RequestHead {
  readonly method: string;
  /** As it was sent: still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
}

/** An HTTP request of an AWS SDK or of the AWS CLI, whatever carried it here. */
export interface WireRequest extends RequestHead {
  readonly body: Uint8Array;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The operation that a request asks for. */
export interface Asked {
  readonly operation: string;
  readonly input: object;
  /** Its shape, where the service's model is known. */
  readonly shape?: NormalizedSchema | undefined;
}

/** How requests to a service are read and answered: its protocol. */
export interface Protocol {
  /** @throws AwsError where a request cannot be read or asks for nothing that the service has */
  read(request: WireRequest): Asked;
  answer(called: Asked, output: object, request: WireRequest): WireResponse;
  refuse(error: AwsError, head: RequestHead): WireResponse;
}

export function textOf({ body }: Pick<WireRequest, "body">): string {
  return new TextDecoder().decode(body);
}

export function xml(status: number, body: string): WireResponse {
  const headers = { "content-type": "text/xml" };
  return { status, headers, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` };
}

/** XML has no way to write most control characters. */
export function escaped(text: string): string {
  return text
    .replace(/(?![\t\n\r])\p{Cc}/gu, "\ufffd")
    .replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Text out of a path. @throws AwsError InvalidURI, as S3 has it, for what is no encoding */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  }
}
