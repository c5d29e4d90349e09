import {
  validateIdentityPolicy,
  validateResourcePolicy,
  validateTrustPolicy,
} from "@cloud-copilot/iam-policy";
import type { PolicyDocument, PolicyStatement } from "../../kernel/access.js";
import { AwsError } from "../../kernel/errors.js";

export function statementsOf(document: PolicyDocument): readonly PolicyStatement[] {
  return [document.Statement].flat();
}

const VALIDATORS = {
  identity: validateIdentityPolicy,
  trust: validateTrustPolicy,
  resource: validateResourcePolicy,
} as const;

/**
 * A policy as a resource takes it: JSON text or an object.
 * @throws AwsError MalformedPolicyDocument that names every problem.
 */
export function parsePolicy(policy: unknown, kind: keyof typeof VALIDATORS): PolicyDocument {
  let document: unknown = policy;
  if (typeof policy === "string") {
    try {
      document = JSON.parse(policy);
    } catch {
      throw malformed([`it is no JSON: ${policy.slice(0, 60)}`]);
    }
  }
  const problems = VALIDATORS[kind](document).map(({ path, message }) => `${path}: ${message}`);
  if (problems.length > 0) throw malformed(problems);
  return document as PolicyDocument;
}

function malformed(problems: readonly string[]): AwsError {
  return new AwsError("MalformedPolicyDocument", problems.join("; "));
}
