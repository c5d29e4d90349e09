import { AwsError } from "../../../../kernel/errors.js";
import type { Arn } from "../../../../kernel/arn.js";

export type ParameterType = "String" | "StringList" | "SecureString";
export type Tier = "Standard" | "Advanced";

/** One parameter with all its versions, the newest last. */
export interface Parameter {
  readonly name: string;
  readonly arn: Arn;
  readonly account: string;
  readonly region: string;
  type: ParameterType;
  tier: Tier;
  dataType: string;
  description?: string;
  allowedPattern?: string;
  /** The key of a SecureString; absent: the account's `aws/ssm`, which everyone may use through SSM. */
  kmsKey?: Arn;
  /** Milliseconds since the epoch of the last change. */
  modified: number;
  readonly values: string[];
}

/** What PutParameter takes of a parameter. */
export interface ParameterInput {
  readonly name: string;
  readonly value: string;
  readonly type: ParameterType;
  readonly tier?: string;
  readonly dataType?: string;
  readonly allowedPattern?: string;
}

/** The input of PutParameter. */
export interface PutInput {
  readonly Name: string;
  readonly Value: string;
  readonly Type?: ParameterType;
  readonly Overwrite?: boolean;
  readonly KeyId?: string;
  readonly Tier?: string;
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly DataType?: string;
}

export interface PutRequest extends ParameterInput {
  readonly keyId?: string;
  readonly description?: string;
}

/** Bytes. Source: General Reference, "Parameter Store quotas". */
const MAX_VALUE_BYTES: Readonly<Record<Tier, number>> = { Standard: 4096, Advanced: 8192 };
const TYPES = ["String", "StringList", "SecureString"];
const TIERS = ["Standard", "Advanced", "Intelligent-Tiering"];

/** The ARN's resource: `parameter/name`, with one slash whether or not the name begins with one. */
export function parameterResource(name: string): string {
  return `parameter${name.startsWith("/") ? name : `/${name}`}`;
}

/** Refuses what PutParameter refuses. Source: SSM API reference, PutParameter. @throws AwsError */
export function checkParameter(input: ParameterInput): void {
  const { name, value, type, tier = "Standard", allowedPattern, dataType = "text" } = input;
  const invalid = (problem: string) => new AwsError("ValidationException", problem);
  const subject = `Parameter name "${name}"`;
  if (!/^[\w./-]+$/.test(name)) {
    throw invalid(
      `${subject}: only a mix of letters, numbers and the following 4 symbols .-_/ is allowed`,
    );
  }
  if (name.length > 1011) throw invalid(`${subject}: 1011 characters at most`);
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw invalid(`${subject}: can't be prefixed with "aws" or "ssm" (case-insensitive).`);
  }
  if (name.includes("/") && !name.startsWith("/"))
    throw invalid(`${subject}: must be a fully qualified name`);
  if (name.endsWith("/") || name.includes("//"))
    throw invalid(`${subject}: a level of it has no name`);
  if (name.split("/").length > 16) {
    throw new AwsError(
      "HierarchyLevelLimitExceededException",
      `${subject}: a hierarchy has 15 levels at most`,
    );
  }
  if (!TYPES.includes(type))
    throw new AwsError(
      "UnsupportedParameterType",
      `${subject}: ${type} is none of ${TYPES.join()}`,
    );
  if (!TIERS.includes(tier)) throw invalid(`${subject}: tier ${tier} is none of ${TIERS.join()}`);
  if (value === "") throw invalid(`${subject}: the value must have 1 character at least`);
  if (/\{\{.*?\}\}/s.test(value)) {
    throw invalid(
      `${subject}: Parameter value can't nest another parameter. Do not use "{{}}" in the value.`,
    );
  }
  if (!["text", "aws:ec2:image", "aws:ssm:integration"].includes(dataType))
    throw invalid(`${subject}: data type ${dataType} is not supported`);
  if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(value)) {
    throw new AwsError(
      "ParameterPatternMismatchException",
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
  }
  checkSize(input);
}

function checkSize({ name, value, tier = "Standard" }: ParameterInput): void {
  const size = Buffer.byteLength(value);
  const most = tier === "Standard" ? MAX_VALUE_BYTES.Standard : MAX_VALUE_BYTES.Advanced;
  if (size <= most) return;
  throw new AwsError(
    "ValidationException",
    `Parameter "${name}": ${tier} tier parameters support a maximum parameter value of ${most} characters; it has ${size} bytes.`,
  );
}

/** The tier that AWS chooses. An advanced parameter stays one: it cannot be made standard again. */
export function tierOf({ value, tier }: ParameterInput, before?: Parameter): Tier {
  if (before?.tier === "Advanced") return "Advanced";
  if (tier === "Intelligent-Tiering")
    return Buffer.byteLength(value) > MAX_VALUE_BYTES.Standard ? "Advanced" : "Standard";
  return tier === "Advanced" ? "Advanced" : "Standard";
}

export function requestOf(input: PutInput, before: Parameter | undefined): PutRequest {
  const { Name, Value, Type, KeyId, Tier, Description, AllowedPattern, DataType } = input;
  return {
    name: Name,
    value: Value,
    type: Type ?? before?.type ?? "String",
    ...(KeyId !== undefined && { keyId: KeyId }),
    ...(Tier !== undefined && { tier: Tier }),
    ...(Description !== undefined && { description: Description }),
    ...(AllowedPattern !== undefined && { allowedPattern: AllowedPattern }),
    ...(DataType !== undefined && { dataType: DataType }),
  };
}

/** `name`, `name:3`, or either as an ARN. Labels are not modelled. */
export function reference(text: string): { readonly name: string; readonly version?: number } {
  const [, arnName, plain, version] =
    /^(?:arn:[^:]*:ssm:[^:]*:\d*:parameter(\/[^:]+)|([^:]*))(?::(\d+))?$/.exec(text) ?? [];
  const name = arnName ?? plain ?? text;
  return version === undefined ? { name } : { name, version: Number(version) };
}

export function notFound(name: string): AwsError {
  return new AwsError("ParameterNotFound", `Systems Manager could not find parameter ${name}.`);
}
