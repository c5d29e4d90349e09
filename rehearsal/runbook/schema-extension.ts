import { OPERATORS, VALUE_TYPES } from "../../runbooks/loader/step.js";

// AWS's own JSON schema of Automation documents (package aws-ssm-document-language-service 1.0.0, of 2021) predates some
// of what Automation takes, and leaves some out. Every addition is here, with where it comes from.

type Schema = Readonly<Record<string, unknown>>;

/** The parts of AWS's schema that the additions go into. */
interface AwsSchema {
  properties: Record<string, unknown> & {
    parameters: { patternProperties: Record<string, { properties: { type: { enum: string[] } } }> };
    mainSteps: { items: StepSchema };
  };
}
interface StepSchema {
  properties: Record<string, unknown> & { action: { enum: string[] } };
  allOf: { if: { properties: { action: { const: string } } }; then: Schema }[];
}

const CONDITION = { $ref: "#/definitions/condition" };
const STEP = { $ref: "#/definitions/step" };

/** User Guide, "Creating input parameters that populate AWS resources". */
const PICKERS = ["AWS::EC2::Instance::Id", "AWS::IAM::Role::Arn", "AWS::S3::Bucket::Name"];

/** User Guide, "aws:loop", "aws:updateVariable" and "aws:invokeWebhook". */
const ACTIONS = ["aws:loop", "aws:updateVariable", "aws:invokeWebhook"];

/** User Guide, "Properties shared by all actions"; `description` is what the visual editor writes. */
const STEP_PROPERTIES = {
  onCancel: { type: "string", pattern: "^(Abort|step:\\w+)$" },
  description: { type: "string" },
};

/** Shaped like parameters; the User Guide shows the element's use only ("aws:updateVariable"). */
const VARIABLES = {
  type: "object",
  additionalProperties: {
    type: "object",
    required: ["type"],
    properties: { type: { enum: [...VALUE_TYPES] }, description: { type: "string" }, default: {} },
    additionalProperties: false,
  },
};

/** User Guide, "Using conditional statements in runbooks": AWS checks every operator when a runbook is created. */
const CONDITION_SCHEMA = {
  type: "object",
  oneOf: [
    ...OPERATORS.map((operator) => ({ required: ["Variable", operator] })),
    { required: ["And"], properties: { And: { type: "array", items: CONDITION } } },
    { required: ["Or"], properties: { Or: { type: "array", items: CONDITION } } },
    { required: ["Not"], properties: { Not: CONDITION } },
  ],
  properties: Object.fromEntries(
    ["Variable", "NextStep", "And", "Or", "Not", ...OPERATORS].map((name) => [name, {}]),
  ),
  additionalProperties: false,
};

/** Inputs of actions that the schema lacks or has otherwise. */
const INPUTS: Readonly<Record<string, Schema>> = {
  // User Guide, "aws:executeScript": the runtimes that it names today. Those of the schema are gone.
  "aws:executeScript": {
    type: "object",
    properties: {
      Runtime: { enum: ["python3.10", "python3.11", "PowerShell 7.4"] },
      Handler: { type: "string" },
      InputPayload: { type: ["string", "object"] },
      Script: { type: "string" },
      Attachment: { type: "string" },
    },
    required: ["Runtime"],
  },
  // User Guide, "aws:branch". The schema's own has other names for the parts of a choice.
  "aws:branch": {
    type: "object",
    properties: {
      Choices: {
        type: "array",
        minItems: 1,
        items: { allOf: [CONDITION, { required: ["NextStep"] }] },
      },
      Default: { type: "string" },
    },
    required: ["Choices"],
    additionalProperties: false,
  },
  // User Guide, "aws:executeAutomation". The schema has the first three only.
  "aws:executeAutomation": {
    type: "object",
    properties: {
      DocumentName: { type: "string" },
      DocumentVersion: { type: "string" },
      RuntimeParameters: { type: ["string", "object"] },
      Tags: { type: ["string", "array"] },
      TargetParameterName: { type: "string" },
      Targets: { type: ["string", "array"] },
      TargetMaps: { type: ["string", "array"] },
      TargetLocations: { type: ["string", "array"] },
      MaxConcurrency: { type: "string" },
      MaxErrors: { type: "string" },
    },
    required: ["DocumentName"],
    additionalProperties: false,
  },
  // User Guide, "aws:loop".
  "aws:loop": {
    type: "object",
    properties: {
      Iterators: { type: ["string", "array"] },
      IteratorDataType: { enum: ["Boolean", "Integer", "String", "StringMap"] },
      LoopCondition: CONDITION,
      MaxIterations: { type: ["integer", "string"] },
      Steps: { type: "array", minItems: 1, items: STEP },
    },
    oneOf: [{ required: ["Iterators"] }, { required: ["LoopCondition"] }],
    required: ["Steps"],
    additionalProperties: false,
  },
  // User Guide, "aws:updateVariable".
  "aws:updateVariable": {
    type: "object",
    properties: { Name: { type: "string", pattern: "^variable:\\w+$" }, Value: {} },
    required: ["Name", "Value"],
    additionalProperties: false,
  },
  // User Guide, "aws:sleep", which writes Timestamp where the schema has TimeStamp.
  "aws:sleep": {
    type: "object",
    properties: { Duration: { type: "string" }, Timestamp: { type: "string" } },
    oneOf: [{ required: ["Duration"] }, { required: ["Timestamp"] }],
    additionalProperties: false,
  },
};

/** AWS's schema with the additions. */
export function extended(awsSchema: unknown): Schema {
  const schema = structuredClone(awsSchema) as AwsSchema;
  const { parameters, mainSteps } = schema.properties;
  for (const parameter of Object.values(parameters.patternProperties)) {
    const types = parameter.properties.type.enum;
    types.push(...PICKERS, ...PICKERS.map((picker) => `List<${picker}>`));
  }
  const step = mainSteps.items;
  step.properties.action.enum.push(...ACTIONS);
  Object.assign(step.properties, STEP_PROPERTIES);
  const kept = step.allOf.filter((rule) => !(rule.if.properties.action.const in INPUTS));
  const added = Object.entries(INPUTS).map(([action, inputs]) => ({
    if: { properties: { action: { const: action } } },
    then: { properties: { inputs } },
  }));
  return {
    ...schema,
    definitions: { condition: CONDITION_SCHEMA, step: { ...step, allOf: [...kept, ...added] } },
    properties: {
      ...schema.properties,
      variables: VARIABLES,
      mainSteps: { ...mainSteps, items: STEP },
    },
  };
}
