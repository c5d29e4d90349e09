import { AwsError } from "../../../../kernel/errors.js";
import type { Schedule } from "../../events/schedule.js";
import type { OutputLocation, Target } from "../run-command/command.js";

/** The Pulumi resource's inputs. */
export interface AssociationInputs {
  /** Name or ARN of the document. */
  readonly name: string;
  readonly associationName?: string;
  readonly documentVersion?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly targets?: readonly { readonly key: string; readonly values: readonly string[] }[];
  readonly scheduleExpression?: string;
  /** Whether it waits for its schedule instead of also running when it is created. */
  readonly applyOnlyAtCronInterval?: boolean;
  readonly maxConcurrency?: string;
  readonly maxErrors?: string;
  readonly complianceSeverity?: string;
  readonly outputLocation?: {
    readonly s3BucketName: string;
    readonly s3KeyPrefix?: string;
    readonly s3Region?: string;
  };
}

export interface Association {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  inputs: AssociationInputs;
  schedule: Schedule | undefined;
  /** The last result on each instance; `Pending` while its agent is offline. */
  readonly statuses: Map<string, string>;
}

export const targetsOf = ({ targets = [] }: AssociationInputs): readonly Target[] =>
  targets.map(({ key, values }) => ({ Key: key, Values: values }));

export const outputOf = ({ outputLocation }: AssociationInputs): OutputLocation | undefined =>
  outputLocation && {
    bucket: outputLocation.s3BucketName,
    prefix: outputLocation.s3KeyPrefix ?? "",
  };

const HALF_HOUR = 30;

/** Source: API reference, CreateAssociation; user guide, "Cron and rate expressions for associations". @throws AwsError */
export function checkAssociation(inputs: AssociationInputs): void {
  const { associationName, scheduleExpression = "", targets = [] } = inputs;
  const { maxConcurrency, maxErrors, complianceSeverity } = inputs;
  const refused = (text: string) => new AwsError("ValidationException", text);
  if (associationName !== undefined && !/^[a-zA-Z0-9_\-.]{3,128}$/.test(associationName))
    throw refused(`Value '${associationName}' at 'associationName' failed to satisfy constraint`);
  if (targets.length > 5) throw refused(`Value at 'targets': at most 5, got ${targets.length}`);
  const [, value = "", unit = ""] =
    /^rate\((\d+) (minute|hour|day)s?\)$/.exec(scheduleExpression) ?? [];
  if (unit === "minute" && Number(value) < HALF_HOUR)
    throw refused(`A rate of an association is 30 minutes at least: ${scheduleExpression}`);
  const fields = /^cron\((.+)\)$/.exec(scheduleExpression)?.[1]?.split(/\s+/);
  if (fields !== undefined && fields[3] !== "*")
    throw refused(`State Manager does not take months in cron: ${scheduleExpression}`);
  if (maxConcurrency !== undefined && !/^([1-9][0-9]*|[1-9][0-9]?%|100%)$/.test(maxConcurrency))
    throw refused(`Value '${maxConcurrency}' at 'maxConcurrency' is not a number or a percentage`);
  if (maxErrors !== undefined && !/^([0-9]+|[0-9]{1,2}%|100%)$/.test(maxErrors))
    throw refused(`Value '${maxErrors}' at 'maxErrors' is not a number or a percentage`);
  const severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "UNSPECIFIED"];
  if (complianceSeverity !== undefined && !severities.includes(complianceSeverity))
    throw refused(`Value '${complianceSeverity}' at 'complianceSeverity' is not one of its values`);
}
