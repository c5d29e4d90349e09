import type { Cloud } from "../cloud/cloud.js";
import { AwsError, NotRehearsed } from "../kernel/errors.js";
import type { AssumeRoleInput } from "../cloud/services/sts.js";
import type { AccessKeys, KeyOwner } from "./credentials.js";

/** What a session may ask for that is not modelled, and would change what it may do. */
const NOT_REHEARSED = [
  "Policy",
  "PolicyArns",
  "Tags",
  "TransitiveTagKeys",
  "SourceIdentity",
] as const;

interface Input extends AssumeRoleInput {
  readonly DurationSeconds?: number;
}

/** AssumeRole for clients outside: `cloud.call` authorises the caller, and the session gets keys. */
export async function assumeRole(
  cloud: Cloud,
  keys: AccessKeys,
  { principal, isTemporary }: KeyOwner,
  region: string,
  input: Input,
): Promise<object> {
  for (const name of NOT_REHEARSED)
    if (name in input) throw new NotRehearsed(`sts:AssumeRole with ${name}`);
  const { DurationSeconds = 3600 } = input;
  check(input, DurationSeconds, isTemporary);
  const { RoleArn: roleArn, RoleSessionName: sessionName, ...further } = input;
  const session = await cloud.sts
    .assume({ principal, roleArn, sessionName, region, further })
    .catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== "NoSuchEntity") throw error;
      // STS does not reveal which roles exist.
      throw new AwsError(
        "AccessDenied",
        `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      );
    });
  const AssumedRoleUser = {
    AssumedRoleId: cloud.sts.userId(session),
    Arn: session.arn,
  };
  return { Credentials: keys.issue(session, DurationSeconds), AssumedRoleUser };
}

/** Source: STS API reference, AssumeRole; IAM user guide, "Role chaining". @throws AwsError ValidationError */
function check({ RoleArn, RoleSessionName }: Input, seconds: number, isTemporary: boolean): void {
  const refuse = (message: string) => {
    throw new AwsError("ValidationError", message);
  };
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(RoleArn)) refuse(`${RoleArn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
    refuse(
      `1 validation error detected: Value '${RoleSessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    refuse(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`,
    );
  }
  if (isTemporary && seconds > 3600) {
    refuse(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  }
}
