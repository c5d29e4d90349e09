import type { PolicyDocument } from "../../../kernel/access.js";
import type { Arn } from "../../../kernel/arn.js";

export interface TopicMessage {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly subject?: string;
  readonly message: string;
}

export interface Subscription {
  readonly arn: Arn;
  readonly protocol: string;
  readonly endpoint: string;
  readonly raw: boolean;
}

export interface Topic {
  readonly name: string;
  readonly arn: Arn;
  readonly account: string;
  readonly region: string;
  policy?: PolicyDocument;
  kmsKey?: string;
  /** All that was published, in that order. */
  readonly messages: TopicMessage[];
  readonly subscriptions: Map<Arn, Subscription>;
}

/** The owner of the mailbox confirms e-mail. */
export function waitsForPerson({ protocol }: Subscription): boolean {
  return protocol.startsWith("email");
}
