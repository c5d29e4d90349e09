import type {
  Denial,
  MissingStatement,
  PlacedPolicy,
  Policies,
  PolicyStatement,
} from "../../kernel/access.js";
import type { Request } from "./evaluation.js";
import { evaluate } from "./evaluation.js";
import { statementsOf } from "./policy.js";
import type { Principal } from "../../kernel/principal.js";

/** Why IAM denies a request. */
export function explain(request: Request, principal: Principal, identity: Policies): Denial {
  const { access, context } = request;
  const base = {
    principal: request.principal,
    action: access.action,
    resource: access.resource,
    context,
  };
  const all = access.resourcePolicy === undefined ? identity : [...identity, access.resourcePolicy];
  for (const policy of all) {
    const isResource = policy === access.resourcePolicy;
    for (const statement of statementsOf(policy.document)) {
      if (statement.Effect !== "Deny") continue;
      if (evaluateAlone(request, policy, statement, isResource) !== "ExplicitlyDenied") continue;
      const sid = statement.Sid ?? "a statement without Sid";
      return { ...base, denied: { place: policy.place, sid }, missing: [], nearly: [] };
    }
  }
  return {
    ...base,
    missing: missingStatements(request, principal, identity),
    nearly: all.flatMap((policy) => nearMisses(request, policy, policy === access.resourcePolicy)),
  };
}

function missingStatements(
  request: Request,
  principal: Principal,
  identity: Policies,
): MissingStatement[] {
  const { access } = request;
  const wanted: PolicyStatement = {
    Effect: "Allow",
    Action: access.action,
    Resource: access.resource,
  };
  const missing: MissingStatement[] = [];
  if (principal.kind === "session") {
    const byAccount = trustOfAccount(request, principal.account);
    if (evaluate(request, identity, byAccount) !== "Allowed") {
      missing.push({ place: `a policy of role ${principal.roleName}`, statement: wanted });
    }
  }
  const { resourcePolicy } = access;
  if (resourcePolicy !== undefined && (principal.kind === "service" || missing.length === 0)) {
    const { Resource: _, ...trust } = wanted;
    const Principal =
      principal.kind === "service" ? { Service: principal.service } : { AWS: principal.roleArn };
    const statement = access.action === "sts:AssumeRole" ? trust : { ...wanted, Resource: "*" };
    missing.push({ place: resourcePolicy.place, statement: { ...statement, Principal } });
  }
  return missing;
}

/** The resource policy that leaves everything to the account's own policies, which then decide alone. */
function trustOfAccount({ access }: Request, account: string): PlacedPolicy | undefined {
  if (access.resourcePolicy === undefined) return undefined;
  const statement = {
    Effect: "Allow",
    Principal: { AWS: account },
    Action: access.action,
    Resource: "*",
  } as const;
  return { place: "", document: { Version: "2012-10-17", Statement: [statement] } };
}

function nearMisses(request: Request, policy: PlacedPolicy, isResource: boolean): string[] {
  const found: string[] = [];
  for (const statement of statementsOf(policy.document)) {
    if (statement.Effect !== "Allow") continue;
    const name = `${statement.Sid ?? "a statement without Sid"} (${policy.place})`;
    const { Condition, ...unconditional } = statement;
    const allows = (variant: PolicyStatement) =>
      evaluateAlone(request, policy, variant, isResource) === "Allowed";
    if (Condition !== undefined && allows(unconditional)) {
      found.push(`${name}: its condition does not hold: ${JSON.stringify(Condition)}`);
    } else if (statement.Resource !== undefined && allows({ ...statement, Resource: "*" })) {
      found.push(`${name}: it covers ${JSON.stringify(statement.Resource)}`);
    }
  }
  return found;
}

/** The decision of one statement alone; a resource policy's statement is evaluated without others. */
function evaluateAlone(
  request: Request,
  policy: PlacedPolicy,
  statement: PolicyStatement,
  isResource: boolean,
) {
  const alone = { place: policy.place, document: { ...policy.document, Statement: [statement] } };
  if (isResource) return evaluate(request, [], alone);
  const sameAccount = { ...request.access, resourcePolicy: undefined };
  const account = /^arn:[^:]*:[^:]*:[^:]*:(\d*):/.exec(request.principal)?.[1];
  const access = { ...sameAccount, resourceAccount: account ?? request.access.resourceAccount };
  return evaluate({ ...request, access }, [alone], trustOfAccount(request, account ?? ""));
}

/** The denial in AWS's words. */
export function denialMessage(denial: Denial): string {
  const { principal, action, resource } = denial;
  const subject = principal.startsWith("arn:") ? `User: ${principal}` : `Service: ${principal}`;
  const text = `${subject} is not authorized to perform: ${action} on resource: ${resource}`;
  if (denial.denied !== undefined) return `${text} with an explicit deny in ${denial.denied.place}`;
  const lacking = denial.missing.some(({ statement }) => statement.Principal === undefined)
    ? "identity-based"
    : "resource-based";
  return `${text} because no ${lacking} policy allows the ${action} action`;
}
