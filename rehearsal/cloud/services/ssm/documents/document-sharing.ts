import { AwsError } from "../../../../kernel/errors.js";
import type { Deployment } from "../../../../kernel/resource.js";
import type { SsmDocument } from "./document.js";
import { chunks } from "../../../../../lib/lists.js";

/** Private shares of one document. Source: "AWS Systems Manager endpoints and quotas". */
const MAXIMUM_ACCOUNTS = 1000;

/** Accounts that one call adds or takes away. Source: API reference, ModifyDocumentPermission. */
const MAXIMUM_PER_CALL = 20;

export interface ModifyInput {
  readonly Name: string;
  readonly PermissionType: string;
  readonly AccountIdsToAdd?: readonly string[];
  readonly AccountIdsToRemove?: readonly string[];
}

/** How the provider takes the share list: `{ type: "Share", account_ids: "111111111111,222222222222" }`. */
export type Permissions = Readonly<Record<string, string>>;

/**
 * The accounts of a share list. The checks of the keys are the provider's, those of the ids are AWS's.
 * @throws AwsError
 */
export function accountsOf(permissions: Permissions | undefined): readonly string[] {
  if (permissions === undefined || Object.keys(permissions).length === 0) return [];
  const { type, account_ids: list } = permissions;
  if (type === undefined)
    throw new AwsError("ValidationException", '"permissions": "type" must be defined');
  if (type !== "Share")
    throw new AwsError("InvalidPermissionType", '"permissions": only Share "type" supported');
  if (list === undefined)
    throw new AwsError("ValidationException", '"permissions": "account_ids" must be defined');
  const accounts = list === "" ? [] : list.split(",");
  for (const id of accounts) {
    if (/^(\d{12}|all)$/i.test(id)) continue;
    throw new AwsError(
      "ValidationException",
      `Value '${id}' at 'accountIdsToAdd' failed to satisfy constraint: Member must satisfy regular expression pattern: (?i)all|[0-9]{12}`,
    );
  }
  return [...new Set(accounts.map((id) => id.toLowerCase()))];
}

/** ModifyDocumentPermission. @throws AwsError */
export function modifyPermission(document: SsmDocument, input: ModifyInput): void {
  const { PermissionType, AccountIdsToAdd: add = [], AccountIdsToRemove: remove = [] } = input;
  if (PermissionType !== "Share")
    throw new AwsError(
      "InvalidPermissionType",
      `The permission type is not supported: ${PermissionType}`,
    );
  for (const [name, ids] of Object.entries({ accountIdsToAdd: add, accountIdsToRemove: remove })) {
    if (ids.length <= MAXIMUM_PER_CALL) continue;
    throw new AwsError(
      "ValidationException",
      `Value at '${name}' failed to satisfy constraint: Member must have length less than or equal to ${MAXIMUM_PER_CALL}`,
    );
  }
  const after = new Set([...document.sharedWith.filter((id) => !remove.includes(id)), ...add]);
  if (after.size > MAXIMUM_ACCOUNTS) {
    throw new AwsError(
      "DocumentPermissionLimit",
      `The document can't be shared with more than ${MAXIMUM_ACCOUNTS} accounts, got ${after.size}`,
    );
  }
  changeShares(document, add, remove);
}

/** Shares as the provider does: the difference, first the additions and then the removals, 20 accounts a call. */
export async function share(
  name: string,
  at: Deployment,
  add: readonly string[],
  remove: readonly string[],
): Promise<void> {
  const modify = async (input: Partial<ModifyInput>) => {
    const { principal, account, region } = at;
    const all: ModifyInput = { Name: name, PermissionType: "Share", ...input };
    const call = { service: "ssm", operation: "ModifyDocumentPermission", input: all };
    await at.kernel.call({ principal, account, region, ...call });
  };
  for (const ids of chunks(add, MAXIMUM_PER_CALL)) await modify({ AccountIdsToAdd: ids });
  for (const ids of chunks(remove, MAXIMUM_PER_CALL)) await modify({ AccountIdsToRemove: ids });
}

/** Whether an account other than the owner may use the document. */
export function isSharedWith(document: SsmDocument, account: string): boolean {
  return document.sharedWith.includes(account) || document.sharedWith.includes("all");
}

/** Adds and removes accounts, as ModifyDocumentPermission does; those that stay keep their place. */
export function changeShares(
  document: SsmDocument,
  add: readonly string[],
  remove: readonly string[] = [],
): void {
  const kept = document.sharedWith.filter((id) => !remove.includes(id));
  document.sharedWith.splice(0, document.sharedWith.length, ...new Set([...kept, ...add]));
}
