import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Arn } from "../../kernel/arn.js";
import { resourceName } from "../../kernel/arn.js";
import { AwsError, NotRehearsed } from "../../kernel/errors.js";
import type { PolicyDocument } from "../../kernel/access.js";

interface ManagedPolicies {
  /** Package and version that the documents were taken from. */
  readonly source: string;
  /** By the path and name after `policy/`, e.g. `service-role/AmazonSSMAutomationRole`. */
  readonly policies: Readonly<
    Record<string, { readonly version: string; readonly document: PolicyDocument }>
  >;
}

let policies: ManagedPolicies | undefined;

/**
 * The real text of one of AWS's managed policies. `rehearsal/data/managed-policies.json` holds those that
 * hosts and automations commonly carry; `npm run managed-policies` makes it anew.
 * @throws AwsError NoSuchEntity; NotRehearsed for an AWS policy whose text is not held.
 */
export function managedPolicy(arn: Arn): PolicyDocument {
  const match = /^arn:[^:]+:iam::aws:policy\//.test(arn);
  if (!match)
    throw new AwsError("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`);
  policies ??= JSON.parse(
    readFileSync(join(__dirname, "..", "..", "data", "managed-policies.json"), "utf8"),
  ) as ManagedPolicies;
  const found = policies.policies[resourceName(arn)];
  if (found === undefined) {
    throw new NotRehearsed(
      `managed policy ${arn}`,
      "its text is not in rehearsal/data/managed-policies.json",
    );
  }
  return found.document;
}
