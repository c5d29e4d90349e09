import type { Protocol } from "./http.js";
import { AwsJson } from "./json.js";
import { ServiceModel } from "./models.js";
import { Ec2Query, Query } from "./query.js";
import { RestJson } from "./rest-json.js";
import { S3 } from "./s3.js";

/** A service that is served over the wire. */
export interface WireService {
  /** As in the AWS SDK for Python, by which the local cloud calls it. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly model: ServiceModel;
}

/** The services by the names that requests are signed for. Models are loaded when they are first needed: EC2's is large. */
const SERVICES: Readonly<Record<string, () => Promise<WireService>>> = {
  athena: json("athena", "AmazonAthena", () => import("@aws-sdk/client-athena")),
  ec2: speaking(
    "ec2",
    () => import("@aws-sdk/client-ec2"),
    "http://ec2.amazonaws.com/doc/2016-11-15/",
    (model) => new Ec2Query(model),
  ),
  events: json("events", "AWSEvents", () => import("@aws-sdk/client-eventbridge")),
  glue: json("glue", "AWSGlue", () => import("@aws-sdk/client-glue")),
  kms: json("kms", "TrentService", () => import("@aws-sdk/client-kms")),
  logs: json("logs", "Logs_20140328", () => import("@aws-sdk/client-cloudwatch-logs")),
  organizations: json(
    "organizations",
    "AWSOrganizationsV20161128",
    () => import("@aws-sdk/client-organizations"),
  ),
  "resource-groups": speaking(
    "resource-groups",
    () => import("@aws-sdk/client-resource-groups"),
    "",
    (model) => new RestJson(model),
  ),
  s3: speaking(
    "s3",
    () => import("@aws-sdk/client-s3"),
    "http://s3.amazonaws.com/doc/2006-03-01/",
    (model) => new S3(model),
  ),
  sns: query(
    "sns",
    "http://sns.amazonaws.com/doc/2010-03-31/",
    () => import("@aws-sdk/client-sns"),
  ),
  sqs: json("sqs", "AmazonSQS", () => import("@aws-sdk/client-sqs"), "1.0"),
  ssm: json("ssm", "AmazonSSM", () => import("@aws-sdk/client-ssm")),
  states: json("stepfunctions", "AWSStepFunctions", () => import("@aws-sdk/client-sfn"), "1.0"),
  sts: query(
    "sts",
    "https://sts.amazonaws.com/doc/2011-06-15/",
    () => import("@aws-sdk/client-sts"),
  ),
};

const loaded = new Map<string, Promise<WireService>>();

/** Undefined for a service that is not served. */
export function wireService(signedFor: string): Promise<WireService> | undefined {
  const cached = loaded.get(signedFor);
  if (cached !== undefined || !Object.hasOwn(SERVICES, signedFor)) return cached;
  const service = SERVICES[signedFor]?.();
  if (service !== undefined) loaded.set(signedFor, service);
  return service;
}

/** The names that requests are signed for. */
export const SIGNING_NAMES = Object.keys(SERVICES);

type Client = () => Promise<Readonly<Record<string, unknown>>>;

/** @param target is how the SDK's client for the service calls it in `X-Amz-Target` */
function json(name: string, target: string, client: Client, version: "1.0" | "1.1" = "1.1") {
  return speaking(name, client, "", (model) => new AwsJson(version, model, target));
}

function query(name: string, xmlNamespace: string, client: Client) {
  return speaking(name, client, xmlNamespace, (model) => new Query(model));
}

function speaking(
  name: string,
  client: Client,
  xmlNamespace: string,
  protocolOf: (model: ServiceModel) => Protocol,
) {
  return async (): Promise<WireService> => {
    const model = new ServiceModel(await client(), xmlNamespace);
    return { name, model, protocol: protocolOf(model) };
  };
}
