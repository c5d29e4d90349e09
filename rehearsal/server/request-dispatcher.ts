import type { Cloud } from "../cloud/cloud.js";
import { AwsError, messageOf, NotRehearsed } from "../kernel/errors.js";
import type { AssumeRoleInput } from "../cloud/services/sts.js";
import { assumeRole } from "./assume-role.js";
import type { KeyOwner } from "./credentials.js";
import { AccessKeys } from "./credentials.js";
import { checkSize } from "./body-size.js";
import type { Asked, Protocol, RequestHead, WireRequest, WireResponse } from "./http.js";
import { checkInput } from "./input-check.js";
import { AwsJson } from "./json.js";
import type { WireService } from "./services.js";
import { wireService } from "./services.js";
import type { SignedScope } from "./signature.js";
import { claimedService, isSignedWithoutBody, scopeOf, verify, verifyHash } from "./signature.js";

/** What is reported of a request. */
interface RequestRecord {
  /** e.g. `ssm:SendCommand`; less, where the request could not be read. */
  readonly call: string;
  readonly account?: string;
  readonly region?: string;
}

/** The outcome of a request. */
export interface Answered extends RequestRecord {
  readonly response: WireResponse;
  /** Undefined where all went well. */
  readonly error?: AwsError;
}

/** A request whose sender is known, before its body has come. */
export interface Admitted {
  readonly head: RequestHead;
  readonly scope: SignedScope;
  readonly owner: KeyOwner;
  /** Undefined for a service that is not served. */
  readonly service: WireService | undefined;
  readonly protocol: Protocol;
  readonly record: RequestRecord;
}

/**
 * Answers requests as they are on AWS's wire with calls of the local cloud: SDKs and the AWS CLI work in it as they
 * are. The signature says who calls which service in which account and Region.
 */
export class RequestDispatcher {
  constructor(
    private readonly cloud: Cloud,
    readonly keys = new AccessKeys(cloud),
  ) {}

  async answer(request: WireRequest): Promise<Answered> {
    const admitted = await this.admit(request);
    return "response" in admitted ? admitted : this.carryOut(admitted, request.body);
  }

  /**
   * Checks all that can be checked without the body, so that no body is read in vain: the way by which the request came
   * (`check`), the key, the length that it declares, and the signature, where that is without the body.
   */
  async admit(
    head: RequestHead,
    check: (head: RequestHead) => void = () => undefined,
  ): Promise<Admitted | Answered> {
    let record: RequestRecord = { call: `${head.method} ${head.path}` };
    const service = await wireService(claimedService(head) ?? "");
    const protocol = service?.protocol ?? (await unknownProtocol(head));
    try {
      check(head);
      const scope = scopeOf(head);
      record = { ...record, region: scope.region };
      const owner = this.keys.owner(scope.accessKeyId, scope.sessionToken);
      record = { ...record, account: owner.principal.account };
      checkSize(scope.service, Number(head.headers.get("content-length") ?? 0));
      if (isSignedWithoutBody(head))
        await verify(head, new Uint8Array(), scope, owner.secretAccessKey);
      return { head, scope, owner, service, protocol, record };
    } catch (error) {
      return this.refusal({ head, protocol, record }, error);
    }
  }

  /** Answers an admitted request, with its body. */
  async carryOut(admitted: Admitted, body: Uint8Array): Promise<Answered> {
    const { head, scope, owner, service, protocol } = admitted;
    let { record } = admitted;
    try {
      if (isSignedWithoutBody(head)) verifyHash(head, body, scope.service);
      else await verify(head, body, scope, owner.secretAccessKey);
      if (service === undefined) throw new NotRehearsed(`${scope.service} over the wire`);
      const request = { ...head, body };
      const called = protocol.read(request);
      record = { ...record, call: `${service.name}:${called.operation}` };
      const output = await this.call(service, scope, owner, called);
      return { ...record, response: protocol.answer(called, output, request) };
    } catch (error) {
      return this.refusal({ head, protocol, record }, error);
    }
  }

  /** The answer to a request that is refused, or that something went wrong with. */
  refusal(
    { head, protocol, record }: Pick<Admitted, "head" | "protocol" | "record">,
    error: unknown,
  ): Answered {
    const awsError = error instanceof AwsError ? error : bug(error);
    return {
      ...record,
      error: awsError,
      response: protocol.refuse(this.inAwsWords(awsError), head),
    };
  }

  /** What is reported of a request that a bug left without an answer. */
  failure(head: RequestHead, error: unknown): Answered {
    const record = { call: `${head.method} ${head.path}` };
    return this.refusal({ head, protocol: new AwsJson("1.1"), record }, error);
  }

  private async call(
    { name: service }: WireService,
    { region }: SignedScope,
    owner: KeyOwner,
    { operation, input, shape }: Asked,
  ): Promise<object> {
    const { cloud } = this;
    const isModelled = cloud.operation(service, operation) !== undefined;
    if (shape !== undefined && isModelled) checkInput(shape, input);
    if (shape === undefined && !isModelled) {
      throw new AwsError("UnknownOperationException", `${service} has no operation ${operation}`);
    }
    if (service === "sts" && operation === "AssumeRole") {
      return assumeRole(cloud, this.keys, owner, region, input as AssumeRoleInput);
    }
    const { principal } = owner;
    const { account } = principal;
    const output = await cloud.call({ principal, account, region, service, operation, input });
    return output ?? {};
  }

  /** AWS's code for what it does not know is the nearest to what is not modelled here; the message says which it is. */
  private inAwsWords(error: AwsError): AwsError {
    if (!(error instanceof NotRehearsed)) return error;
    if (!this.cloud.notRehearsed.has(error.subject)) this.cloud.reportNotRehearsed(error.subject);
    return new AwsError("UnknownOperationException", error.message);
  }
}

/**
 * The protocol for requests to an unknown service: all of AWS's APIs that take other methods than POST answer in XML
 * here.
 */
async function unknownProtocol({ method }: RequestHead): Promise<Protocol> {
  const s3 = method === "POST" ? undefined : await wireService("s3");
  return s3?.protocol ?? new AwsJson("1.1");
}

/** An error that AWS would return, or a bug of the rehearsal: the client gets it, and other requests go on. */
function bug(error: unknown): AwsError {
  const failure = new AwsError("InternalFailure", `the local cloud failed: ${messageOf(error)}`);
  if (error instanceof Error && error.stack !== undefined) failure.stack = error.stack;
  return failure;
}

const dispatchers = new WeakMap<Cloud, RequestDispatcher>();

/** The one dispatcher of a cloud: it knows the keys that it gave, whichever way they come back. */
export function bridgeOf(cloud: Cloud): RequestDispatcher {
  let dispatcher = dispatchers.get(cloud);
  if (dispatcher === undefined) dispatchers.set(cloud, (dispatcher = new RequestDispatcher(cloud)));
  return dispatcher;
}
