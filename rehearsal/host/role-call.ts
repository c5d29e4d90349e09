import type { HostCloud } from "./host-cloud.js";
import { AwsError, messageOf } from "../kernel/errors.js";
import type { Instance } from "../kernel/instance.js";

/** A call of an AWS API from a host. */
export interface AwsCall {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  /** @default the instance's */
  readonly region?: string;
}

/**
 * Calls AWS as programs on an instance do: with the credentials of its profile's role.
 * @throws AwsError; code `NoCredentials` where the profile gives none, `RequestError` where there is no way
 */
export async function callAsHost(
  cloud: HostCloud,
  instance: Instance,
  { service, operation, input, region = instance.region }: AwsCall,
): Promise<unknown> {
  cloud.ec2.checkReachable(instance, service);
  const principal = await cloud.ec2.profileSession(instance).catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError("NoCredentials", messageOf(error));
  });
  const { account } = instance;
  return cloud.call({ principal, account, region, service, operation, input });
}
