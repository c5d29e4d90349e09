import { z } from "zod";
import { stepSchema } from "./step-schema.js";
import type { Json, Step } from "./step.js";
import { VALUE_TYPES } from "./step.js";

/**
 * Types of parameters: those of values, and the ones for which the console offers a picker.
 * Source: User Guide, "Creating input parameters that populate AWS resources".
 */
const PICKERS = [
  "AWS::EC2::Instance::Id",
  "AWS::IAM::Role::Arn",
  "AWS::S3::Bucket::Name",
  "List<AWS::EC2::Instance::Id>",
  "List<AWS::IAM::Role::Arn>",
  "List<AWS::S3::Bucket::Name>",
] as const;

export type ParameterType = (typeof VALUE_TYPES)[number] | (typeof PICKERS)[number];

export interface Parameter {
  readonly type: ParameterType;
  readonly description?: string;
  readonly default?: Json;
  readonly allowedValues?: readonly Json[];
  readonly allowedPattern?: string;
  readonly displayType?: "textfield" | "textarea";
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minChars?: number;
  readonly maxChars?: number;
}

export interface Variable {
  readonly type: (typeof VALUE_TYPES)[number];
  readonly description?: string;
  readonly default?: Json;
}

export interface AutomationDocument {
  readonly schemaVersion: "0.3";
  readonly description?: string;
  readonly assumeRole?: string;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly variables?: Readonly<Record<string, Variable>>;
  readonly mainSteps: readonly Step[];
  readonly outputs?: readonly string[];
  readonly files?: Readonly<Record<string, unknown>>;
}

const KINDS: Readonly<Record<string, [what: string, test: (value: unknown) => boolean]>> = {
  String: ["a text", (value) => typeof value === "string"],
  StringList: ["a list of texts", (value) => isListOf(value, "string")],
  Integer: ["a whole number", (value) => Number.isInteger(value)],
  Boolean: ["true or false", (value) => typeof value === "boolean"],
  MapList: ["a list of maps", (value) => isListOf(value, "object")],
  StringMap: ["a map", (value) => typeof value === "object" && !Array.isArray(value)],
};

const isListOf = (value: unknown, type: string): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === type);

/** A default of its own type; a text may refer to Parameter Store. */
function defaultFits(value: { type: string; default?: unknown }, context: z.RefinementCtx): void {
  if (value.default === undefined) return;
  const kind = value.type.startsWith("List<")
    ? "StringList"
    : value.type.startsWith("AWS::")
      ? "String"
      : value.type;
  const [what, test] = KINDS[kind] ?? ["", () => true];
  const refers = typeof value.default === "string" && /^\{\{\s*ssm:[^{}]+\}\}$/.test(value.default);
  if (test(value.default) || refers) return;
  context.addIssue({ code: "custom", path: ["default"], message: `expected ${what}` });
}

const isPattern = (value: string): boolean => {
  try {
    return new RegExp(value).source !== "";
  } catch {
    return false;
  }
};

const count = z.number().int().min(0).optional();

const parameter = z
  .strictObject({
    type: z.enum([...VALUE_TYPES, ...PICKERS]),
    description: z.string().optional(),
    default: z.json().optional(),
    allowedValues: z.array(z.json()).optional(),
    allowedPattern: z.string().refine(isPattern, "expected a regular expression").optional(),
    displayType: z.enum(["textfield", "textarea"]).optional(),
    minItems: count,
    maxItems: count,
    minChars: count,
    maxChars: count,
  })
  .superRefine(defaultFits);

const variable = z
  .strictObject({
    type: z.enum(VALUE_TYPES),
    description: z.string().optional(),
    default: z.json().optional(),
  })
  .superRefine(defaultFits);

/** Names of parameters and variables; AWS takes at most 50 characters. */
const declaredName = z.string().regex(/^\w{1,50}$/);

/** The whole document, each field by itself; rules between fields are checked elsewhere. */
export const documentSchema: z.ZodType<AutomationDocument> = z.strictObject({
  schemaVersion: z.literal("0.3"),
  description: z.string().optional(),
  assumeRole: z.string().optional(),
  parameters: z.record(declaredName, parameter).optional(),
  variables: z.record(declaredName, variable).optional(),
  mainSteps: z.array(stepSchema).min(1),
  outputs: z.array(z.string()).optional(),
  files: z.record(z.string(), z.unknown()).optional(),
});
