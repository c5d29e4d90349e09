import * as aws from "@pulumi/aws";
import { maxAccounts } from "../components/published-package";
import { ConfigError } from "./config-error";

/**
 * The other active accounts of the organisation, sorted. AWS can share a document with account ids
 * or with everyone in the world, but not with an organisation, so the ids are listed at every
 * preview: accounts that joined since show up there.
 */
export async function otherAccounts(provider: aws.Provider, own: string): Promise<string[]> {
  const ids = await activeAccounts(provider);
  const others = ids.filter((id) => id !== own).sort();
  if (others.length > maxAccounts) {
    const found = `expected at most ${maxAccounts} other active accounts for "*", got ${others.length}`;
    const remedy = "list those that have hosts, or publish it a second time from another account";
    throw refusal(`${found}, and AWS shares a document with no more; ${remedy}`);
  }
  if (others.length > 0) return others;
  throw problem("the organisation has no other active account");
}

async function activeAccounts(provider: aws.Provider): Promise<string[]> {
  try {
    const { accounts } = await aws.organizations.getOrganization({}, { provider });
    // The provider leaves the list empty where AWS denies it, as for an account without delegation.
    if (!hasAccounts(accounts)) {
      throw problem(
        "AWS listed none; only the management account and delegated administrators see them",
      );
    }
    return accounts.filter(({ state }) => state === "ACTIVE").map(({ id }) => id);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    // Providers spread their errors over lines.
    throw problem(String(error).replace(/\s+/g, " ").trim());
  }
}

/** Typed as always there; the provider leaves it out where the list is denied. */
function hasAccounts(accounts: readonly unknown[] | undefined): boolean {
  return accounts !== undefined && accounts.length > 0;
}

function problem(found: string): ConfigError {
  const remedy =
    "let the log account list the organisation (delegated administrator), or list account ids";
  return refusal(`expected an organisation to list for "*": ${found}; ${remedy}`);
}

const refusal = (reason: string): ConfigError =>
  new ConfigError("the configuration", [{ key: "fleet:packages[].share", reason }]);
