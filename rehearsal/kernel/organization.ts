/** An AWS organisation: which accounts there are, and how they are ordered. */
export interface Organization {
  /** e.g. `o-a1b2c3d4e5` */
  readonly id: string;
  readonly managementAccount: string;
  readonly accounts: readonly OrganizationAccount[];
  /** The organisational units; none: all accounts are in the root. */
  readonly units?: readonly OrganizationalUnit[];
  /** The accounts that administer a service for the organisation, by the service's principal. */
  readonly delegated?: Readonly<Record<string, readonly string[]>>;
}

export interface OrganizationAccount {
  /** 12 digits. */
  readonly id: string;
  readonly name: string;
  readonly status: "ACTIVE" | "SUSPENDED";
  /** The id of the organisational unit; none: the root. */
  readonly unit?: string;
}

export interface OrganizationalUnit {
  /** e.g. `ou-root-1a2b3c4d` */
  readonly id: string;
  readonly name: string;
  /** The id of the organisational unit around it; none: the root. */
  readonly unit?: string;
}

/** The root of every organisation here. */
export const ROOT = "r-root";

/** The service principal of Systems Manager, as delegated administrators are registered for it. */
export const SYSTEMS_MANAGER = "ssm.amazonaws.com";

/** Whether an account may look up the organisation: the management account and those that administer a service. */
export function mayLookUp({ delegated = {}, managementAccount }: Organization, account: string) {
  return account === managementAccount || Object.values(delegated).flat().includes(account);
}
