import type { Kernel } from "../../../../kernel/kernel.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Principal } from "../../../../kernel/principal.js";
import type { TargetLocation } from "../../../../runbook/multi-target.js";

/** Source: API reference, TargetLocation, ExecutionRoleName. */
const EXECUTION_ROLE = "AWS-SystemsManager-AutomationExecutionRole";

/** One account and Region, with what its entry of TargetLocations says. */
export interface Location {
  readonly account: string;
  readonly region: string;
  readonly roleName: string;
  readonly entry: TargetLocation;
}

/** The principal that looks up an organisation, its account and Region. */
interface Looker {
  readonly kernel: Kernel;
  readonly principal: Principal;
  readonly account: string;
  readonly region: string;
}

/**
 * The accounts and Regions of one entry, Region by Region within each account. AWS's template of the administration role
 * lets it list the accounts of a parent; which more calls it makes for organisational units inside one is not published.
 * Accounts that are suspended are left out, which AWS does not say either.
 * @throws AwsError what AWS Organizations refuses
 */
export async function locationsOf(entry: TargetLocation, looker: Looker): Promise<Location[]> {
  const { Accounts = [], ExcludeAccounts = [], IncludeChildOrganizationUnits = false } = entry;
  const excluded = new Set<string>();
  for (const id of ExcludeAccounts)
    for (const account of await accountsIn(id, true, looker)) excluded.add(account);
  const accounts = new Set<string>();
  for (const id of Accounts)
    for (const account of await accountsIn(id, IncludeChildOrganizationUnits, looker))
      if (!excluded.has(account)) accounts.add(account);
  const { ExecutionRoleName: roleName = EXECUTION_ROLE, Regions = [looker.region] } = entry;
  const regions = [...new Set(Regions)];
  return [...accounts].flatMap((account) =>
    regions.map((region) => ({ account, region, roleName, entry })),
  );
}

/** An account, or those of an organisational unit or root. */
async function accountsIn(id: string, inside: boolean, looker: Looker): Promise<string[]> {
  if (/^\d{12}$/.test(id)) return [id];
  if (!/^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/.test(id)) {
    const text = `${id} is no account, organizational unit or root`;
    throw new AwsError("InvalidAutomationExecutionParametersException", text);
  }
  const accounts = await all<{ Id: string; Status: string }>(
    looker,
    "ListAccountsForParent",
    id,
    "Accounts",
  );
  const found = accounts.filter(({ Status }) => Status === "ACTIVE").map(({ Id }) => Id);
  if (!inside) return found;
  const units = await all<{ Id: string }>(
    looker,
    "ListOrganizationalUnitsForParent",
    id,
    "OrganizationalUnits",
  );
  for (const unit of units) found.push(...(await accountsIn(unit.Id, true, looker)));
  return found;
}

async function all<Item>(
  { kernel, principal, account, region }: Looker,
  operation: string,
  ParentId: string,
  list: string,
): Promise<Item[]> {
  const found: Item[] = [];
  let token: string | undefined;
  do {
    const input = { ParentId, ...(token !== undefined && { NextToken: token }) };
    const call = { principal, account, region, service: "organizations", operation, input };
    const answer = await kernel.call<Record<string, unknown>>(call);
    found.push(...(answer[list] as Item[]));
    token = answer["NextToken"] as string | undefined;
  } while (token !== undefined);
  return found;
}
