import type { Arn } from "./arn.js";

/** An assumed role: it makes nearly every call. */
export interface RoleSession {
  readonly kind: "session";
  readonly account: string;
  readonly roleArn: Arn;
  readonly roleName: string;
  /** `arn:aws:sts::111111111111:assumed-role/name/session`, as AWS writes it in messages. */
  readonly arn: Arn;
  readonly sessionName: string;
  /** The instance whose profile gave the session, as in the `ec2:SourceInstanceArn` condition key. */
  readonly instanceArn?: Arn;
}

/** An AWS service that acts for one resource: confused-deputy conditions check it. */
export interface ServicePrincipal {
  readonly kind: "service";
  /** e.g. `events.amazonaws.com` */
  readonly service: string;
  readonly sourceAccount: string;
  /** The resource it acts for; EC2 gives none when it assumes an instance profile's role. */
  readonly sourceArn?: Arn;
}

export type Principal = RoleSession | ServicePrincipal;

/** The principal's name in policies and messages. */
export function principalName(principal: Principal): string {
  return principal.kind === "session" ? principal.arn : principal.service;
}
