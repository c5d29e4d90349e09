import { AccessDenied, AwsError, messageOf, NotRehearsed, Throttled } from "../kernel/errors.js";
import type { Access, Context, Denial, Policies } from "./iam/authorization.js";
import { Authorization, denialMessage } from "./iam/authorization.js";
import type { CallOutcome, CallRecord, CallRequest } from "../kernel/call.js";
import { globalContext, outcomeOf } from "../kernel/call.js";
import { CallLog } from "../kernel/call-log.js";
import { Clock } from "../kernel/clock.js";

import { Identifiers } from "../kernel/identifiers.js";
import type { Caller, Operation, Operations } from "../kernel/operation.js";
import type { Organization } from "../kernel/organization.js";
import type { HostConditions } from "../host/conditions.js";
import type { HostRuntime } from "../host/host.js";
import type { Partition } from "../kernel/partition.js";
import type { Principal } from "./iam/principal.js";
import { Quotas } from "../kernel/quotas.js";
import type { Service } from "../kernel/resource.js";
import { ArchiveService } from "./services/archive.js";
import { AthenaService } from "./services/athena.js";
import { CloudWatchService } from "./services/cloudwatch.js";
import { DirectoryService } from "./services/directory-service.js";
import { Ec2Service } from "./services/ec2.js";
import { EventsService } from "./services/events.js";
import { GlueService } from "./services/glue.js";
import { IamService } from "./services/iam.js";
import { IdentityCenterService } from "./services/identity-center.js";
import { KmsService } from "./services/kms.js";
import { LogsService } from "./services/logs.js";
import { OrganizationsService } from "./services/organizations.js";
import { ResourceGroupsService } from "./services/resource-groups.js";
import { S3Service } from "./services/s3.js";
import { SnsService } from "./services/sns.js";
import { SqsService } from "./services/sqs.js";
import { SsmService } from "./services/ssm.js";
import { StepFunctionsService } from "./services/step-functions.js";
import { StsService } from "./services/sts.js";
import { operationsOf, servicesOf } from "./wiring.js";
import type { TimelineEntry } from "../kernel/timeline.js";
import { REHEARSAL_STARTS } from "../kernel/timeline.js";

export type { CallOutcome, CallRecord, CallRequest } from "../kernel/call.js";

const NO_POLICIES: Policies = [];

export interface CloudOptions {
  readonly partition: Partition;
  readonly organization: Organization;
  readonly hostRuntime?: HostRuntime;
}

/**
 * The local cloud: the accounts of one organisation in memory, on virtual time. `call` is the only door for
 * whoever lives in it: runbook steps, agents, rules, people.
 */
export class Cloud {
  readonly partition: Partition;
  readonly organization: Organization;
  readonly hostRuntime: HostRuntime | undefined;
  readonly clock = new Clock(REHEARSAL_STARTS);
  readonly ids = new Identifiers();
  readonly timeline: TimelineEntry[] = [];
  /** What was met and is not modelled, with how often. */
  readonly notRehearsed = new Map<string, number>();
  /** Scripts that were read and not run, with how often. */
  readonly parsedOnly = new Map<string, number>();
  /** Scripts that another interpreter than the host's own ran, and which, with how often. */
  readonly executedElsewhere = new Map<string, number>();
  /** What a scenario gives for hosts, by the value of their `Name` tag. */
  readonly hostConditions = new Map<string, HostConditions>();
  /** US dollars that AWS would have charged for automations. */
  price = 0;
  /** The same by the account that pays. */
  readonly charges = new Map<string, number>();

  readonly iam = new IamService(this);
  readonly sts = new StsService(this);
  readonly kms = new KmsService(this);
  readonly s3 = new S3Service(this);
  readonly sqs = new SqsService(this);
  readonly sns = new SnsService(this);
  readonly ec2 = new Ec2Service(this);
  readonly ssm = new SsmService(this);
  readonly events = new EventsService(this);
  readonly directoryService = new DirectoryService(this);
  readonly cloudwatch = new CloudWatchService(this);
  readonly logs = new LogsService(this);
  readonly glue = new GlueService(this);
  readonly athena = new AthenaService(this);
  readonly stepFunctions = new StepFunctionsService(this);
  readonly identityCenter = new IdentityCenterService(this);
  readonly organizations = new OrganizationsService(this);
  readonly resourceGroups = new ResourceGroupsService(this);
  readonly archive = new ArchiveService();

  private readonly log = new CallLog();
  readonly quotas = new Quotas();
  private readonly authorization = new Authorization((account) =>
    this.organization.accounts.some(({ id }) => id === account) ? this.organization.id : undefined,
  );
  private readonly operations: Readonly<Record<string, Operations>>;

