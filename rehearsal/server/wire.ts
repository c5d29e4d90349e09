import { AwsError, NotRehearsed } from "../cloud/errors.js";
import { describeInstancesInput, ec2Query } from "./ec2-query.js";
import {
  escaped,
  type Protocol,
  textOf,
  type WireCall,
  type WireRequest,
  type WireResponse,
  xml,
} from "./http.js";

/** Services that speak AWS JSON: an `X-Amz-Target` header and a JSON body. */
const JSON_SERVICES: ReadonlySet<string> = new Set([
  "ssm",
  "sqs",
  "events",
  "logs",
  "kms",
  "athena",
  "glue",
  "organizations",
]);

/** @throws NotRehearsed for protocols that are not spoken here */
export function readCall(service: string, request: WireRequest): WireCall {
  const target = request.headers["x-amz-target"];
  if (JSON_SERVICES.has(service) && target !== undefined) {
    const operation = target.slice(target.lastIndexOf(".") + 1);
    const input = JSON.parse(textOf(request) || "{}") as object;
    return { service, operation, input, protocol: awsJson };
  }
  const form = new URLSearchParams(textOf(request));
  const operation = form.get("Action");
  // Other operations of STS give credentials, which the local cloud has only for accounts' operators.
  if (service === "sts" && operation === "GetCallerIdentity") {
    return { service, operation, input: {}, protocol: query };
  }
  if (service === "ec2" && operation === "DescribeInstances") {
    return { service, operation, input: describeInstancesInput(form), protocol: ec2Query };
  }
  throw new NotRehearsed(`${service}:${operation ?? target ?? "?"} over the wire`);
}

/** Source: Smithy, "AWS JSON 1.0 and 1.1 protocol"; times are seconds since the epoch. */
const awsJson: Protocol = {
  answer: (_call, output) => json(200, output ?? {}),
  refuse: (error) => {
    const known = QUERY_COMPATIBLE[error.code];
    const type = known ?? error.code;
    return json(
      error.code === "AccessDeniedException" ? 403 : 400,
      { __type: type, message: error.message },
      {
        "x-amzn-errortype": type,
        ...(known !== undefined && { "x-amzn-query-error": `${error.code};Sender` }),
      },
    );
  },
};

/** SQS kept the codes of its older protocol beside the new ones. Source: Smithy, `awsQueryCompatible`. */
const QUERY_COMPATIBLE: Readonly<Record<string, string>> = {
  "AWS.SimpleQueueService.NonExistentQueue": "QueueDoesNotExist",
};

/** Source: Smithy, "AWS query protocol". Enough for outputs of texts. */
const query: Protocol = {
  answer: ({ operation }, output) => {
    const fields = Object.entries(output as object)
      .map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`)
      .join("");
    const result = `<${operation}Result>${fields}</${operation}Result>`;
    return xml(200, `<${operation}Response>${result}</${operation}Response>`);
  },
  refuse: ({ code, message }) =>
    xml(
      code === "AccessDeniedException" ? 403 : 400,
      `<ErrorResponse><Error><Type>Sender</Type><Code>${escaped(code)}</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>`,
    ),
};

/** An answer to a request of which not even the protocol is known. */
export function refusal(error: AwsError): WireResponse {
  return awsJson.refuse(error);
}

function json(status: number, value: unknown, headers: WireResponse["headers"] = {}): WireResponse {
  const body = JSON.stringify(withEpochs(value));
  return { status, headers: { "content-type": "application/x-amz-json-1.1", ...headers }, body };
}

function withEpochs(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(withEpochs);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withEpochs(part)]));
}
