import { createValidatedPolicy } from "@cloud-copilot/iam-policy";
import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import type {
  Access,
  Context,
  PlacedPolicy,
  Policies,
  PolicyDocument,
} from "../../kernel/access.js";
import { statementsOf } from "./policy.js";

export interface ActionFacts {
  readonly wildcardOnly: boolean;
  /** Keeps the condition keys that AWS sends with the action, in the shape (one value or a list) that they have. */
  filter(context: Context): Promise<Record<string, string | string[]>>;
}

export interface Request {
  readonly principal: string;
  readonly access: Access;
  readonly context: Record<string, string | string[]>;
  readonly facts: ActionFacts;
}

/** An ARN that only a statement with the resource `*` covers: how actions without resource-level permissions behave. */
const NO_RESOURCE = "arn:aws:none:::none";

/** The decision of IAM on a request, by these policies and no others. */
export function evaluate(request: Request, identity: Policies, resource: PlacedPolicy | undefined) {
  const { access, facts } = request;
  return runUnsafeSimulation(
    {
      request: {
        principal: known(request.principal),
        action: access.action,
        resource: {
          resource: facts.wildcardOnly ? NO_RESOURCE : access.resource,
          accountId: access.resourceAccount,
        },
        contextVariables: request.context,
      },
      identityPolicies: identity.map(({ place, document }) => ({ name: place, policy: document })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      // Only a policy that counts as validated keeps its name on the way to the evaluation; `parsePolicy` validated it.
      ...(resource !== undefined && {
        resourcePolicy: createValidatedPolicy(knownIn(resource.document), () => [], {
          name: resource.place,
        }),
      }),
    },
    {},
  );
}

/** The simulator takes only what ends in `amazonaws.com` for a service; China has services that end in `.cn`. */
function known(principal: string): string {
  return principal.replace(/\.amazonaws\.com\.cn$/, ".in-china.amazonaws.com");
}

function knownIn(document: PolicyDocument): PolicyDocument {
  const text = JSON.stringify(document);
  if (!text.includes(".amazonaws.com.cn")) return document;
  const Statement = statementsOf(document).map((statement) => {
    const { Principal } = statement;
    if (typeof Principal !== "object" || Principal === null) return statement;
    const entries = Object.entries(Principal as Record<string, string | readonly string[]>);
    const services = entries.map(([kind, names]) => [kind, [names].flat().map(known)] as const);
    return { ...statement, Principal: Object.fromEntries(services) };
  });
  return { ...document, Statement };
}
