import { type AwsError } from "../cloud/errors.js";

/** An HTTP request of an AWS SDK or of the AWS CLI, whatever carried it here. */
export interface WireRequest {
  readonly method: string;
  /** As it was sent: still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What a request asks for, and how its answer is written. */
export interface WireCall {
  /** As in the AWS SDK for Python, which is nearly always the name that requests are signed for. */
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  readonly protocol: Protocol;
}

/** How answers of a service are written. */
export interface Protocol {
  answer(call: WireCall, output: unknown): WireResponse;
  refuse(error: AwsError): WireResponse;
}

export function textOf({ body }: WireRequest): string {
  return new TextDecoder().decode(body);
}

export function xml(status: number, body: string): WireResponse {
  return { status, headers: { "content-type": "text/xml" }, body };
}

export function escaped(text: string): string {
  return text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
