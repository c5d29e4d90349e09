import { z } from "zod";
import type { Action, Condition, Inputs, JsonObject, Step } from "./step.js";
import { ACTIONS, OPERATORS, OTHER_ACTIONS, STRING_OPERATORS, VALUE_TYPES } from "./step.js";

/** Names of steps and of outputs. */
const NAME = /^[a-zA-Z0-9_]+$/;

const isExpression = (value: unknown): boolean =>
  typeof value === "string" && /^\{\{[^{}]+\}\}$/.test(value.trim());

/** A value that passes the test. The message is completed with what came instead. */
function expected<T>(what: string, test: (value: unknown) => boolean): z.ZodType<T> {
  return z.custom<T>(test, `expected ${what}`);
}

function orExpression<T>(what: string, test: (value: unknown) => boolean): z.ZodType<T | string> {
  return expected(`${what} or an expression`, (value) => test(value) || isExpression(value));
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const wholeFrom =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (value: unknown) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
// AWS takes booleans as text too, as its own schema says.
const isBoolean = (value: unknown): boolean =>
  typeof value === "boolean" || value === "true" || value === "false";

const text = expected<string>("a text", isText);
const texts = orExpression<readonly string[]>("a list of texts", isTexts);
const name = expected<string>(
  "a name of letters, digits and _",
  (value) => isText(value) && NAME.test(value),
);
const whole = orExpression<number>("a whole number from 1", wholeFrom(1));
const flag = orExpression<boolean>("true or false", isBoolean);
const maps = orExpression<readonly JsonObject[]>(
  "a list of maps",
  (value) => Array.isArray(value) && value.every(isObject),
);
const map = orExpression<JsonObject>("a map", isObject);
const selector = expected<string>(
  "a JSONPath from the response, such as $.InstanceId",
  (value) => isText(value) && /^\$(\.|\[|$)/.test(value),
);

const operand = (operator: string): z.ZodType<string | number | boolean> => {
  if ((STRING_OPERATORS as readonly string[]).includes(operator)) {
    return expected("a text", (value) => typeof value === "string");
  }
  return operator === "BooleanEquals"
    ? orExpression("true or false", isBoolean)
    : orExpression("a number", (value) => typeof value === "number");
};

/** A condition, or one with more keys beside it: a choice has NextStep. */
function conditionWith(extra: z.ZodRawShape): z.ZodType {
  return z
    .strictObject({
      ...extra,
      Variable: text.optional(),
      ...Object.fromEntries(OPERATORS.map((operator) => [operator, operand(operator).optional()])),
      And: z.lazy(() => z.array(condition)).optional(),
      Or: z.lazy(() => z.array(condition)).optional(),
      Not: z.lazy(() => condition).optional(),
    })
    .superRefine((value: Record<string, unknown>, context) => {
      const given = [...OPERATORS, "And", "Or", "Not"].filter((key) => value[key] !== undefined);
      const complex = given.some((key) => ["And", "Or", "Not"].includes(key));
      if (given.length !== 1) {
        const message = `expected one of ${OPERATORS.join(", ")}, And, Or, Not; got ${given.join(" and ") || "none"}`;
        context.addIssue({ code: "custom", message, params: { complete: true } });
      } else if (!complex && value.Variable === undefined) {
        const message = `expected a Variable for ${given[0] ?? ""} to look at`;
        context.addIssue({ code: "custom", message, params: { complete: true } });
      }
    });
}

const condition = conditionWith({}) as z.ZodType<Condition>;

const api = { Service: text, Api: text };
const property = { ...api, PropertySelector: selector, DesiredValues: texts };

/** The inputs of every action that the rehearsal carries out. */
const inputs = {
  "aws:assertAwsResourceProperty": z.looseObject(property),
  "aws:branch": z.strictObject({
    Choices: z.array(conditionWith({ NextStep: text })).min(1),
    Default: text.optional(),
  }),
  "aws:createTags": z.strictObject({
    ResourceIds: texts,
    ResourceType: text.optional(),
    Tags: maps,
  }),
  // Source: User Guide, "aws:executeAutomation".
  "aws:executeAutomation": z.strictObject({
    DocumentName: text,
    DocumentVersion: text.optional(),
    RuntimeParameters: map.optional(),
    Tags: maps.optional(),
    TargetParameterName: text.optional(),
    Targets: maps.optional(),
    TargetMaps: maps.optional(),
    TargetLocations: maps.optional(),
    MaxConcurrency: text.optional(),
    MaxErrors: text.optional(),
  }),
  "aws:executeAwsApi": z.looseObject(api),
  "aws:executeScript": z.strictObject({
    // Source: User Guide, "aws:executeScript", which names no others any more.
    Runtime: z.enum(["python3.10", "python3.11", "PowerShell 7.4"]),
    Handler: text.optional(),
    InputPayload: map.optional(),
    Script: text.optional(),
    Attachment: text.optional(),
  }),
  "aws:loop": z
    .strictObject({
      Iterators: orExpression<readonly JsonObject[]>("a list", Array.isArray).optional(),
      IteratorDataType: z.enum(["Boolean", "Integer", "String", "StringMap"]).optional(),
      LoopCondition: condition.optional(),
      MaxIterations: orExpression<number>(
        "a whole number from 1 to 100",
        wholeFrom(1, 100),
      ).optional(),
      Steps: z.lazy(() => z.array(stepSchema).min(1)),
    })
    .superRefine((value, context) => {
      if ((value.Iterators === undefined) !== (value.LoopCondition === undefined)) return;
      const message = "expected either Iterators or LoopCondition";
      context.addIssue({ code: "custom", message, params: { complete: true } });
    }),
  "aws:runCommand": z.strictObject({
    DocumentName: text,
    DocumentVersion: text.optional(),
    DocumentHash: text.optional(),
    DocumentHashType: text.optional(),
    InstanceIds: texts.optional(),
    Targets: maps.optional(),
    Parameters: map.optional(),
    TimeoutSeconds: orExpression<number>(
      "30 to 2592000 seconds",
      wholeFrom(30, 2_592_000),
    ).optional(),
    MaxConcurrency: text.optional(),
    MaxErrors: text.optional(),
    Comment: text.optional(),
    ServiceRoleArn: text.optional(),
    NotificationConfig: map.optional(),
    CloudWatchOutputConfig: map.optional(),
    OutputS3BucketName: text.optional(),
    OutputS3KeyPrefix: text.optional(),
  }),
  "aws:sleep": z.strictObject({ Duration: text.optional(), Timestamp: text.optional() }),
  "aws:updateVariable": z.strictObject({
    Name: expected<string>(
      "variable:<name>",
      (value) => isText(value) && /^variable:[a-zA-Z0-9_]+$/.test(value),
    ),
    Value: z.json(),
  }),
  "aws:waitForAwsResourceProperty": z.looseObject(property),
} satisfies Record<keyof Inputs, z.ZodType>;

const output = z.strictObject({ Name: name, Selector: selector, Type: z.enum(VALUE_TYPES) });

const properties = {
  name,
  description: text.optional(),
  maxAttempts: whole.optional(),
  timeoutSeconds: whole.optional(),
  onFailure: expected<string>(
    "Abort, Continue or step:<name>",
    (value) => isText(value) && /^(Abort|Continue|step:\w+)$/.test(value),
  ).optional(),
  onCancel: expected<string>(
    "Abort or step:<name>",
    (value) => isText(value) && /^(Abort|step:\w+)$/.test(value),
  ).optional(),
  isCritical: flag.optional(),
  isEnd: flag.optional(),
  nextStep: text.optional(),
  outputs: z.array(output).optional(),
};

const modelled = (action: Action) =>
  z.strictObject({ ...properties, action: z.literal(action), inputs: inputs[action] });

/** One step. The type is the union of step.ts; the schema is held to its actions by `inputs`. */
export const stepSchema: z.ZodType<Step> = z.discriminatedUnion(
  "action",
  [
    ...ACTIONS.map(modelled),
    ...OTHER_ACTIONS.map((action) =>
      z.strictObject({ ...properties, action: z.literal(action), inputs: z.looseObject({}) }),
    ),
  ] as unknown as [ReturnType<typeof modelled>],
  {
    error: (issue) =>
      issue.code === "invalid_union" ? "expected an action of Automation" : undefined,
  },
) as unknown as z.ZodType<Step>;
