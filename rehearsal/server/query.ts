import { AwsError } from "../kernel/errors.js";
import type { Asked, Protocol, WireRequest } from "./http.js";
import { escaped, textOf, xml } from "./http.js";
import type { WireResponse } from "./http.js";
import type { ServiceModel } from "./models.js";
import { QueryForm } from "./query-form.js";
import { writtenXml } from "./xml.js";

/** The older protocols' names for what the JSON protocols call otherwise. Source: IAM user guide, "Common errors". */
const NAMES: Readonly<Record<string, string>> = {
  AccessDeniedException: "AccessDenied",
  UnrecognizedClientException: "InvalidClientTokenId",
  ExpiredTokenException: "ExpiredToken",
  IncompleteSignatureException: "IncompleteSignature",
  InvalidSignatureException: "SignatureDoesNotMatch",
  MissingAuthenticationTokenException: "MissingAuthenticationToken",
  ThrottlingException: "Throttling",
  UnknownOperationException: "InvalidAction",
  ValidationException: "ValidationError",
};

const STATUS: Readonly<Record<string, number>> = {
  InternalFailure: 500,
  RequestEntityTooLargeException: 413,
};

const FORBIDDEN = new Set(["AccessDenied", "InvalidClientTokenId", "ExpiredToken"])
  .add("SignatureDoesNotMatch")
  .add("MissingAuthenticationToken");

/** A form with an `Action`, answered in XML. Source: Smithy, "AWS query protocol". */
export class Query implements Protocol {
  constructor(private readonly model: ServiceModel) {}

  read(request: WireRequest): Asked {
    return calledBy(this.model, new URLSearchParams(textOf(request)), false);
  }

  answer({ operation }: Asked, output: object): WireResponse {
    const schema = this.model.operation(operation)?.output;
    const result = writtenXml(this.model, schema, output, `${operation}Result`);
    const id = "<ResponseMetadata><RequestId>local</RequestId></ResponseMetadata>";
    return xml(
      200,
      `<${operation}Response xmlns="${this.model.xmlNamespace}">${result}${id}</${operation}Response>`,
    );
  }

  refuse({ code, message }: AwsError): WireResponse {
    const name = NAMES[code] ?? code;
    const other = STATUS[name] ?? 400;
    const status = FORBIDDEN.has(name) ? 403 : (this.model.statusOf(code) ?? other);
    const error = `<Type>Sender</Type><Code>${escaped(name)}</Code><Message>${escaped(message)}</Message>`;
    return xml(
      status,
      `<ErrorResponse xmlns="${this.model.xmlNamespace}"><Error>${error}</Error><RequestId>local</RequestId></ErrorResponse>`,
    );
  }
}

/** Source: EC2 API reference, "Error codes". */
const EC2_ERRORS: Readonly<Record<string, readonly [string, number]>> = {
  AccessDeniedException: ["UnauthorizedOperation", 403],
  UnrecognizedClientException: ["AuthFailure", 401],
  InvalidSignatureException: ["AuthFailure", 401],
  MissingAuthenticationTokenException: ["AuthFailure", 401],
  ExpiredTokenException: ["RequestExpired", 400],
  RequestLimitExceeded: ["RequestLimitExceeded", 503],
  UnknownOperationException: ["InvalidAction", 400],
  ValidationException: ["MissingParameter", 400],
  IncompleteSignatureException: ["IncompleteSignature", 400],
  InternalFailure: ["InternalError", 500],
  RequestEntityTooLargeException: ["RequestEntityTooLarge", 413],
};

/** EC2's variant, with a different name for nearly every field. Source: Smithy, "AWS EC2 query protocol". */
export class Ec2Query implements Protocol {
  constructor(private readonly model: ServiceModel) {}

  read(request: WireRequest): Asked {
    return calledBy(this.model, new URLSearchParams(textOf(request)), true);
  }

  answer({ operation }: Asked, output: object): WireResponse {
    const schema = this.model.operation(operation)?.output;
    return xml(200, writtenXml(this.model, schema, output, `${operation}Response`));
  }

  refuse({ code, message }: AwsError): WireResponse {
    const [name, status] = EC2_ERRORS[code] ?? [code, 400];
    const error = `<Error><Code>${escaped(name)}</Code><Message>${escaped(message)}</Message></Error>`;
    return xml(
      status,
      `<Response><Errors>${error}</Errors><RequestID>local</RequestID></Response>`,
    );
  }
}

/** @throws AwsError where the model has no such operation */
function calledBy(model: ServiceModel, form: URLSearchParams, isEc2: boolean): Asked {
  const operation = form.get("Action") ?? "";
  const found = model.operation(operation);
  if (found === undefined) {
    throw new AwsError(
      "UnknownOperationException",
      `The action ${operation} is not valid for this web service.`,
    );
  }
  const input = new QueryForm(form, isEc2).read(found.input) ?? {};
  return { operation, input, shape: found.input };
}
