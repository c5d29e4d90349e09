// The accounts that scripts run in, as policies of the log account name them.
import { accountRootArn } from "../arns.js";
import type { Account, Partition } from "../account.js";
import type { Access } from "../policy.js";

/** Where scripts run. */
export interface RunAccounts {
  /** Ids of the accounts, sorted; documents are shared with each. At most 1,000. */
  readonly ids: readonly string[];
  /** Id of the organisation, where they are all of it: `o-…`. */
  readonly organization?: string;
}

/** How many accounts a policy can list; more of them would not fit into a bucket's 20 KB. */
export const maxListedAccounts = 100;

/** Conditions by operator and key. */
type Condition = Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;

/**
 * Every principal of the accounts, with further conditions. A policy of S3 that lets in an organisation by its id is
 * not public.
 */
export const callersOf = (
  { ids, organization }: RunAccounts,
  partition: Partition,
  also: Condition = {},
): Pick<Access, "Principal"> & { readonly Condition?: Condition } => {
  if (organization === undefined) {
    const accounts: Account[] = ids.map((id) => ({ id, partition }));
    const Principal = { AWS: accounts.map(accountRootArn) };
    return Object.keys(also).length > 0 ? { Principal, Condition: also } : { Principal };
  }
  const StringEquals = { "aws:PrincipalOrgID": organization };
  return { Principal: "*", Condition: { StringEquals, ...also } };
};

/** Limits a role of the log account to resources that the accounts own. */
export const ownedBy = ({ ids, organization }: RunAccounts) => ({
  StringEquals:
    organization === undefined
      ? { "aws:ResourceAccount": [...ids] }
      : { "aws:ResourceOrgID": organization },
});

/** S3 in any Region, as KMS calls it. In China services are seen with both suffixes. */
export const throughS3 = (partition: Partition) => ({
  StringLike: {
    "kms:ViaService": [
      "s3.*.amazonaws.com",
      ...(partition === "aws-cn" ? ["s3.*.amazonaws.com.cn"] : []),
    ],
  },
});
