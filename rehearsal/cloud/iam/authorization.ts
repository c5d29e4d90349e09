import {
  allowedContextKeysForRequest,
  isConditionKeyArray,
  isWildcardOnlyAction,
  typeForContextKey,
} from "@cloud-copilot/iam-simulate";
import { DecisionMemory } from "./decision-memory.js";
import type { Denial, Access, Context, Policies } from "../../kernel/access.js";
import { explain } from "./denial.js";
import type { ActionFacts } from "./evaluation.js";
import { evaluate } from "./evaluation.js";
import type { Principal } from "../../kernel/principal.js";
import { principalName } from "../../kernel/principal.js";

export { denialMessage } from "./denial.js";

/**
 * Decides whether a principal may do something, by IAM's rules: identity, resource, trust and key policies.
 * The evaluation is `@cloud-copilot/iam-simulate`'s; here are the facts that it needs, the explanation of a
 * denial, and a memory of decisions. Not modelled: service and resource control policies, permission
 * boundaries, session policies, VPC endpoint policies.
 */
export class Authorization {
  private readonly memory = new DecisionMemory();
  private readonly actions = new Map<string, Promise<ActionFacts>>();

  /** @param organizationOf the id of the organisation that an account is in, for the owners of resources */
  constructor(
    private readonly organizationOf: (account: string) => string | undefined = () => undefined,
  ) {}

  /** Whether an equal request was allowed before. */
  isKnownToAllow(
    principal: Principal,
    identity: Policies,
    access: Access,
    context: Context,
  ): boolean {
    return this.memory.get(this.keyOf(principal, identity, access, context)) === true;
  }

  /** Undefined: allowed. */
  async decide(
    principal: Principal,
    identity: Policies,
    access: Access,
    context: Context,
  ): Promise<Denial | undefined> {
    const key = this.keyOf(principal, identity, access, context);
    if (this.memory.get(key) === true) return undefined;
    const facts = await this.factsOf(access);
    const known = await facts.filter({
      ...context,
      ...this.ownerOf(access),
      ...access.context,
    });
    const request = { principal: principalName(principal), access, context: known, facts };
    let allowed = this.memory.get(key);
    if (allowed === undefined) {
      allowed = evaluate(request, identity, access.resourcePolicy) === "Allowed";
      this.memory.set(key, allowed);
    }
    return allowed ? undefined : explain(request, principal, identity);
  }

  /** The condition keys about who owns the resource. They follow from the account, which the memory knows. */
  private ownerOf({ resourceAccount }: Access): Context {
    const organization = this.organizationOf(resourceAccount);
    return {
      "aws:ResourceAccount": resourceAccount,
      ...(organization !== undefined && { "aws:ResourceOrgID": organization }),
    };
  }

  private keyOf(
    principal: Principal,
    identity: Policies,
    access: Access,
    context: Context,
  ): string {
    const contexts = access.context === undefined ? [context] : [context, access.context];
    return this.memory.key(principalName(principal), identity, access, contexts);
  }

  private factsOf(access: Access): Promise<ActionFacts> {
    // The condition keys of an action depend on the resource's type, which the start of the ARN shows.
    const kind = access.resource.split(/[/:]/).slice(0, 6).join(":");
    const key = `${access.action} ${kind}`;
    let facts = this.actions.get(key);
    if (facts === undefined) this.actions.set(key, (facts = loadFacts(access)));
    return facts;
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
