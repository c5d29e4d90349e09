import { createHash, randomBytes } from "node:crypto";
import type { Cloud } from "../cloud/cloud.js";
import { AwsError } from "../kernel/errors.js";
import type { RoleSession } from "../kernel/principal.js";

/** Twenty characters, as AWS's are; the rest is the account. */
const PREFIX = "AKIALOCL";
/** How keys of sessions begin. Source: IAM user guide, "IAM identifiers", unique ID prefixes. */
const TEMPORARY = "ASIALOCL";

/** Forty characters, as AWS's secrets have, none of which a shell or a URL takes for something else. */
const newSecret = (): string => randomBytes(30).toString("base64url");

export interface TemporaryCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: Date;
}

/** The owner of a key, and the secret that signs its requests. */
export interface KeyOwner {
  readonly principal: RoleSession;
  readonly secretAccessKey: string;
  /** Whether it is a session's, and not an operator's own. */
  readonly isTemporary: boolean;
}

/** The access keys of a local cloud: one for each account's operator, and those of assumed roles. */
export class AccessKeys {
  private readonly sessions = new Map<string, TemporaryCredentials & { principal: RoleSession }>();
  /**
   * Every operator's. New for each cloud, and printed only for the user who started it: others on the machine, and web
   * pages, reach the server as well.
   */
  private readonly secret = newSecret();

  constructor(
    private readonly cloud: Cloud,
    /**
     * Milliseconds since the epoch by the clock on the wall: SDKs renew credentials by their machine's time, which the
     * local
     * cloud's is not.
     */
    private readonly wall: () => number = () => Date.now(),
  ) {}

  /** Credentials with which an SDK works in the local cloud as the operator of an account. */
  operatorCredentials(account: string) {
    return { accessKeyId: `${PREFIX}${account}`, secretAccessKey: this.secret };
  }

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
      const principal = this.cloud.sts.operator(account);
      return { principal, secretAccessKey: this.secret, isTemporary: false };
    }
    throw new AwsError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  }

  /** New credentials for a session. Their id is the same in each run, and their secret is not. */
  issue(principal: RoleSession, seconds: number): TemporaryCredentials {
    const digest = createHash("sha256").update(`${this.sessions.size} ${principal.arn}`).digest();
    const credentials = {
      AccessKeyId: `${TEMPORARY}${digest.toString("hex").slice(0, 12).toUpperCase()}`,
      SecretAccessKey: newSecret(),
      SessionToken: randomBytes(96).toString("base64"),
      Expiration: new Date(Math.floor(this.wall() / 1000 + seconds) * 1000),
    };
    this.sessions.set(credentials.AccessKeyId, { ...credentials, principal });
    return credentials;
  }
}
