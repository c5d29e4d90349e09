/** A policy statement as it stands in JSON. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: unknown;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: PolicyStatement | readonly PolicyStatement[];
}

/** Condition keys and their values. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** A policy and the name of its place for people. */
export interface PlacedPolicy {
  /** e.g. `role cf-member-automation, inline policy bootstrap` or `key policy of arn:aws:kms:…` */
  readonly place: string;
  readonly document: PolicyDocument;
}

export type Policies = readonly PlacedPolicy[];

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

export interface MissingStatement {
  /** Where the statement would have to be written. */
  readonly place: string;
  readonly statement: PolicyStatement;
}

/** Why a permission is not given. */
export interface Denial {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** The statement that denies, where one does. */
  readonly denied?: { readonly place: string; readonly sid: string };
  /** The statements that would allow it; empty where one denies. */
  readonly missing: readonly MissingStatement[];
  /** Allow statements that nearly apply, each with what keeps it from it. */
  readonly nearly: readonly string[];
  readonly context: Context;
}
