import { AwsError } from "../kernel/errors.js";
import type { Asked, Protocol, WireRequest, WireResponse } from "./http.js";
import { textOf } from "./http.js";
import type { ServiceModel } from "./models.js";
import { shaped } from "./shapes.js";

/** SQS kept the codes of its older protocol beside the new ones. Source: Smithy, `awsQueryCompatible`. */
const QUERY_COMPATIBLE: Readonly<Record<string, string>> = {
  "AWS.SimpleQueueService.NonExistentQueue": "QueueDoesNotExist",
};

const STATUS: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  InternalFailure: 500,
  RequestEntityTooLargeException: 413,
};

/**
 * AWS JSON: an `X-Amz-Target` header and a JSON body; times are seconds since the epoch, bytes base64. Source: Smithy,
 * "AWS JSON 1.0 and 1.1 protocol".
 */
export class AwsJson implements Protocol {
  constructor(
    private readonly version: "1.0" | "1.1",
    /** Without one, there are no answers but refusals. */
    private readonly model?: ServiceModel,
    /** What the header names before the operation: `AmazonSSM`. */
    private readonly target?: string,
  ) {}

  read(request: WireRequest): Asked {
    const target = request.headers.get("x-amz-target");
    if (target === undefined) throw new AwsError("UnknownOperationException", "no X-Amz-Target");
    const dot = target.lastIndexOf(".");
    const operation = target.slice(dot + 1);
    if (this.target !== undefined && target.slice(0, Math.max(dot, 0)) !== this.target)
      throw new AwsError("UnknownOperationException", `no operation ${target}`);
    return { operation, input: parsed(request), shape: this.model?.operation(operation)?.input };
  }

  answer({ operation }: Asked, output: object): WireResponse {
    const schema = this.model?.operation(operation)?.output;
    return this.json(200, schema === undefined ? output : (shaped(schema, output) ?? {}));
  }

  refuse(error: AwsError): WireResponse {
    const code = QUERY_COMPATIBLE[error.code];
    const type = code ?? error.code;
    return this.json(
      STATUS[error.code] ?? 400,
      { __type: type, message: error.message },
      {
        "x-amzn-errortype": type,
        ...(code !== undefined && { "x-amzn-query-error": `${error.code};Sender` }),
      },
    );
  }

  private json(status: number, value: unknown, more: WireResponse["headers"] = {}): WireResponse {
    const headers = { "content-type": `application/x-amz-json-${this.version}`, ...more };
    return { status, headers, body: written(value) };
  }
}

/** @throws AwsError SerializationException */
export function parsed(request: WireRequest): object {
  try {
    const input: unknown = JSON.parse(textOf(request) || "{}");
    if (typeof input === "object" && input !== null && !Array.isArray(input)) return input;
  } catch {
    // Said below, as AWS says it.
  }
  throw new AwsError(
    "SerializationException",
    "Start of structure or map found where not expected.",
  );
}

export function written(value: unknown): string {
  return JSON.stringify(plain(value));
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
