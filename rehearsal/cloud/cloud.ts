import { AccessDenied, AwsError, messageOf, NotRehearsed, Throttled } from "../kernel/errors.js";
import type { Access, Context, Denial, Policies } from "../kernel/access.js";
import { Authorization, denialMessage } from "./iam/authorization.js";
import type { CallOutcome, CallRecord, CallRequest } from "../kernel/call.js";
import { globalContext, outcomeOf } from "../kernel/call.js";
import { CallLog } from "../kernel/call-log.js";
import { Clock } from "../kernel/clock.js";
import { own } from "../own.js";
import { Identifiers } from "../kernel/identifiers.js";
import type { Caller, Operation, Operations } from "../kernel/operation.js";
import type { Kernel } from "../kernel/kernel.js";
import type { Organization } from "../kernel/organization.js";
import type { HostConditions } from "../host/conditions.js";
import type { HostRuntime } from "../host/host.js";
import type { Partition } from "../kernel/partition.js";
import type { Principal } from "../kernel/principal.js";
import { Quotas } from "../kernel/quotas.js";
import type { Service } from "../kernel/resource.js";
import type { ScheduledRun } from "../kernel/scheduled-run.js";
import { ArchiveService } from "./services/archive.js";
import { AthenaService } from "./services/athena/athena.js";
import { CloudWatchService } from "./services/cloudwatch/cloudwatch.js";
import { DirectoryService } from "./services/directory-service.js";
import { Ec2Service } from "./services/ec2/ec2.js";
import { EventsService } from "./services/events/events.js";
import { GlueService } from "./services/glue/glue.js";
import { IamService } from "./services/iam/iam.js";
import { IdentityCenterService } from "./services/identity-center.js";
import { KmsService } from "./services/kms.js";
import { LogsService } from "./services/logs/logs.js";
import { OrganizationsService } from "./services/organizations/organizations.js";
import { ResourceGroupsService } from "./services/resource-groups.js";
import { S3Service } from "./services/s3/s3.js";
import { SnsService } from "./services/sns/sns.js";
import { SqsService } from "./services/sqs/sqs.js";
import { SsmService } from "./services/ssm/ssm.js";
import { StepFunctionsService } from "./services/step-functions/step-functions.js";
import { StsService } from "./services/sts.js";
import { operationsOf, servicesOf } from "./wiring.js";
import type { TimelineEntry } from "../kernel/timeline.js";
import { REHEARSAL_STARTS } from "../kernel/timeline.js";

const NO_POLICIES: Policies = [];

export interface CloudOptions {
  readonly partition: Partition;
  readonly organization: Organization;
  readonly hostRuntime?: HostRuntime;
}

/**
 * The local cloud: the accounts of one organisation in memory, on virtual time. `call` is the only door for
 * everything inside it: runbook steps, agents, rules, people. It puts the services together: each takes it as the
 * kernel, with no more of the other services than the type says that it takes.
 */
export class Cloud implements Kernel {
  readonly partition: Partition;
  readonly organization: Organization;
  readonly hostRuntime: HostRuntime | undefined;
  readonly clock = new Clock(REHEARSAL_STARTS);
  readonly ids = new Identifiers();
  readonly timeline: TimelineEntry[] = [];
  /** What scenarios used although it is not modelled, with how often. */
  readonly notRehearsed = new Map<string, number>();
  /** Scripts that were parsed and not run, with how often. */
  readonly parsedOnly = new Map<string, number>();
  /** Scripts that another interpreter than the host's own ran, and which, with how often. */
  readonly executedElsewhere = new Map<string, number>();
  /** The conditions of hosts that a scenario gives, by the value of their `Name` tag. */
  readonly hostConditions = new Map<string, HostConditions>();
  /** Scheduled runs, in the order in which they ended. */
  readonly scheduled: ScheduledRun[] = [];
  /** US dollars that AWS would have charged for automations. */
  price = 0;
  /** The same by the account that pays. */
  readonly charges = new Map<string, number>();

  readonly iam: IamService = new IamService(this);
  readonly sts: StsService = new StsService(this);
  readonly kms: KmsService = new KmsService(this);
  readonly s3: S3Service = new S3Service(this);
  readonly sqs: SqsService = new SqsService(this);
  readonly sns: SnsService = new SnsService(this);
  readonly ec2: Ec2Service = new Ec2Service(this);
  readonly ssm: SsmService = new SsmService(this);
  readonly events: EventsService = new EventsService(this);
  readonly directoryService: DirectoryService = new DirectoryService(this);
  readonly cloudwatch: CloudWatchService = new CloudWatchService(this);
  readonly logs: LogsService = new LogsService(this);
  readonly glue: GlueService = new GlueService(this);
  readonly athena: AthenaService = new AthenaService(this);
  readonly stepFunctions: StepFunctionsService = new StepFunctionsService(this);
  readonly identityCenter: IdentityCenterService = new IdentityCenterService(this);
  readonly organizations: OrganizationsService = new OrganizationsService(this);
  readonly resourceGroups: ResourceGroupsService = new ResourceGroupsService(this);
  readonly archive: ArchiveService = new ArchiveService();

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

  /** Every call at the door, in order; one that was throttled repeatedly appears once. */
  get calls(): readonly CallRecord[] {
    return this.log.records;
  }

  /** The services with the resource types that they take, for the deployer. */
  get services(): readonly Service[] {
    return servicesOf(this);
  }

  async call<Output = unknown>(request: CallRequest): Promise<Output> {
    return this.callAtOnce<Output>(request);
  }

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

  operationsOf(service: string): Operations | undefined {
    return own(this.operations, service);
  }

  /** An operation that is modelled. Names come from outside: `constructor` is none. */
  operation(service: string, name: string): Operation<object> | undefined {
    const operations = this.operationsOf(service);
    return operations && own(operations, name);
  }

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
    const isRemembered = needed.every((access) =>
      authorization.isKnownToAllow(principal, identity, access, context),
    );
    return isRemembered ? undefined : this.decide(principal, identity, needed, context);
  }

  charge(account: string, price: number): void {
    this.price += price;
    this.charges.set(account, (this.charges.get(account) ?? 0) + price);
  }

  report(entry: Omit<TimelineEntry, "time">): void {
    this.timeline.push({ time: this.clock.now, ...entry });
  }

  reportNotRehearsed(subject: string): void {
    this.notRehearsed.set(subject, (this.notRehearsed.get(subject) ?? 0) + 1);
  }

  reportScheduledRun(run: ScheduledRun): void {
    this.scheduled.push(run);
  }

  reportParsedOnly(script: string): void {
    this.parsedOnly.set(script, (this.parsedOnly.get(script) ?? 0) + 1);
  }

  reportExecutedElsewhere(script: string): void {
    this.executedElsewhere.set(script, (this.executedElsewhere.get(script) ?? 0) + 1);
  }

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
    const found = this.operation(service, name);
    if (found === undefined) throw new NotRehearsed(`${service}:${name}`);
    const caller: Caller = { kernel: this, principal, account, region };
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
