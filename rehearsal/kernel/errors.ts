import type { Denial } from "./access.js";

/** A refusal by the local cloud, with AWS's error code and wording. */
export class AwsError extends Error {
  override readonly name: string = "AwsError";

  constructor(
    /** AWS's error code, e.g. `InvalidInstanceId`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The principal may not do this; says which statement is missing or denies. */
export class AccessDenied extends AwsError {
  override readonly name = "AccessDenied";

  constructor(
    message: string,
    readonly denial: Denial,
  ) {
    super("AccessDeniedException", message);
  }
}

/** More calls than the account's quota for this operation allows in a second. */
export class Throttled extends AwsError {
  override readonly name = "Throttled";

  constructor(service: string) {
    // EC2 has its own message: developer guide, "Request throttling for the Amazon EC2 API".
    if (service === "ec2") super("RequestLimitExceeded", "Request limit exceeded.");
    else super("ThrottlingException", "Rate exceeded");
  }
}

/** Something that the local cloud does not model: reported as such, never passed. */
export class NotRehearsed extends AwsError {
  override readonly name = "NotRehearsed";

  constructor(
    /** What is not modelled, e.g. `ssm:CreateOpsItem` or `aws:lambda/function:Function`. */
    readonly subject: string,
    reason = "the local cloud does not model it",
  ) {
    super("NotRehearsed", `not rehearsed: ${subject}: ${reason}`);
  }
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
