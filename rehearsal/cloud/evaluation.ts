import { createValidatedPolicy } from "@cloud-copilot/iam-policy";
import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import { type PolicyDocument } from "./policy.js";

export type Context = Readonly<Record<string, string | readonly string[]>>;

/** A policy and what a person calls the place where it is written. */
export interface PlacedPolicy {
  /** e.g. `role cf-member-automation, inline policy bootstrap` or `key policy of arn:aws:kms:…` */
  readonly place: string;
  readonly document: PolicyDocument;
}

/** One permission that a call needs. */
export interface Access {
  /** e.g. `ssm:SendCommand` */
  readonly action: string;
  /** ARN, or `*` for actions without resource-level permissions. */
  readonly resource: string;
  /** The account that owns the resource. */
  readonly resourceAccount: string;
  readonly context?: Context;
  readonly resourcePolicy?: PlacedPolicy;
}

export type Policies = readonly PlacedPolicy[];

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

/** What IAM says to a request, by these policies and no others. */
export function evaluate(request: Request, identity: Policies, resource: PlacedPolicy | undefined) {
  const { access, facts } = request;
  return runUnsafeSimulation(
    {
      request: {
        principal: request.principal,
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
        resourcePolicy: createValidatedPolicy(resource.document, () => [], {
          name: resource.place,
        }),
      }),
    },
    {},
  );
}
