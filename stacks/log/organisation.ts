import * as aws from "@pulumi/aws";
import { maxAccounts } from "../../components/document-sharing.js";
import { ConfigError } from "../config.js";

/** The organisation as the log account sees it. */
export interface Organisation {
  /** `o-…` */
  readonly id: string;
  /** Ids of its other active accounts, sorted. */
  readonly others: readonly string[];
}

/**
 * The other active accounts of the organisation. AWS can share a document with account ids or with
 * everyone in the world, but not with an organisation, so the ids are listed at every preview:
 * accounts that joined since show up there.
 *
 * @param key what of the config asks for all of it, for messages
 */
export async function readOrganisation(
  provider: aws.Provider,
  own: string,
  key: string,
): Promise<Organisation> {
  const { id, active } = await activeAccounts(provider, key);
  const others = active.filter((account) => account !== own).sort();
  if (others.length > maxAccounts) {
    const found = `expected at most ${maxAccounts} other active accounts for "*", got ${others.length}`;
    const remedy = "list those that have hosts, or publish it a second time from another account";
    throw refusal(key, `${found}, and AWS shares a document with no more; ${remedy}`);
  }
  if (others.length > 0) return { id, others };
  throw problem(key, "the organisation has no other active account");
}

/**
 * Accounts that are listed by id and are not in the organisation: a mistyped digit would hand scripts to strangers.
 * Where the log account cannot list its organisation, or has none, they are not checked.
 */
export async function refuseStrangers(
  provider: aws.Provider,
  key: string,
  ids: readonly string[],
): Promise<void> {
  const active = await activeAccounts(provider, key).then(
    (found) => found.active,
    (error: unknown) => {
      if (error instanceof ConfigError) return undefined;
      throw error;
    },
  );
  if (active === undefined) return;
  const problems = ids.flatMap((id) => {
    if (active.includes(id)) return [];
    const reason = `expected an active account of the organisation, got "${id}"; correct it, or remove it`;
    return [{ key, reason }];
  });
  if (problems.length > 0) throw new ConfigError("the configuration", problems);
}

async function activeAccounts(
  provider: aws.Provider,
  key: string,
): Promise<{ id: string; active: string[] }> {
  try {
    const { id, accounts } = await aws.organizations.getOrganization({}, { provider });
    // The provider leaves the list empty where AWS denies it, as for an account without delegation.
    if (!hasAccounts(accounts)) {
      throw problem(
        key,
        "AWS listed none; only the management account and delegated administrators see them",
      );
    }
    return {
      id,
      active: accounts.filter(({ state }) => state === "ACTIVE").map((account) => account.id),
    };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    // Providers spread their errors over lines.
    throw problem(key, String(error).replace(/\s+/g, " ").trim());
  }
}

/** Typed as always there; the provider leaves it out where the list is denied. */
function hasAccounts(accounts: readonly unknown[] | undefined): boolean {
  return accounts !== undefined && accounts.length > 0;
}

function problem(key: string, found: string): ConfigError {
  const remedy =
    "let the log account list the organisation (delegated administrator), or list account ids";
  return refusal(key, `expected an organisation to list for "*": ${found}; ${remedy}`);
}

const refusal = (key: string, reason: string): ConfigError =>
  new ConfigError("the configuration", [{ key, reason }]);
