import { type Protocol } from "./http.js";
import { AwsJson } from "./json.js";
import { ServiceModel } from "./models.js";
import { Ec2Query, Query } from "./query.js";
import { RestJson } from "./rest-json.js";
import { S3 } from "./s3.js";

/** A service that is spoken to over the wire. */
export interface WireService {
  /** As in the AWS SDK for Python, by which the local cloud calls it. */
  readonly name: string;
  readonly protocol: Protocol;
}

/**
 * The services by the names that requests are signed for. Models are loaded when they are first needed: EC2's is large. A
 * service that speaks AWS JSON does without one: then times in its answers must be dates, not texts.
 */
const SERVICES: Readonly<Record<string, () => Promise<WireService>>> = {
  athena: json("athena", () => import("@aws-sdk/client-athena")),
  ec2: async () => ({
    name: "ec2",
    protocol: new Ec2Query(
      new ServiceModel(
        await import("@aws-sdk/client-ec2"),
        "http://ec2.amazonaws.com/doc/2016-11-15/",
      ),
    ),
  }),
  events: json("events", () => import("@aws-sdk/client-eventbridge")),
  glue: json("glue"),
  kms: json("kms"),
  logs: json("logs", () => import("@aws-sdk/client-cloudwatch-logs")),
  organizations: json("organizations", () => import("@aws-sdk/client-organizations")),
  "resource-groups": async () => ({
    name: "resource-groups",
    protocol: new RestJson(new ServiceModel(await import("@aws-sdk/client-resource-groups"), "")),
  }),
  s3: async () => ({
    name: "s3",
    protocol: new S3(
      new ServiceModel(
        await import("@aws-sdk/client-s3"),
        "http://s3.amazonaws.com/doc/2006-03-01/",
      ),
    ),
  }),
  sns: query(
    "sns",
    "http://sns.amazonaws.com/doc/2010-03-31/",
    () => import("@aws-sdk/client-sns"),
  ),
  sqs: json("sqs", () => import("@aws-sdk/client-sqs"), "1.0"),
  ssm: json("ssm", () => import("@aws-sdk/client-ssm")),
  states: json("stepfunctions", undefined, "1.0"),
  sts: query(
    "sts",
    "https://sts.amazonaws.com/doc/2011-06-15/",
    () => import("@aws-sdk/client-sts"),
  ),
};

const loaded = new Map<string, Promise<WireService>>();

/** Undefined for a service that is not spoken to. */
export function wireService(signedFor: string): Promise<WireService> | undefined {
  const known = loaded.get(signedFor);
  if (known !== undefined || !Object.hasOwn(SERVICES, signedFor)) return known;
  const service = SERVICES[signedFor]?.();
  if (service !== undefined) loaded.set(signedFor, service);
  return service;
}

/** The names that requests are signed for. */
export const SIGNING_NAMES = Object.keys(SERVICES);

type Client = () => Promise<Readonly<Record<string, unknown>>>;

function json(name: string, client?: Client, version: "1.0" | "1.1" = "1.1") {
  return async () => {
    const model = client && new ServiceModel(await client(), "");
    return { name, protocol: new AwsJson(version, model) };
  };
}

function query(name: string, xmlNamespace: string, client: Client) {
  return async () => ({
    name,
    protocol: new Query(new ServiceModel(await client(), xmlNamespace)),
  });
}