  constructor(options: CloudOptions) {
    this.partition = options.partition;
    this.organization = options.organization;
    this.hostRuntime = options.hostRuntime;
    this.operations = operationsOf(this);
  }

  /** Every call at the door, in order; one that was throttled again and again is there once. */
  get calls(): readonly CallRecord[] {
    return this.log.records;
  }

  /** The services with the resource types that they take, for whoever deploys. */
  get services(): readonly Service[] {
    return servicesOf(this);
  }

  /**
   * Calls an API operation: checks the quota, authorises, carries out, records.
   * @throws AwsError with AWS's code; NotRehearsed for what is not modelled.
   */
  async call<Output = unknown>(request: CallRequest): Promise<Output> {
    return this.callAtOnce<Output>(request);
  }

  /** As `call`, but no promise where the answer needs nothing that takes time: most calls of a launch storm. */
  callAtOnce<Output = unknown>(request: CallRequest): Output | Promise<Output> {
    const done = (output: unknown) => {
      this.record(request, "allowed");
      return output as Output;
    };
    try {
      const output = this.answer(request);
      if (!(output instanceof Promise)) return done(output);
      return output.then(done, (error: unknown) => this.refuse(request, error));
    } catch (error) {
      return this.refuse(request, error);
    }
  }

  /** The operations of a service, for those who name them in other spellings. */
  operationsOf(service: string): Operations | undefined {
    return this.operations[service];
  }

  /**
   * Undefined: every permission is given, as is known from calls like this one.
   * @throws AccessDenied where one of the permissions is not given.
   */
  authorise(
    principal: Principal,
    region: string,
    needed: readonly Access[],
  ): undefined | Promise<void> {
    const identity =
      principal.kind === "session"
        ? this.iam.policiesOf(principal.account, principal.roleName)
        : NO_POLICIES;
    const context = globalContext(principal, region, this.organization.id);
    const { authorization } = this;
    const known = needed.every((access) =>
      authorization.isKnownToAllow(principal, identity, access, context),
    );
    return known ? undefined : this.decide(principal, identity, needed, context);
  }

  /** Notes something for the report. */
  report(entry: Omit<TimelineEntry, "time">): void {
    this.timeline.push({ time: this.clock.now, ...entry });
  }

  /** Notes that something was met which is not modelled; the report lists it. */
  reportNotRehearsed(subject: string): void {
    this.notRehearsed.set(subject, (this.notRehearsed.get(subject) ?? 0) + 1);
  }

  /** Notes that a script was read and not run: there is no interpreter for it here. */
  reportParsedOnly(script: string): void {
    this.parsedOnly.set(script, (this.parsedOnly.get(script) ?? 0) + 1);
  }

  /** Notes that another interpreter than the host's own ran a script. */
  reportExecutedElsewhere(script: string): void {
    this.executedElsewhere.set(script, (this.executedElsewhere.get(script) ?? 0) + 1);
  }

  /** `arn:<partition>:<service>:<region>:<account>:<resource>` */
  arn(service: string, region: string, account: string, resource: string): string {
    return `arn:${this.partition.id}:${service}:${region}:${account}:${resource}`;
  }

  private async decide(
    principal: Principal,
    identity: Policies,
    needed: readonly Access[],
    context: Context,
  ): Promise<void> {
    for (const access of needed) {
      const denial = await this.authorization.decide(principal, identity, access, context);
      if (denial !== undefined) throw new AccessDenied(denialMessage(denial), denial);
    }
  }

  private answer(request: CallRequest): unknown {
    const { service, operation: name, principal, account, region } = request;
    const found: Operation<object> | undefined = this.operations[service]?.[name];
    if (found === undefined) throw new NotRehearsed(`${service}:${name}`);
    const caller: Caller = { cloud: this, principal, account, region };
    const { quotas } = this;
    if (!quotas.take(account, region, `${service}:${name}`, this.clock.now, request.input)) {
      throw new Throttled(service);
    }
    const needed = found.access(request.input, caller);
    const authorised =
      needed instanceof Promise
        ? needed.then((accesses) => this.authorise(principal, region, accesses))
        : this.authorise(principal, region, needed);
    if (authorised === undefined) return found.run(request.input, caller);
    return authorised.then(() => found.run(request.input, caller));
  }

  private refuse(request: CallRequest, error: unknown): never {
    if (!(error instanceof AwsError)) throw error;
    const denial = error instanceof AccessDenied ? error.denial : undefined;
    this.record(request, outcomeOf(error), messageOf(error), denial);
    if (error instanceof NotRehearsed) this.reportNotRehearsed(error.subject);
    throw error;
  }

  private record(
    request: CallRequest,
    outcome: CallOutcome,
    message?: string,
    denial?: Denial,
  ): void {
    this.log.add(request, this.clock.now, { outcome, message, denial });
  }
}
