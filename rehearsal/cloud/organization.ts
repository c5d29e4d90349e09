/** An AWS organisation: which accounts there are. */
export interface Organization {
  /** e.g. `o-a1b2c3d4e5` */
  readonly id: string;
  readonly managementAccount: string;
  readonly accounts: readonly OrganizationAccount[];
}

export interface OrganizationAccount {
  /** 12 digits. */
  readonly id: string;
  readonly name: string;
  readonly status: "ACTIVE" | "SUSPENDED";
}
