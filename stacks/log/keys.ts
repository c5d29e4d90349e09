// The keys of the central bucket over time. A bucket's new key encrypts new objects only; the others stay encrypted by
// the key that was the bucket's when they were written.
import type { LogConfig } from "../config.js";
import type { Deployed } from "../deployed.js";

/** What the keys of before mean for this deployment. */
export interface KeysOfBefore {
  /** ARN of the key that the stack made itself; undefined where it made none. */
  readonly ownKeyArn: string | undefined;
  /** Whether the stack goes on declaring it, whatever `fleet:kmsKeyArn` says. */
  readonly keepsOwnKey: boolean;
  /** ARNs of keys that encrypted objects before the present one and are still there, as far as the stack knows. */
  readonly earlierKeyArns: readonly string[];
}

export function keysOfBefore(
  { account, kmsKeyArn, onRemove }: LogConfig,
  before: Deployed,
): KeysOfBefore {
  const ownKeyArn = ownKeyOf(account.id, kmsKeyArn, before);
  const isPresent = kmsKeyArn === undefined || kmsKeyArn === ownKeyArn;
  // The switch must be in Pulumi's state first: a key that left before would be kept.
  const mayGo = onRemove === "delete" && before.onRemove === "delete";
  const keepsOwnKey = ownKeyArn !== undefined && (isPresent || !mayGo);
  const present = kmsKeyArn ?? ownKeyArn;
  const used = [...(before.earlierKeyArns ?? []), before.kmsKeyArn, ownKeyArn];
  const earlierKeyArns = used.filter(
    (arn): arn is string =>
      arn !== undefined && arn !== present && (arn !== ownKeyArn || keepsOwnKey),
  );
  return { ownKeyArn, keepsOwnKey, earlierKeyArns: [...new Set(earlierKeyArns)].sort() };
}

/**
 * A stack that an older program deployed does not say whether its key is its own: one of its account is taken for that,
 * as a key too many does less harm than one too few.
 */
function ownKeyOf(
  account: string,
  given: string | undefined,
  { ownKeyArn, kmsKeyArn = "" }: Deployed,
): string | undefined {
  if (ownKeyArn !== undefined) return ownKeyArn === "" ? undefined : ownKeyArn;
  const [, , , , owner] = kmsKeyArn.split(":");
  return owner === account && kmsKeyArn !== given ? kmsKeyArn : undefined;
}
