// What AWS services may do with the key of any component, one function per intent.
import type { Account } from "../account.js";
import type { Access } from "../policy.js";

/** EventBridge encrypts what it puts into the queues of this account with a key. */
export const rulesEncryptMessages = (account: Account): Access => ({
  Sid: "RulesEncryptMessages",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  // In a key policy, `*` is the key that the policy belongs to.
  Resource: "*",
  Condition: { StringEquals: { "aws:SourceAccount": account.id } },
});
