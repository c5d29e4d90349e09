import { XmlShapeDeserializer } from "@aws-sdk/core/protocols";
import { AwsError } from "../kernel/errors.js";
import { dechunked } from "./aws-chunked.js";
import type { Asked, Protocol, RequestHead, WireRequest, WireResponse } from "./http.js";
import { decoded, escaped, xml } from "./http.js";
import type { ServiceModel } from "./models.js";
import { boundInput, boundOutput, payloadOf } from "./rest-bindings.js";
import type { Routed } from "./rest-routes.js";
import { RestRoutes } from "./rest-routes.js";
import { inRange, listingOf, quoted } from "./s3-answers.js";
import { shaped } from "./shapes.js";
import { writtenXml } from "./xml.js";

/** Source: S3 API reference, "Error responses". What is not here is 400. */
const ERRORS: Readonly<Record<string, readonly [string, number]>> = {
  AccessDeniedException: ["AccessDenied", 403],
  UnrecognizedClientException: ["InvalidAccessKeyId", 403],
  InvalidSignatureException: ["SignatureDoesNotMatch", 403],
  MissingAuthenticationTokenException: ["AccessDenied", 403],
  IncompleteSignatureException: ["AuthorizationHeaderMalformed", 400],
  ExpiredTokenException: ["ExpiredToken", 400],
  ThrottlingException: ["SlowDown", 503],
  UnknownOperationException: ["NotImplemented", 501],
  ValidationException: ["InvalidRequest", 400],
  InternalFailure: ["InternalError", 500],
  NoSuchBucket: ["NoSuchBucket", 404],
  NoSuchKey: ["NoSuchKey", 404],
  BucketNotEmpty: ["BucketNotEmpty", 409],
  PreconditionFailed: ["PreconditionFailed", 412],
  InvalidRange: ["InvalidRange", 416],
};

/** S3: paths, methods and headers, bodies are objects or XML. Source: Smithy, "AWS REST XML protocol", and S3's peculiarities. */
export class S3 implements Protocol {
  private readonly routes: RestRoutes;

  constructor(private readonly model: ServiceModel) {
    this.routes = new RestRoutes(model);
  }

  read(request: WireRequest): Asked {
    const { bucket, path } = addressed(request);
    const routed = this.routes.find(request, path, bucket);
    if (routed === undefined) {
      const what = `${request.method} ${request.path}`;
      throw new AwsError("UnknownOperationException", `${what} is not implemented`);
    }
    const bound = boundInput(routed, request);
    const input = { ...(bucket !== undefined && { Bucket: bucket }), ...withoutTransfer(bound) };
    return {
      operation: routed.operation.name,
      input: { ...input, ...this.payload(routed, request) },
      shape: routed.operation.input,
    };
  }

  answer(called: Asked, output: object, request: WireRequest): WireResponse {
    const { operation } = called;
    if (operation === "GetBucketLocation") return this.location(output);
    const model = this.model.operation(operation);
    const [, , status] = model?.http ?? ["", "", 200];
    const schema = model?.output;
    if (schema?.isStructSchema() !== true) return { status, headers: {}, body: "" };
    const whole = shaped(schema, listingOf(called, quoted(output))) as Record<string, unknown>;
    const { headers, body } = boundOutput(schema, whole);
    const payload = payloadOf(schema);
    if (payload?.[1].isBlobSchema() === true) {
      return inRange(request, { status, headers, body: body[payload[0]] as Uint8Array });
    }
    if (Object.keys(body).length === 0) return { status, headers, body: "" };
    const name = String(schema.getMergedTraits().xmlName ?? schema.getName()).replace(
      /Output$/,
      "Result",
    );
    const answer = xml(status, writtenXml(this.model, schema, body, name));
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  refuse({ code, message }: AwsError, { method, path }: RequestHead): WireResponse {
    const [name, status] = ERRORS[code] ?? [code, 400];
    // Answers to HEAD have no body: clients have the status alone.
    if (method === "HEAD") return { status, headers: {}, body: "" };
    const resource = escaped(path);
    return xml(
      status,
      `<Error><Code>${escaped(name)}</Code><Message>${escaped(message)}</Message><Resource>${resource}</Resource><RequestId>local</RequestId></Error>`,
    );
  }

  /** The Region is the element's text, where the model has an element in it. */
  private location(output: object): WireResponse {
    const { LocationConstraint: region = "" } = output as { LocationConstraint?: string };
    const open = `LocationConstraint xmlns="${this.model.xmlNamespace}"`;
    return xml(200, `<${open}>${escaped(region)}</LocationConstraint>`);
  }

  private payload({ operation }: Routed, request: WireRequest): object {
    const [name, member] = payloadOf(operation.input) ?? [];
    if (name === undefined || member === undefined) return {};
    const body = dechunked(request);
    if (!member.isStructSchema()) return { [name]: body };
    if (body.length === 0) return {};
    const reader = new XmlShapeDeserializer({
      xmlNamespace: this.model.xmlNamespace,
      serviceNamespace: "",
      timestampFormat: { default: 5, useTrait: true },
      httpBindings: true,
    });
    try {
      return { [name]: reader.read(member, body) as unknown };
    } catch {
      throw new AwsError("MalformedXML", "The XML you provided was not well-formed");
    }
  }
}

/** The bucket stands in the path, or before the host's name (`bucket.localhost:4566`). */
function addressed({ path, headers }: WireRequest): { bucket?: string; path: string } {
  const [, inHost] =
    /^(.+?)\.(?:s3[.-].*|localhost)(?::\d+)?$/.exec(headers.get("host") ?? "") ?? [];
  if (inHost !== undefined) return { bucket: inHost, path };
  const [, bucket = "", rest = ""] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  if (bucket === "") return { path: "/" };
  return { bucket: decoded(bucket), path: rest === "" ? "/" : rest };
}

/** The input without what is about the transfer: checksums, which are not checked, and chunks, which are gone. */
function withoutTransfer(bound: object): object {
  const kept = Object.entries(bound).filter(
    ([name, value]) =>
      !name.startsWith("Checksum") && !(name === "ContentEncoding" && value === "aws-chunked"),
  );
  return Object.fromEntries(kept);
}
