import type { Kernel } from "../../../kernel/kernel.js";
import type { Access } from "../../../kernel/access.js";
import { AwsError } from "../../../kernel/errors.js";
import type { Caller, Operations } from "../../../kernel/operation.js";
import { operation } from "../../../kernel/operation.js";
import type { OrganizationAccount } from "../../../kernel/organization.js";
import { mayLookUp, ROOT } from "../../../kernel/organization.js";
import { REHEARSAL_STARTS } from "../../../kernel/timeline.js";
import { own } from "../../../own.js";

interface Paged {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}
interface OfParent extends Paged {
  readonly ParentId: string;
}

/** Source: API reference, the list operations' MaxResults. */
const MAX_PAGE_SIZE = 20;

/** The lookups of AWS Organizations, in the shapes of its API reference. */
export function organizationOperations(kernel: Kernel): Operations {
  const lookups = new Lookups(kernel);
  return {
    DescribeOrganization: operation<object, object>({
      access: (_input, caller) => [lookups.access("DescribeOrganization", caller)],
      run: () => ({ Organization: lookups.organization() }),
    }),
    ListAccounts: operation<Paged, object>({
      access: (_input, caller) => [lookups.access("ListAccounts", caller)],
      run: (input, caller) => {
        lookups.check(caller);
        return paged("Accounts", lookups.accounts(), input);
      },
    }),
    ListAccountsForParent: operation<OfParent, object>({
      access: ({ ParentId }, caller) => [
        lookups.access("ListAccountsForParent", caller, lookups.arnOf(ParentId)),
      ],
      run: (input, caller) => {
        lookups.check(caller);
        return paged("Accounts", lookups.accountsIn(input.ParentId), input);
      },
    }),
    ListOrganizationalUnitsForParent: operation<OfParent, object>({
      access: ({ ParentId }, caller) => [
        lookups.access("ListOrganizationalUnitsForParent", caller, lookups.arnOf(ParentId)),
      ],
      run: (input, caller) => {
        lookups.check(caller);
        return paged("OrganizationalUnits", lookups.unitsIn(input.ParentId), input);
      },
    }),
    ListRoots: operation<Paged, object>({
      access: (_input, caller) => [lookups.access("ListRoots", caller)],
      run: (input, caller) => {
        lookups.check(caller);
        const root = { Id: ROOT, Arn: lookups.arnOf(ROOT), Name: "Root", PolicyTypes: [] };
        return paged("Roots", [root], input);
      },
    }),
    ListParents: operation<{ readonly ChildId: string } & Paged, object>({
      access: ({ ChildId }, caller) => [
        lookups.access("ListParents", caller, lookups.arnOf(ChildId)),
      ],
      run: (input, caller) => {
        lookups.check(caller);
        return paged("Parents", [lookups.parentOf(input.ChildId)], input);
      },
    }),
    ListDelegatedAdministrators: operation<{ readonly ServicePrincipal?: string } & Paged, object>({
      access: (_input, caller) => [lookups.access("ListDelegatedAdministrators", caller)],
      run: (input, caller) => {
        lookups.check(caller);
        return paged(
          "DelegatedAdministrators",
          lookups.administrators(input.ServicePrincipal),
          input,
        );
      },
    }),
  };
}

/** What the operations say of the local cloud's organisation. */
class Lookups {
  constructor(private readonly kernel: Kernel) {}

  /** Actions without a resource are allowed on `*` only. */
  access(name: string, { account }: Caller, resource = "*"): Access {
    return { action: `organizations:${name}`, resource, resourceAccount: account };
  }

  /** @throws AwsError AccessDeniedException, whatever the caller's policies allow */
  check({ account }: Caller): void {
    if (mayLookUp(this.kernel.organization, account)) return;
    // Source: API reference: "You can only call this operation from the management account or a member account that is a
    // delegated administrator."
    throw new AwsError(
      "AccessDeniedException",
      "You don't have permissions to access this resource.",
    );
  }

