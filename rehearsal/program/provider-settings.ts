import type { Properties } from "../kernel/resource.js";
import { UserError } from "../../lib/user-error.js";

/** What a stack's `aws.Provider` says of all its resources. */
export interface ProviderSettings {
  /** The account that its credentials, or the role that it assumes, are of. */
  readonly account: string;
  /** Empty for providers without a Region, such as `archive`. */
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
  /** The program ignores tags whose keys begin so. */
  readonly ignoredTags: readonly string[];
}

/**
 * Reads a provider's inputs.
 * @param credentials account of the credentials at hand
 * @throws UserError in the AWS provider's words where the account is not one of `allowedAccountIds`
 */
export function providerSettings(inputs: Properties, credentials: string): ProviderSettings {
  const role = /::(\d{12}):role/.exec(JSON.stringify(inputs["assumeRoles"] ?? ""))?.[1];
  const account = role ?? credentials;
  const allowed = decoded(inputs["allowedAccountIds"]);
  if (Array.isArray(allowed) && !allowed.includes(account)) {
    const bound = allowed.join(", ");
    throw new UserError(`AWS account ID not allowed: ${account}; the stack is bound to ${bound}`);
  }
  const { region } = inputs;
  const defaults = decoded(inputs["defaultTags"]) as { tags?: Record<string, string> } | undefined;
  const ignored = decoded(inputs["ignoreTags"]) as { keyPrefixes?: string[] } | undefined;
  return {
    account,
    region: typeof region === "string" ? region : "",
    defaultTags: defaults?.tags ?? {},
    ignoredTags: ignored?.keyPrefixes ?? [],
  };
}

/** Provider inputs that are no strings travel as JSON. */
function decoded(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
