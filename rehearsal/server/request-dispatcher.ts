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

/** What is told of a request to whoever follows. */
interface Told {
  /** e.g. `ssm:SendCommand`; less, where the request could not be read. */
  readonly call: string;
  readonly account?: string;
  readonly region?: string;
}

/** What became of a request. */
export interface Answered extends Told {
  readonly response: WireResponse;
  /** Undefined where all went well. */
  readonly error?: AwsError;
}

/** A request whose sender is known, before its body has come. */
export interface Admitted {
  readonly head: RequestHead;
  readonly scope: SignedScope;
  readonly owner: KeyOwner;
  /** Undefined for a service that is not spoken to. */
  readonly service: WireService | undefined;
  readonly protocol: Protocol;
  readonly told: Told;
}

/**
 * Answers requests as they are on AWS's wire with calls of the local cloud: SDKs and the AWS CLI work in it as they are. Who
 * calls, where and which service, the signature says.
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
   * Checks all that can be checked without the body, so that nobody's is read in vain: the way by which the request came
   * (`check`), the key, the length that it declares, and the signature, where that is without the body.
   */
  async admit(
    head: RequestHead,
    check: (head: RequestHead) => void = () => undefined,
  ): Promise<Admitted | Answered> {
    let told: Told = { call: `${head.method} ${head.path}` };
    const service = await wireService(claimedService(head) ?? "");
    const protocol = service?.protocol ?? (await unknownProtocol(head));
    try {
      check(head);
      const scope = scopeOf(head);
      told = { ...told, region: scope.region };
      const owner = this.keys.owner(scope.accessKeyId, scope.sessionToken);
      told = { ...told, account: owner.principal.account };
      checkSize(scope.service, Number(head.headers.get("content-length") ?? 0));
      if (isSignedWithoutBody(head))
        await verify(head, new Uint8Array(), scope, owner.secretAccessKey);
      return { head, scope, owner, service, protocol, told };
    } catch (error) {
      return this.refusal({ head, protocol, told }, error);
    }
  }

  /** Answers an admitted request, with its body. */
  async carryOut(admitted: Admitted, body: Uint8Array): Promise<Answered> {
    const { head, scope, owner, service, protocol } = admitted;
    let { told } = admitted;
    try {
      if (isSignedWithoutBody(head)) verifyHash(head, body, scope.service);
      else await verify(head, body, scope, owner.secretAccessKey);
      if (service === undefined) throw new NotRehearsed(`${scope.service} over the wire`);
      const request = { ...head, body };
      const asked = protocol.read(request);
      told = { ...told, call: `${service.name}:${asked.operation}` };
      const output = await this.call(service, scope, owner, asked);
      return { ...told, response: protocol.answer(asked, output, request) };
    } catch (error) {
      return this.refusal({ head, protocol, told }, error);
    }
  }

  /** The answer to a request that is refused, or that something went wrong with. */
  refusal(
    { head, protocol, told }: Pick<Admitted, "head" | "protocol" | "told">,
    error: unknown,
  ): Answered {
    const known = error instanceof AwsError ? error : bug(error);
    return { ...told, error: known, response: protocol.refuse(this.inAwsWords(known), head) };
  }

  /** What is told of a request that a bug kept from an answer. */
  failure(head: RequestHead, error: unknown): Answered {
    const told = { call: `${head.method} ${head.path}` };
    return this.refusal({ head, protocol: new AwsJson("1.1"), told }, error);
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

/** How who asks for no service that is known is spoken to: all of AWS's APIs that take other methods than POST speak XML here. */
async function unknownProtocol({ method }: RequestHead): Promise<Protocol> {
  const s3 = method === "POST" ? undefined : await wireService("s3");
  return s3?.protocol ?? new AwsJson("1.1");
}

/** Something that AWS would refuse, or a mistake of ours: whoever asked is told, and the others go on. */
function bug(error: unknown): AwsError {
  const failure = new AwsError("InternalFailure", `the local cloud failed: ${messageOf(error)}`);
  if (error instanceof Error && error.stack !== undefined) failure.stack = error.stack;
  return failure;
}

const dispatchers = new WeakMap<Cloud, RequestDispatcher>();

/** The one bridge of a cloud: keys that it gave are known whichever way they come back. */
export function bridgeOf(cloud: Cloud): RequestDispatcher {
  let dispatcher = dispatchers.get(cloud);
  if (dispatcher === undefined) dispatchers.set(cloud, (dispatcher = new RequestDispatcher(cloud)));
  return dispatcher;
}
