import { type Cloud } from "../cloud/cloud.js";
import { AwsError, NotRehearsed } from "../cloud/errors.js";
import { principalOf } from "./credentials.js";
import { type WireCall, type WireRequest, type WireResponse } from "./http.js";
import { readCall, refusal } from "./wire.js";

/**
 * Answers requests as they are on AWS's wire with calls of the local cloud: SDKs and the AWS CLI work in it as they are. Who
 * calls, where and which service, the signature says; the signature itself is not checked.
 */
export async function answer(cloud: Cloud, request: WireRequest): Promise<WireResponse> {
  let call: WireCall | undefined;
  try {
    const { accessKeyId, region, service } = scopeOf(request);
    const principal = principalOf(cloud, accessKeyId);
    if (principal?.kind !== "session") throw new AwsError("UnrecognizedClientException", INVALID);
    call = readCall(service, request);
    const { account } = principal;
    const { operation, input } = call;
    const output = await cloud.call({ principal, account, region, service, operation, input });
    return call.protocol.answer(call, output);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (call !== undefined) return call.protocol.refuse(error);
    // What got as far as a call, is noted at the door.
    if (error instanceof NotRehearsed) cloud.meetsUnmodelled(error.subject);
    return refusal(error);
  }
}

const INVALID = "The security token included in the request is invalid.";

/** @throws AwsError MissingAuthenticationToken */
function scopeOf({ headers }: WireRequest) {
  const [, accessKeyId, region, service] =
    /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(
      headers["authorization"] ?? "",
    ) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token");
  }
  return { accessKeyId, region, service };
}
