import type { Account, OrganizationsClient } from "@aws-sdk/client-organizations";
import {
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
} from "@aws-sdk/client-organizations";
import pLimit from "p-limit";
import type { Identity } from "./aws.js";
import { isCode, wordsOf } from "./aws.js";
import type { LogStack } from "./log-stack.js";
import type { Problems } from "./problems.js";
import type { Request } from "./request.js";

/** An account that a run is about. */
export interface Member {
  readonly id: string;
  /** Empty where the organisation cannot be read. */
  readonly name: string;
}

/** AWS Organizations takes few requests at once. */
const MAX_PARALLEL_CALLS = 5;

/**
 * The accounts of a run, in the order of their ids: those that are named and those of the OUs, or all that the stack serves;
 * less the excluded and the closed ones.
 */
export async function membersOf(
  request: Request,
  log: LogStack,
  operator: Identity,
  problems: Problems,
): Promise<readonly Member[]> {
  const directory = new Directory(operator.organizations(log.home));
  // Without it accounts have no names; if units are named, their own look-up reports the failure.
  const tree = await directory.accounts().catch(() => undefined);
  const chosen = await idsOf(request, log, directory, tree, problems);
  const excluded = await directory.expand("--exclude", request.exclude, problems);
  return chosen
    .filter((id) => !excluded.has(id))
    .sort()
    .map((id) => ({ id, name: tree?.get(id)?.Name ?? "" }));
}

type Known = ReadonlyMap<string, Account> | undefined;

async function idsOf(
  { accounts, ous }: Request,
  log: LogStack,
  directory: Directory,
  tree: Known,
  problems: Problems,
): Promise<string[]> {
  const isOpen = (id: string) => tree === undefined || stateOf(tree.get(id)) === "ACTIVE";
  const served = (id: string) => log.accounts.includes(id);
  for (const id of accounts) checkNamed(id, log, tree, problems);
  const inUnits = [...(await directory.expand("--ous", ous, problems))];
  if (accounts.length + ous.length > 0) {
    // What a person has not named one by one may hold accounts that are closed, or without a runner.
    const rest = inUnits.filter((id) => isOpen(id) && served(id));
    return [...new Set([...accounts, ...rest])];
  }
  return log.accounts.filter(isOpen);
}

const stateOf = (account: Account | undefined): string =>
  account?.State ?? account?.Status ?? "not of the organisation";

function checkNamed(id: string, log: LogStack, tree: Known, problems: Problems): void {
  const account = tree?.get(id);
  if (tree !== undefined && account === undefined) {
    problems.add("--accounts", `expected accounts of the organisation, got ${id}`);
  } else if (account !== undefined && stateOf(account) !== "ACTIVE") {
    const state = stateOf(account);
    problems.add("--accounts", `expected accounts that are open, got ${id}, which is ${state}`);
  } else if (!log.accounts.includes(id)) {
    const remedy = "add it to fleet:runAccounts of the log stack and deploy it";
    problems.add("--accounts", `expected accounts that the stack serves, got ${id}; ${remedy}`);
  }
}

/** What AWS Organizations knows. */
class Directory {
  private readonly limit = pLimit(MAX_PARALLEL_CALLS);

  constructor(private readonly client: OrganizationsClient) {}

  async accounts(): Promise<ReadonlyMap<string, Account>> {
    const found = new Map<string, Account>();
    for await (const { Accounts = [] } of paginateListAccounts({ client: this.client }, {})) {
      for (const account of Accounts) found.set(account.Id ?? "", account);
    }
    return found;
  }

  /** The ids of accounts as they are, and of units all accounts below them. */
  async expand(
    option: string,
    ids: readonly string[],
    problems: Problems,
  ): Promise<ReadonlySet<string>> {
    const lists = await Promise.all(
      ids.map(async (id) => {
        if (/^\d{12}$/.test(id)) return [id];
        try {
          return await this.below(id);
        } catch (error) {
          const reason = isCode(
            error,
            "ParentNotFoundException",
            "OrganizationalUnitNotFoundException",
          )
            ? `expected organisational units of the organisation, got ${id}`
            : `the accounts of ${id} cannot be listed: ${wordsOf(error)}`;
          problems.add(option, reason);
          return [];
        }
      }),
    );
    return new Set(lists.flat());
  }

  private async below(ParentId: string): Promise<string[]> {
    const { client, limit } = this;
    const [own, units] = await Promise.all([
      limit(() => all(paginateListAccountsForParent({ client }, { ParentId }), "Accounts")),
      limit(() =>
        all(
          paginateListOrganizationalUnitsForParent({ client }, { ParentId }),
          "OrganizationalUnits",
        ),
      ),
    ]);
    const inside = await Promise.all(units.map((id) => this.below(id)));
    return [...own, ...inside.flat()];
  }
}

/** The ids of a list that comes in pages. */
async function all<Key extends string>(
  pages: AsyncIterable<{ [K in Key]?: { Id?: string }[] | undefined }>,
  key: Key,
): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages) found.push(...(page[key] ?? []).flatMap(({ Id }) => Id ?? []));
  return found;
}
