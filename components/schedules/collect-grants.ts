// What the role of collections may do: run the scripts of the config on hosts, and store answers under its types.
import type { Account } from "../account.js";
import { documentArn, instancesArn } from "../arns.js";
import { scriptDocumentName } from "../names.js";
import type { Grant } from "../policy.js";
import type { LogAccount } from "../log-account.js";

/** Scripts of the log account's library, by name. */
export const maySendCollecting = (
  account: Account,
  { accountId, prefix }: LogAccount,
  scripts: readonly string[],
): Grant => ({
  Sid: "SendCollecting",
  Effect: "Allow",
  Action: "ssm:SendCommand",
  Resource: scripts.map((script) =>
    documentArn({ ...account, id: accountId }, "*", scriptDocumentName(prefix, script)),
  ),
});

/** What a host answered, of which the list of invocations has the beginning only. */
export const mayReadCommandAnswers = (): Grant => ({
  Sid: "ReadAnswers",
  Effect: "Allow",
  Action: "ssm:GetCommandInvocation",
  // Systems Manager has no resource-level permissions for this action.
  Resource: "*",
});

/** Only types of the config, so that no answer is mistaken for inventory that agents or others put. */
export const mayPutInventory = (types: readonly string[]): Grant => ({
  Sid: "PutCollectedInventory",
  Effect: "Allow",
  Action: "ssm:PutInventory",
  // Systems Manager has no resource-level permissions for this action, but the type is in the request's context.
  Resource: "*",
  Condition: {
    // A list, as a call puts items of several types; without the `Null` test an empty one would match as well.
    "ForAllValues:StringEquals": { "ssm:InventoryTypeName": [...types] },
    Null: { "ssm:InventoryTypeName": "false" },
  },
});

/** Whether hosts of the account comply. No key of a condition has the type. */
export const mayPutCompliance = (account: Account): Grant => ({
  Sid: "PutCollectedCompliance",
  Effect: "Allow",
  Action: "ssm:PutComplianceItems",
  Resource: instancesArn(account),
});
