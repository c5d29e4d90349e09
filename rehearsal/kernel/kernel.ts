import type { Access } from "./access.js";
import type { CallRequest } from "./call.js";
import type { Clock } from "./clock.js";
import type { Identifiers } from "./identifiers.js";
import type { Operations } from "./operation.js";
import type { Organization } from "./organization.js";
import type { Partition } from "./partition.js";
import type { Principal } from "./principal.js";
import type { ScheduledRun } from "./scheduled-run.js";
import type { TimelineEntry } from "./timeline.js";

/** What every service uses of the cloud, whichever other services exist. */
export interface Kernel {
  readonly partition: Partition;
  readonly organization: Organization;
  readonly clock: Clock;
  readonly ids: Identifiers;

  /** `arn:<partition>:<service>:<region>:<account>:<resource>` */
  arn(service: string, region: string, account: string, resource: string): string;

  /**
   * Calls an API operation: checks the quota, authorises, carries out, records.
   * @throws AwsError with AWS's code; NotRehearsed for what is not modelled.
   */
  call<Output = unknown>(request: CallRequest): Promise<Output>;

  /** As `call`, but no promise where the answer needs nothing that takes time: most calls of a launch storm. */
  callAtOnce<Output = unknown>(request: CallRequest): Output | Promise<Output>;

  /** The operations of a service, for those who name them in other spellings. */
  operationsOf(service: string): Operations | undefined;

  /**
   * Undefined: every permission is given, as is known from calls like this one.
   * @throws AccessDenied where one of the permissions is not given.
   */
  authorise(
    principal: Principal,
    region: string,
    needed: readonly Access[],
  ): undefined | Promise<void>;

  /** Charges an account what AWS bills, in US dollars. */
  charge(account: string, price: number): void;

  /** Notes something for the report. */
  report(entry: Omit<TimelineEntry, "time">): void;

  /** Notes that something was used which is not modelled; the report lists it. */
  reportNotRehearsed(subject: string): void;

  /** What was noted as not modelled, with how often. */
  readonly notRehearsed: ReadonlyMap<string, number>;

  /** Notes that a scheduled run has ended. */
  reportScheduledRun(run: ScheduledRun): void;

  /** Notes that a script was parsed and not run, as there is no interpreter for it here. */
  reportParsedOnly(script: string): void;

  /** Notes that another interpreter than the host's own ran a script. */
  reportExecutedElsewhere(script: string): void;
}
