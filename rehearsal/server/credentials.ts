import { type Cloud } from "../cloud/cloud.js";
import { type Principal } from "../cloud/principal.js";

/** Twenty characters, as AWS's are; the rest is the account. */
const PREFIX = "AKIALOCL";

/** Credentials with which an SDK works in the local cloud as the operator of an account. No secret is checked. */
export function operatorCredentials(account: string) {
  return { accessKeyId: `${PREFIX}${account}`, secretAccessKey: "local" };
}

/** Whose an access key is; undefined where it is nobody's. */
export function principalOf(cloud: Cloud, accessKeyId: string): Principal | undefined {
  const account = accessKeyId.startsWith(PREFIX) ? accessKeyId.slice(PREFIX.length) : "";
  const known = cloud.organization.accounts.some(({ id }) => id === account);
  return known ? cloud.sts.operator(account) : undefined;
}
