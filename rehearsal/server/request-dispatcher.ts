import type { Cloud } from "../cloud/cloud.js";
import { AwsError, messageOf, NotRehearsed } from "../kernel/errors.js";
import type { AssumeRoleInput } from "../cloud/services/sts.js";
import { assumeRole } from "./assume-role.js";
import type { KeyOwner } from "./credentials.js";
import { AccessKeys } from "./credentials.js";
import type { Asked, Protocol, WireRequest, WireResponse } from "./http.js";
import { checkInput } from "./input-check.js";
import { AwsJson } from "./json.js";
import type { WireService } from "./services.js";
import { wireService } from "./services.js";
import type { SignedScope } from "./signature.js";
import { scopeOf, verify } from "./signature.js";

/** What became of a request, for whoever follows. */
export interface Answered {
  readonly response: WireResponse;
  /** e.g. `ssm:SendCommand`; less, where the request could not be read. */
  readonly call: string;
  readonly account?: string;
  readonly region?: string;
  /** Undefined where all went well. */
  readonly error?: AwsError;
}

/**
 * Answers requests as they are on AWS's wire with calls of the local cloud: SDKs and the AWS CLI work in it as they are. Who
 * calls, where and which service, the signature says.
 */
export class RequestDispatcher {
  constructor(
    private readonly cloud: Cloud,
    private readonly keys = new AccessKeys(cloud),
  ) {}

  async answer(request: WireRequest): Promise<Answered> {
    let protocol: Protocol = new AwsJson("1.1");
    let told: Omit<Answered, "response"> = { call: `${request.method} ${request.path}` };
    try {
      const scope = scopeOf(request);
      const service = await wireService(scope.service);
      protocol = service?.protocol ?? protocol;
      told = { ...told, region: scope.region };
      const owner = this.keys.owner(scope.accessKeyId, scope.sessionToken);
      told = { ...told, account: owner.principal.account };
      await verify(request, scope, owner.secretAccessKey);
      if (service === undefined) throw new NotRehearsed(`${scope.service} over the wire`);
      const asked = protocol.read(request);
      told = { ...told, call: `${service.name}:${asked.operation}` };
      const output = await this.call(service, scope, owner, asked);
      return { ...told, response: protocol.answer(asked, output, request) };
    } catch (error) {
      const known = error instanceof AwsError ? error : bug(error);
      return { ...told, error: known, response: protocol.refuse(this.told(known), request) };
    }
  }

  private async call(
    { name: service }: WireService,
    { region }: SignedScope,
    owner: KeyOwner,
    { operation, input, shape }: Asked,
  ): Promise<object> {
    const { cloud } = this;
    if (cloud.operationsOf(service)?.[operation] !== undefined && shape !== undefined)
      checkInput(shape, input);
    if (service === "sts" && operation === "AssumeRole") {
      return assumeRole(cloud, this.keys, owner, region, input as AssumeRoleInput);
    }
    const { principal } = owner;
    const { account } = principal;
    const output = await cloud.call({ principal, account, region, service, operation, input });
    return output ?? {};
  }

  /** AWS's code for what it does not know is the nearest to what is not modelled here; the message says which it is. */
  private told(error: AwsError): AwsError {
    if (!(error instanceof NotRehearsed)) return error;
    if (!this.cloud.notRehearsed.has(error.subject)) this.cloud.reportNotRehearsed(error.subject);
    return new AwsError("UnknownOperationException", error.message);
  }
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
