import { AwsError } from "../../../../kernel/errors.js";
import type { Target } from "./command.js";

/** The input of SendCommand; what else it may hold is reported as not rehearsed. */
export interface SendInput {
  readonly DocumentName: string;
  readonly DocumentVersion?: string;
  /** SHA-256 of the content that is meant. */
  readonly DocumentHash?: string;
  readonly DocumentHashType?: string;
  readonly InstanceIds?: readonly string[];
  readonly Targets?: readonly Target[];
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
  readonly TimeoutSeconds?: number;
  readonly Comment?: string;
  readonly MaxConcurrency?: string;
  readonly MaxErrors?: string;
  readonly OutputS3BucketName?: string;
  readonly OutputS3KeyPrefix?: string;
}

const MODELLED = new Set(
  "DocumentName DocumentVersion DocumentHash DocumentHashType InstanceIds Targets Parameters TimeoutSeconds Comment MaxConcurrency MaxErrors OutputS3BucketName OutputS3KeyPrefix OutputS3Region".split(
    " ",
  ),
);

/** The inputs that the local cloud does not look at. */
export function notRehearsedInputs(input: SendInput): readonly string[] {
  return Object.keys(input).filter((key) => !MODELLED.has(key));
}

/** Source: API reference, SendCommand and Target. @throws AwsError */
export function checkInput(input: SendInput): void {
  const {
    InstanceIds = [],
    Targets = [],
    TimeoutSeconds,
    MaxConcurrency = "50",
    MaxErrors = "0",
  } = input;
  const refuse = (text: string) => new AwsError("ValidationException", text);
  if (InstanceIds.length > 50)
    throw refuse(
      `Value at 'instanceIds' failed to satisfy constraint: Member must have length less than or equal to 50, got ${InstanceIds.length}`,
    );
  if (Targets.length > 5)
    throw refuse(
      `Value at 'targets' failed to satisfy constraint: Member must have length less than or equal to 5, got ${Targets.length}`,
    );
  for (const { Key, Values } of Targets) {
    if (Values.length > 50)
      throw refuse(
        `Value at 'targets' failed to satisfy constraint: Member must have length less than or equal to 50, got ${Values.length} values of ${Key}`,
      );
  }
  if (new Set(InstanceIds).size < InstanceIds.length)
    throw new AwsError("DuplicateInstanceId", "You can't specify an instance ID more than once");
  // Source: user guide, "Run commands at scale": one group a command.
  const groups = Targets.filter(({ Key }) => Key === "resource-groups:Name");
  if (groups.flatMap(({ Values }) => Values).length > 1)
    throw new AwsError("InvalidParameters", "Only one resource group can be specified at a time");
  if (InstanceIds.length > 0 === Targets.length > 0)
    throw new AwsError("InvalidParameters", "Specify either InstanceIds or Targets");
  if (TimeoutSeconds !== undefined && (TimeoutSeconds < 30 || TimeoutSeconds > 2_592_000)) {
    throw refuse(
      `Value '${TimeoutSeconds}' at 'timeoutSeconds' failed to satisfy constraint: 30 to 2592000`,
    );
  }
  if (!/^([1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%)$/.test(MaxConcurrency))
    throw refuse(`Value '${MaxConcurrency}' at 'maxConcurrency' is not a number or a percentage`);
  if (!/^([1-9][0-9]*|0|[1-9][0-9]%|[0-9]%|100%)$/.test(MaxErrors))
    throw refuse(`Value '${MaxErrors}' at 'maxErrors' is not a number or a percentage`);
  for (const [name, values] of Object.entries(input.Parameters ?? {})) {
    if (!Array.isArray(values))
      throw refuse(`Value at 'parameters.${name}' must be a list of texts`);
  }
}
