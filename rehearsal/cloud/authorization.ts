import {
  allowedContextKeysForRequest,
  isConditionKeyArray,
  isWildcardOnlyAction,
  typeForContextKey,
} from "@cloud-copilot/iam-simulate";
import { type Denial, explain } from "./denial.js";
import {
  type Access,
  type ActionFacts,
  type Context,
  evaluate,
  type Policies,
  type Request,
} from "./evaluation.js";
import { type PolicyDocument } from "./policy.js";
import { type Principal, principalName } from "./principal.js";

export { type Denial, denialMessage } from "./denial.js";
export { type Access, type Context, type PlacedPolicy } from "./evaluation.js";

/** Ids that policies name seldom and requests always: one decision serves all of them. */
const VOLATILE =
  /\bi-[0-9a-f]{17}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/**
 * Decides whether a principal may do something, by IAM's rules: identity, resource, trust and key policies.
 * The evaluation is `@cloud-copilot/iam-simulate`'s; here are the facts that it needs, the explanation of a
 * denial, and a memory of decisions. Not modelled: service and resource control policies, permission
 * boundaries, session policies, VPC endpoint policies.
 */
export class Authorization {
  private readonly decisions = new Map<string, boolean>();
  private readonly actions = new Map<string, Promise<ActionFacts>>();
  private readonly policyIds = new WeakMap<PolicyDocument, { id: number; text: string }>();
  private policyCount = 0;

  /** Undefined: allowed. */
  async decide(
    principal: Principal,
    identity: Policies,
    access: Access,
    context: Context,
  ): Promise<Denial | undefined> {
    const facts = await this.factsOf(access);
    const known = await facts.filter({ ...context, ...access.context });
    const request = { principal: principalName(principal), access, context: known, facts };
    const key = this.memoryKey(request, identity);
    let allowed = this.decisions.get(key);
    if (allowed === undefined) {
      allowed = evaluate(request, identity, access.resourcePolicy) === "Allowed";
      this.decisions.set(key, allowed);
    }
    return allowed ? undefined : explain(request, principal, identity);
  }

  private factsOf(access: Access): Promise<ActionFacts> {
    // The condition keys of an action depend on the resource's type, which the ARN's start tells.
    const kind = access.resource.split(/[/:]/).slice(0, 6).join(":");
    const key = `${access.action} ${kind}`;
    let facts = this.actions.get(key);
    if (facts === undefined) this.actions.set(key, (facts = loadFacts(access)));
    return facts;
  }

  private memoryKey(request: Request, identity: Policies): string {
    const used = [...identity];
    if (request.access.resourcePolicy !== undefined) used.push(request.access.resourcePolicy);
    const known = used.map(({ document }) => this.identify(document));
    const asked = JSON.stringify([
      request.principal,
      request.access.action,
      request.access.resource,
      request.access.resourceAccount,
      Object.entries(request.context).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
    // Each id by its place, as it matters which of them are the same.
    const places = new Map<string, string>();
    const general = asked.replace(VOLATILE, (id) => {
      if (known.some(({ text }) => text.includes(id))) return id;
      const place = places.get(id) ?? `id?${places.size}`;
      places.set(id, place);
      return place;
    });
    return `${known.map(({ id }) => id).join()} ${general}`;
  }

  private identify(document: PolicyDocument): { id: number; text: string } {
    let known = this.policyIds.get(document);
    if (known === undefined) {
      known = { id: this.policyCount++, text: JSON.stringify(document) };
      this.policyIds.set(document, known);
    }
    return known;
  }
}

async function loadFacts({ action, resource: arn, resourceAccount }: Access): Promise<ActionFacts> {
  // AWS's own documents have no account in their ARN, which the service's patterns for resources do not foresee.
  const resource = arn.replace(/^(arn:[^:]*:ssm:[^:]*:):/, `$1${resourceAccount}:`);
  const [service = "", name = ""] = action.split(":");
  const wildcardOnly = await isWildcardOnlyAction(service, name);
  const allowed = new Set(
    await allowedContextKeysForRequest(service, name, resource, false, undefined),
  );
  // `aws:resourcetag/${tagkey}`, `aws:resourcetag/tag-key`, `kms:encryptioncontext:${encryptioncontextkey}`
  const prefixes = [...allowed]
    .filter((key) => /[/]|\$\{/.test(key))
    .map((key) => key.replace(/\$\{.*|(?<=[/]).*/, ""));
  const lists = new Map<string, boolean>();
  return {
    wildcardOnly,
    async filter(context) {
      const kept: Record<string, string | string[]> = {};
      for (const [key, value] of Object.entries(context)) {
        const lower = key.toLowerCase();
        if (!allowed.has(lower) && !prefixes.some((prefix) => lower.startsWith(prefix))) continue;
        let isList = lists.get(lower);
        if (isList === undefined) {
          // EventBridge's keys are lists, but of the pattern of PutRule; an event has one source, and StringEquals
          // compares it. Source: EventBridge user guide, "Using IAM policy conditions for fine-grained access control".
          isList =
            !lower.startsWith("events:") && isConditionKeyArray(await typeForContextKey(lower));
          lists.set(lower, isList);
        }
        const values = typeof value === "string" ? [value] : [...value];
        const first = values[0];
        if (isList) kept[key] = values;
        else if (first !== undefined) kept[key] = first;
      }
      return kept;
    },
  };
}
