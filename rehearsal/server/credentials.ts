import { createHash } from "node:crypto";
import type { Cloud } from "../cloud/cloud.js";
import { AwsError } from "../kernel/errors.js";
import type { RoleSession } from "../kernel/principal.js";

/** Twenty characters, as AWS's are; the rest is the account. */
const PREFIX = "AKIALOCL";
/** How keys of sessions begin. Source: IAM user guide, "IAM identifiers", unique ID prefixes. */
const TEMPORARY = "ASIALOCL";

/** Credentials with which an SDK works in the local cloud as the operator of an account. */
export function operatorCredentials(account: string) {
  return { accessKeyId: `${PREFIX}${account}`, secretAccessKey: "local" };
}

export interface TemporaryCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: Date;
}

/** Whose a key is, and what requests with it are signed with. */
export interface KeyOwner {
  readonly principal: RoleSession;
  readonly secretAccessKey: string;
  /** Whether it is a session's, and not an operator's own. */
  readonly isTemporary: boolean;
}

/** The access keys of a local cloud: one for each account's operator, and those of roles that somebody assumed. */
export class AccessKeys {
  private readonly sessions = new Map<string, TemporaryCredentials & { principal: RoleSession }>();

  constructor(
    private readonly cloud: Cloud,
    /**
     * Milliseconds since the epoch by the clock on the wall: SDKs renew credentials by their machine's time, which the local
     * cloud's is not.
     */
    private readonly wall: () => number = () => Date.now(),
  ) {}

  /** @throws AwsError where the key is nobody's or has expired */
  owner(accessKeyId: string, sessionToken: string | undefined): KeyOwner {
    const session = this.sessions.get(accessKeyId);
    if (session !== undefined && session.SessionToken === sessionToken) {
      const { principal, SecretAccessKey: secretAccessKey, Expiration } = session;
      if (Expiration.getTime() > this.wall())
        return { principal, secretAccessKey, isTemporary: true };
      throw new AwsError(
        "ExpiredTokenException",
        "The security token included in the request is expired",
      );
    }
    const account = accessKeyId.startsWith(PREFIX) ? accessKeyId.slice(PREFIX.length) : "";
    const isKnown = this.cloud.organization.accounts.some(({ id }) => id === account);
    if (isKnown && sessionToken === undefined) {
      const { secretAccessKey } = operatorCredentials(account);
      const principal = this.cloud.sts.operator(account);
      return { principal, secretAccessKey, isTemporary: false };
    }
    throw new AwsError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  }

  /** New credentials for a session, the same ones in each run. */
  issue(principal: RoleSession, seconds: number): TemporaryCredentials {
    const digest = createHash("sha256").update(`${this.sessions.size} ${principal.arn}`).digest();
    const credentials = {
      AccessKeyId: `${TEMPORARY}${digest.toString("hex").slice(0, 12).toUpperCase()}`,
      SecretAccessKey: digest.toString("base64").slice(0, 40),
      SessionToken: Buffer.concat([digest, digest, digest]).toString("base64"),
      Expiration: new Date(Math.floor(this.wall() / 1000 + seconds) * 1000),
    };
    this.sessions.set(credentials.AccessKeyId, { ...credentials, principal });
    return credentials;
  }
}
