import type { Access, Context, PolicyDocument } from "./access.js";
import type { Arn } from "./arn.js";
import type { Instance } from "./instance.js";
import type { Principal, RoleSession } from "./principal.js";
import type { Regional } from "./regional.js";

// What several services need of another one. A service that needs it says so in the type of the cloud that it takes;
// what only one service needs is declared with that service.

/** An event as a service raises it. */
export interface Emitted {
  readonly account: string;
  readonly region: string;
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** EventBridge, for services that raise events. */
export interface EventBus {
  /** Puts an event on the account's bus; its targets are called after a while. Gives the event's id. */
  emit(emitted: Emitted): string;
}

/** KMS, for services that encrypt. */
export interface Keys {
  /** The key that an id, an ARN or an alias names. @throws AwsError NotFoundException */
  key(account: string, region: string, name: string): { readonly arn: Arn; enabled: boolean };
  /** The same, which must be enabled to be used. @throws AwsError NotFoundException, DisabledException */
  usableKey(account: string, region: string, name: string): { readonly arn: Arn };
  /**
   * The permissions that using a key takes.
   * @throws AwsError NotFoundException, DisabledException
   */
  access(
    keyName: string,
    place: { readonly account: string; readonly region: string },
    actions: readonly string[],
    context?: Context,
  ): Access[];
}

/** STS, for services that act as a role. */
export interface RoleSessions {
  /**
   * Assumes a role through the door, by its trust policy.
   * @throws AwsError NoSuchEntity, AccessDenied
   */
  assume(request: {
    readonly principal: Principal;
    readonly roleArn: Arn;
    readonly sessionName: string;
    readonly region: string;
    readonly instanceArn?: Arn;
  }): Promise<RoleSession>;
}

/** IAM, for services that take a role. */
export interface Roles {
  /** The role that an ARN names, in whichever account. @throws AwsError NoSuchEntity */
  roleByArn(arn: Arn): NamedRole;
}

export interface NamedRole {
  readonly name: string;
  readonly arn: Arn;
  readonly account: string;
  readonly trust: PolicyDocument;
}

/** SQS, for services that send to queues. */
export interface Queues {
  /** The queue that an ARN names, if there is one. */
  byArn(arn: Arn): { readonly name: string; readonly url: string } | undefined;
}

/** EC2, for services that look at instances. */
export interface Instances {
  readonly instances: Regional<Instance>;
}
