import type { Arn } from "../../../kernel/arn.js";
import { AwsError } from "../../../kernel/errors.js";
import type { Target } from "./delivery.js";
import type { InputTransformer } from "./input-transformer.js";
import { checkTransformer } from "./input-transformer.js";
import type { EventPattern } from "./pattern.js";
import type { Schedule } from "./schedule.js";

export interface Rule {
  readonly name: string;
  readonly arn: Arn;
  readonly account: string;
  readonly region: string;
  pattern: EventPattern | undefined;
  schedule: Schedule | undefined;
  /** The text of the schedule. */
  expression: string | undefined;
  enabled: boolean;
  readonly targets: Map<string, Target>;
}

export interface RuleInputs {
  readonly name: string;
  readonly eventPattern?: string;
  readonly scheduleExpression?: string;
  readonly state?: "ENABLED" | "DISABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
}

export interface TargetInputs {
  readonly rule: string;
  readonly arn: string;
  readonly targetId?: string;
  readonly roleArn?: string;
  readonly input?: string;
  readonly inputTransformer?: InputTransformer;
  readonly deadLetterConfig?: { readonly arn?: string };
  readonly retryPolicy?: {
    readonly maximumRetryAttempts?: number;
    readonly maximumEventAgeInSeconds?: number;
  };
}

/** A target as PutTargets takes it. @throws AwsError ValidationException */
export function targetOf(inputs: TargetInputs): Target {
  // A document's own ARN is taken for Run Command: https://github.com/hashicorp/terraform-provider-aws/issues/17223
  if (/:ssm:[^:]*:\d*:document\//.test(inputs.arn)) {
    throw new AwsError(
      "ValidationException",
      `RunCommandParameters is required for target ${inputs.arn}: an Automation runbook is a target by its automation-definition ARN`,
    );
  }
  if (inputs.arn.includes(":automation-definition/") && inputs.roleArn === undefined) {
    throw new AwsError("ValidationException", `RoleArn is required for target ${inputs.arn}.`);
  }
  if (inputs.input !== undefined && inputs.inputTransformer !== undefined) {
    throw new AwsError(
      "ValidationException",
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${inputs.arn}.`,
    );
  }
  if (inputs.inputTransformer !== undefined) checkTransformer(inputs.inputTransformer);
  const { maximumRetryAttempts = 185, maximumEventAgeInSeconds = 86_400 } =
    inputs.retryPolicy ?? {};
  const { roleArn, input, inputTransformer, deadLetterConfig } = inputs;
  return {
    arn: inputs.arn,
    maximumRetryAttempts,
    maximumEventAge: maximumEventAgeInSeconds,
    ...(roleArn !== undefined && { roleArn }),
    ...(input !== undefined && { input }),
    ...(inputTransformer !== undefined && { inputTransformer }),
    ...(deadLetterConfig?.arn !== undefined && { deadLetterArn: deadLetterConfig.arn }),
  };
}
