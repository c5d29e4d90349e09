/** The actions that the rehearsal carries out. */
export const ACTIONS = [
  "aws:assertAwsResourceProperty",
  "aws:branch",
  "aws:createTags",
  "aws:executeAutomation",
  "aws:executeAwsApi",
  "aws:executeScript",
  "aws:loop",
  "aws:runCommand",
  "aws:sleep",
  "aws:updateVariable",
  "aws:waitForAwsResourceProperty",
] as const;

/** The actions that AWS has beside them. Source: Systems Manager User Guide, "Automation actions reference". */
export const OTHER_ACTIONS = [
  "aws:approve",
  "aws:changeInstanceState",
  "aws:copyImage",
  "aws:createImage",
  "aws:createStack",
  "aws:deleteImage",
  "aws:deleteStack",
  "aws:executeStateMachine",
  "aws:invokeLambdaFunction",
  "aws:invokeWebhook",
  "aws:pause",
  "aws:runInstances",
] as const;

export type Action = (typeof ACTIONS)[number];
export type OtherAction = (typeof OTHER_ACTIONS)[number];

/** The types of parameters, variables and outputs. They are static: nothing converts one to another. */
export const VALUE_TYPES = [
  "String",
  "StringList",
  "Integer",
  "Boolean",
  "MapList",
  "StringMap",
] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A value that may instead be an expression such as `{{ InstanceId }}`. */
export type OrExpression<T> = T | string;

export interface StepOutput {
  readonly Name: string;
  /** JSONPath from the action's response. */
  readonly Selector: string;
  readonly Type: ValueType;
}

/** What every step has, whatever its action. */
export interface StepProperties {
  readonly name: string;
  readonly description?: string;
  readonly maxAttempts?: OrExpression<number>;
  readonly timeoutSeconds?: OrExpression<number>;
  /** `Abort` (default), `Continue` or `step:<name>` */
  readonly onFailure?: string;
  /** `Abort` (default) or `step:<name>` */
  readonly onCancel?: string;
  readonly isCritical?: OrExpression<boolean>;
  readonly isEnd?: OrExpression<boolean>;
  readonly nextStep?: string;
  readonly outputs?: readonly StepOutput[];
}

export const STRING_OPERATORS = [
  "StringEquals",
  "EqualsIgnoreCase",
  "StartsWith",
  "EndsWith",
  "Contains",
] as const;
export const NUMERIC_OPERATORS = [
  "NumericEquals",
  "NumericGreater",
  "NumericLesser",
  "NumericGreaterOrEquals",
  "NumericLesserOrEquals",
] as const;
export const OPERATORS = [...STRING_OPERATORS, ...NUMERIC_OPERATORS, "BooleanEquals"] as const;
export type Operator = (typeof OPERATORS)[number];

/** `{ Variable: "{{ step.Output }}", StringEquals: "x" }` */
export type Comparison = { readonly Variable: string } & {
  readonly [operator in Operator]?: OrExpression<string | number | boolean>;
};
export type Condition =
  | Comparison
  | { readonly And: readonly Condition[] }
  | { readonly Or: readonly Condition[] }
  | { readonly Not: Condition };

export interface ApiInputs {
  /** As in the AWS SDK for Python, e.g. `ssm`. */
  readonly Service: string;
  /** `DescribeInstances` or `describe_instances`. */
  readonly Api: string;
  /** The operation's own input beside the two. */
  readonly [parameter: string]: Json;
}
export type PropertyInputs = ApiInputs & {
  readonly PropertySelector: string;
  readonly DesiredValues: OrExpression<readonly string[]>;
};

/** The inputs of each action, in AWS's names. */
export interface Inputs {
  "aws:assertAwsResourceProperty": PropertyInputs;
  "aws:branch": {
    readonly Choices: readonly (Condition & { readonly NextStep: string })[];
    readonly Default?: string;
  };
  "aws:createTags": {
    readonly ResourceIds: OrExpression<readonly string[]>;
    readonly ResourceType?: string;
    readonly Tags: OrExpression<readonly { readonly Key: string; readonly Value: string }[]>;
  };
  "aws:executeAutomation": {
    readonly DocumentName: string;
    readonly DocumentVersion?: string;
    readonly RuntimeParameters?: OrExpression<JsonObject>;
    readonly Tags?: OrExpression<readonly JsonObject[]>;
    readonly TargetParameterName?: string;
    readonly Targets?: OrExpression<readonly JsonObject[]>;
    readonly TargetMaps?: OrExpression<readonly JsonObject[]>;
    readonly TargetLocations?: OrExpression<readonly JsonObject[]>;
    readonly MaxConcurrency?: string;
    readonly MaxErrors?: string;
  };
  "aws:executeAwsApi": ApiInputs;
  "aws:executeScript": {
    readonly Runtime: string;
    readonly Handler?: string;
    readonly InputPayload?: OrExpression<JsonObject>;
    readonly Script?: string;
    readonly Attachment?: string;
  };
  "aws:loop": {
    readonly Iterators?: OrExpression<readonly Json[]>;
    readonly IteratorDataType?: "Boolean" | "Integer" | "String" | "StringMap";
    readonly LoopCondition?: Condition;
    readonly MaxIterations?: OrExpression<number>;
    readonly Steps: readonly Step[];
  };
  /** Most of what SendCommand takes. */
  "aws:runCommand": {
    readonly DocumentName: string;
    readonly InstanceIds?: OrExpression<readonly string[]>;
    readonly Targets?: OrExpression<readonly JsonObject[]>;
    readonly Parameters?: OrExpression<JsonObject>;
    readonly TimeoutSeconds?: OrExpression<number>;
    readonly [parameter: string]: Json | undefined;
  };
  "aws:sleep": { readonly Duration?: string; readonly Timestamp?: string };
  "aws:updateVariable": { readonly Name: string; readonly Value: Json };
  "aws:waitForAwsResourceProperty": PropertyInputs;
}

/** A step of one action. */
export type StepOf<A extends Action> = StepProperties & {
  readonly action: A;
  readonly inputs: Inputs[A];
};

export type ModelledStep = { [A in Action]: StepOf<A> }[Action];
export type OtherStep = StepProperties & {
  readonly action: OtherAction;
  readonly inputs: JsonObject;
};

/** One step of a runbook, a union on `action`. */
export type Step = ModelledStep | OtherStep;

export function isModelled(step: Step): step is ModelledStep {
  return (ACTIONS as readonly string[]).includes(step.action);
}
