import { AwsError } from "../kernel/errors.js";
import type { Asked, Protocol, WireRequest, WireResponse } from "./http.js";
import { parsed, written } from "./json.js";
import type { ServiceModel } from "./models.js";
import { boundInput, boundOutput } from "./rest-bindings.js";
import { RestRoutes } from "./rest-routes.js";
import { shaped } from "./shapes.js";

/** Paths and methods identify the operation, and bodies are JSON. Source: Smithy, "AWS REST JSON 1.0 protocol". */
export class RestJson implements Protocol {
  private readonly routes: RestRoutes;

  constructor(private readonly model: ServiceModel) {
    this.routes = new RestRoutes(model);
  }

  read(request: WireRequest): Asked {
    const routed = this.routes.find(request, request.path);
    if (routed === undefined) {
      throw new AwsError("UnknownOperationException", `${request.method} ${request.path}`);
    }
    const input = { ...parsed(request), ...boundInput(routed, request) };
    return { operation: routed.operation.name, input, shape: routed.operation.input };
  }

  answer({ operation }: Asked, output: object): WireResponse {
    const schema = this.model.operation(operation)?.output;
    if (schema?.isStructSchema() !== true) return json(200, {});
    const { headers, body } = boundOutput(
      schema,
      shaped(schema, output) as Record<string, unknown>,
    );
    return json(200, body, headers);
  }

  refuse({ code, message }: AwsError): WireResponse {
    const status = this.model.statusOf(code) ?? STATUS[code] ?? 400;
    return json(status, { message }, { "x-amzn-errortype": code });
  }
}

/** Of errors that are every service's. Source: Resource Groups API reference, "Common errors". */
const STATUS: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  UnrecognizedClientException: 403,
  ExpiredTokenException: 403,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  UnknownOperationException: 404,
  InternalFailure: 500,
  RequestEntityTooLargeException: 413,
};

function json(status: number, value: unknown, more: Record<string, string> = {}): WireResponse {
  return { status, headers: { "content-type": "application/json", ...more }, body: written(value) };
}
