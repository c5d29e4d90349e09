import { createHash } from "node:crypto";
import { z } from "zod";
import type {
  Organization,
  OrganizationAccount,
  OrganizationalUnit,
} from "../../kernel/organization.js";
import { SYSTEMS_MANAGER } from "../../kernel/organization.js";
import { UserError } from "../../../lib/user-error.js";

export const accountId = z
  .string()
  .regex(/^\d{12}$/, "expected an account id of 12 digits, in quotes");
const text = z.string().min(1);

/** The id by which AWS calls a unit; without one it is made of the unit's place. */
const unitId = z
  .string()
  .regex(/^ou-root-[0-9a-z]{8,32}$/, "expected the id of a unit, such as ou-root-1a2b3c4d");

interface GivenUnit {
  readonly id?: string | undefined;
  readonly accounts: readonly string[];
  readonly units: Readonly<Record<string, GivenUnit>>;
}
const unit: z.ZodType<GivenUnit> = z.strictObject({
  id: unitId.optional(),
  /** Names of stacks, or ids of accounts. */
  accounts: z.array(text).default([]),
  units: z
    .record(
      text,
      z.lazy(() => unit),
    )
    .default({}),
});

/** How a scenario orders the accounts; without it they are all in the root. */
export const givenOrganization = z.strictObject({
  managementAccount: accountId.default("999999999999"),
  /** By name. */
  units: z.record(text, unit).default({}),
  /** Accounts without a stack: id, name. */
  accounts: z.record(accountId, text).default({}),
  /** Accounts, by id or stack, that are suspended. */
  suspended: z.array(text).default([]),
  /** The stacks or accounts that administer a service for the organisation, by the service's principal. */
  delegated: z.record(text, z.array(text)).optional(),
});
export type GivenOrganization = z.infer<typeof givenOrganization>;

/** An account that belongs to the organisation because a stack is deployed in it. */
export interface Deployed {
  readonly stack: string;
  readonly account: string;
  /** The path of its unit, `Workloads/Production`, where the scenario gives it with the stack. */
  readonly unit?: string;
  /** The log account administers Systems Manager, unless a scenario says otherwise. */
  readonly isLog: boolean;
}

/**
 * The organisation of a scenario: the accounts of the stacks, and those that it adds.
 * @throws UserError with every name that means nothing
 */
export function organizationOf(
  given: GivenOrganization,
  deployed: readonly Deployed[],
  /** Ids of accounts without a stack that settings name. */
  others: readonly string[] = [],
): Organization {
  const problems: string[] = [];
  const ids = new Map(deployed.map(({ account, stack }) => [stack, account]));
  const known = new Set([...ids.values(), ...Object.keys(given.accounts), given.managementAccount]);
  const accountOf = (name: string, key: string): string => {
    const id = ids.get(name) ?? name;
    if (!known.has(id)) {
      const names = [...ids.keys()].slice(0, 10).join(", ");
      problems.push(
        `given.organization.${key}: expected a stack (${names}) or an account of the organisation, got "${name}"`,
      );
    }
    return id;
  };
  const units: OrganizationalUnit[] = [];
  const places = new Map<string, string>();
  const unitIds = new Map<string, string>();
  placeUnits(given.units, undefined, { units, places, unitIds, accountOf });
  for (const { account, unit: path } of deployed) {
    if (path === undefined) continue;
    const id = unitIds.get(path);
    if (id !== undefined) places.set(account, id);
    else problems.push(unknownUnit(path, [...unitIds.keys()]));
  }
  const suspended = new Set(given.suspended.map((name) => accountOf(name, "suspended")));
  const delegated = given.delegated ?? {
    [SYSTEMS_MANAGER]: deployed.filter(({ isLog }) => isLog).map(({ stack }) => stack),
  };
  const administrators = Object.entries(delegated).map(
    ([service, names]) =>
      [service, names.map((name) => accountOf(name, `delegated.${service}`))] as const,
  );
  if (problems.length > 0) throw new UserError([...new Set(problems)].join("\n"));
  const named = new Map(deployed.map(({ account, stack }) => [account, stack]));
  for (const id of others) named.set(id, `account ${id}`);
  for (const [id, name] of Object.entries(given.accounts)) named.set(id, name);
  named.set(given.managementAccount, "management");
  const accounts = [...named].map(([id, name]): OrganizationAccount => {
    const place = places.get(id);
    const status = suspended.has(id) ? "SUSPENDED" : "ACTIVE";
    return { id, name, status, ...(place !== undefined && { unit: place }) };
  });
  return {
    id: "o-rehearsal1",
    managementAccount: given.managementAccount,
    accounts,
    ...(units.length > 0 && { units }),
    delegated: Object.fromEntries(administrators),
  };
}

interface Placing {
  readonly units: OrganizationalUnit[];
  /** The unit of an account. */
  readonly places: Map<string, string>;
  /** The id of a unit by its path. */
  readonly unitIds: Map<string, string>;
  readonly accountOf: (name: string, key: string) => string;
}

function placeUnits(
  given: Readonly<Record<string, GivenUnit>>,
  parent: { readonly id: string; readonly path: string } | undefined,
  placing: Placing,
): void {
  for (const [name, { accounts, id: own, units }] of Object.entries(given)) {
    const path = parent === undefined ? name : `${parent.path}/${name}`;
    const digest = createHash("sha256").update(path).digest("hex").slice(0, 8);
    const id = own ?? `ou-root-${digest}`;
    placing.units.push({ id, name, ...(parent !== undefined && { unit: parent.id }) });
    placing.unitIds.set(path, id);
    for (const account of accounts)
      placing.places.set(placing.accountOf(account, `units.${path}.accounts`), id);
    placeUnits(units, { id, path }, placing);
  }
}

function unknownUnit(path: string, known: readonly string[]): string {
  return `given.members: expected a unit of given.organization.units (${known.join(", ") || "none"}), got "${path}"`;
}
