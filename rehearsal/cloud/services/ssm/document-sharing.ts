import { AwsError } from "../../errors.js";
import { type SsmDocument } from "./document.js";

/** Private shares of one document. Source: "AWS Systems Manager endpoints and quotas". */
const MAXIMUM_ACCOUNTS = 1000;

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
  const unique = [...new Set(accounts.map((id) => id.toLowerCase()))];
  if (unique.length > MAXIMUM_ACCOUNTS) {
    throw new AwsError(
      "DocumentPermissionLimit",
      `The document can't be shared with more than ${MAXIMUM_ACCOUNTS} accounts, got ${unique.length}`,
    );
  }
  return unique;
}

/** Whether an account other than the owner may use the document. */
export function isSharedWith(document: SsmDocument, account: string): boolean {
  return document.sharedWith.includes(account) || document.sharedWith.includes("all");
}

/** Adds and takes away accounts, as ModifyDocumentPermission does; who stays keeps their place. */
export function changeShares(
  document: SsmDocument,
  add: readonly string[],
  remove: readonly string[] = [],
): void {
  const kept = document.sharedWith.filter((id) => !remove.includes(id));
  document.sharedWith.splice(0, document.sharedWith.length, ...new Set([...kept, ...add]));
}
