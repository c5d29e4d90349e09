import type { Context, Denial } from "./access.js";
import type { AwsError } from "./errors.js";
import { AccessDenied, NotRehearsed, Throttled } from "./errors.js";
import type { Principal } from "./principal.js";

/** One call at the door. */
export interface CallRequest {
  readonly principal: Principal;
  /** The account that answers; nearly always the principal's own. */
  readonly account: string;
  readonly region: string;
  /** As in the AWS SDK for Python: `ssm`, `ec2`, `sqs`. */
  readonly service: string;
  /** As in the API reference: `SendCommand`. */
  readonly operation: string;
  readonly input: object;
}

export type CallOutcome = "allowed" | "denied" | "throttled" | "refused" | "not rehearsed";

export interface CallRecord {
  readonly time: number;
  readonly principal: string;
  readonly account: string;
  readonly region: string;
  /** e.g. `ssm:SendCommand` */
  readonly call: string;
  readonly outcome: CallOutcome;
  /** How often it was throttled, where more than once; the time is that of the first. @default 1 */
  times?: number;
  /** AWS's message, where the call did not succeed. */
  readonly message?: string;
  readonly denial?: Denial;
}

/** The global condition keys of a call. */
export function globalContext(principal: Principal, region: string, organization: string): Context {
  const common = {
    "aws:RequestedRegion": region,
    "aws:SecureTransport": "true",
  };
  if (principal.kind === "service") {
    return {
      ...common,
      "aws:PrincipalIsAWSService": "true",
      "aws:PrincipalServiceName": principal.service,
      "aws:SourceAccount": principal.sourceAccount,
      ...(principal.sourceArn !== undefined && { "aws:SourceArn": principal.sourceArn }),
      "aws:SourceOrgID": organization,
    };
  }
  return {
    ...common,
    "aws:PrincipalArn": principal.roleArn,
    "aws:PrincipalAccount": principal.account,
    "aws:PrincipalOrgID": organization,
    "aws:PrincipalIsAWSService": "false",
    ...(principal.instanceArn !== undefined && {
      "ec2:SourceInstanceArn": principal.instanceArn,
    }),
  };
}

export function outcomeOf(error: AwsError): CallOutcome {
  if (error instanceof AccessDenied) return "denied";
  if (error instanceof Throttled) return "throttled";
  return error instanceof NotRehearsed ? "not rehearsed" : "refused";
}