  organization(): object {
    const { id, managementAccount } = this.kernel.organization;
    return {
      Id: id,
      Arn: this.arn(`organization/${id}`),
      FeatureSet: "ALL",
      MasterAccountArn: this.arnOf(managementAccount),
      MasterAccountId: managementAccount,
      MasterAccountEmail: email(managementAccount),
      AvailablePolicyTypes: [],
    };
  }

  accounts(): object[] {
    return this.kernel.organization.accounts.map((account) => this.describe(account));
  }

  /** Only those that are in the parent itself. @throws AwsError ParentNotFoundException */
  accountsIn(parent: string): object[] {
    this.checkParent(parent);
    return this.kernel.organization.accounts
      .filter(({ unit = ROOT }) => unit === parent)
      .map((account) => this.describe(account));
  }

  unitsIn(parent: string): object[] {
    this.checkParent(parent);
    return (this.kernel.organization.units ?? [])
      .filter(({ unit = ROOT }) => unit === parent)
      .map(({ id, name }) => ({ Id: id, Arn: this.arnOf(id), Name: name }));
  }

  /** @throws AwsError ChildNotFoundException */
  parentOf(child: string): object {
    const { accounts, units = [] } = this.kernel.organization;
    const found = [...accounts, ...units].find(({ id }) => id === child);
    if (found === undefined) {
      throw new AwsError("ChildNotFoundException", `We can't find ${child} in the organization.`);
    }
    const { unit } = found;
    return unit === undefined
      ? { Id: ROOT, Type: "ROOT" }
      : { Id: unit, Type: "ORGANIZATIONAL_UNIT" };
  }

  administrators(service: string | undefined): object[] {
    const { accounts, delegated = {} } = this.kernel.organization;
    const ids =
      service === undefined ? Object.values(delegated).flat() : (own(delegated, service) ?? []);
    return accounts
      .filter(({ id }) => ids.includes(id))
      .map((account) => ({
        ...this.describe(account),
        DelegationEnabledDate: new Date(REHEARSAL_STARTS),
      }));
  }

  /** The ARN of an account, an organisational unit or the root. */
  arnOf(id: string): string {
    const { id: organization } = this.kernel.organization;
    const kind = id.startsWith("r-") ? "root" : id.startsWith("ou-") ? "ou" : "account";
    return this.arn(`${kind}/${organization}/${id}`);
  }

  private describe({ id, name, status }: OrganizationAccount): object {
    return {
      Id: id,
      Arn: this.arnOf(id),
      Email: email(id),
      Name: name,
      Status: status,
      State: status,
      JoinedMethod: "CREATED",
      JoinedTimestamp: new Date(REHEARSAL_STARTS),
    };
  }

  /** @throws AwsError ParentNotFoundException */
  private checkParent(id: string): void {
    const { units = [] } = this.kernel.organization;
    if (id === ROOT || units.some((unit) => unit.id === id)) return;
    throw new AwsError(
      "ParentNotFoundException",
      `You specified parent ${id} that doesn't exist in the organization.`,
    );
  }

  private arn(resource: string): string {
    return this.kernel.arn(
      "organizations",
      "",
      this.kernel.organization.managementAccount,
      resource,
    );
  }
}

const email = (account: string) => `aws+${account}@example.com`;

/** One page: the token is the position at which the next one starts. @throws AwsError InvalidInputException */
function paged(list: string, items: readonly object[], input: Paged): object {
  const { MaxResults = MAX_PAGE_SIZE, NextToken = "0" } = input;
  const start = Number(NextToken);
  if (!Number.isInteger(start) || MaxResults < 1 || MaxResults > MAX_PAGE_SIZE) {
    const text = `MaxResults is 1 to ${MAX_PAGE_SIZE} and NextToken what an answer before had.`;
    throw new AwsError("InvalidInputException", text);
  }
  const end = start + MaxResults;
  return {
    [list]: items.slice(start, end),
    ...(end < items.length && { NextToken: String(end) }),
  };
}
