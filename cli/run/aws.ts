import { AthenaClient } from "@aws-sdk/client-athena";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { ResourceGroupsClient } from "@aws-sdk/client-resource-groups";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { SdkSettings, Session } from "../session.js";

/** A caller of AWS: the clients of one set of credentials, created on first use. */
export class Identity {
  private readonly clients = new Map<string, Client>();

  private constructor(
    private readonly settings: (region: string) => SdkSettings,
    /** The subject of messages. */
    readonly arn: string,
    readonly account: string,
  ) {}

  /** The credentials that the SDK finds, or those of the session. */
  static async ofSession(session: Session, region: string): Promise<Identity> {
    const settings = session.sdk ?? (() => ({}));
    const sts = new STSClient({ ...attempts, region, ...settings(region) });
    const { Arn = "", Account = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return new Identity(settings, Arn, Account);
  }

  ssm(region: string): SSMClient {
    return this.client("ssm", region, (config) => new SSMClient(config));
  }
  sts(region: string): STSClient {
    return this.client("sts", region, (config) => new STSClient(config));
  }
  s3(region: string): S3Client {
    return this.client("s3", region, (config) => new S3Client(config));
  }
  athena(region: string): AthenaClient {
    return this.client("athena", region, (config) => new AthenaClient(config));
  }
  organizations(region: string): OrganizationsClient {
    return this.client("organizations", region, (config) => new OrganizationsClient(config));
  }
  resourceGroups(region: string): ResourceGroupsClient {
    return this.client("resource-groups", region, (config) => new ResourceGroupsClient(config));
  }

  /**
   * Assumes a role, and again when its credentials expire: a run may be followed for longer than the hour that they last.
   * @throws what STS says
   */
  async assume(region: string, roleArn: string, factor?: SecondFactor): Promise<Identity> {
    let current = await this.take(region, roleArn, factor);
    const credentials = async () => {
      if ((current.expiration?.getTime() ?? Infinity) - Date.now() < RENEWED) {
        current = await this.take(region, roleArn, factor);
      }
      return current;
    };
    const settings = (at: string) => ({ ...this.settings(at), credentials });
    return new Identity(settings, roleArn, roleArn.split(":")[4] ?? "");
  }

  private async take(region: string, RoleArn: string, factor: SecondFactor | undefined) {
    const { Credentials: given } = await this.sts(region).send(
      new AssumeRoleCommand({
        RoleArn,
        RoleSessionName: this.sessionName(),
        ...(factor && { SerialNumber: factor.serial, TokenCode: await factor.code() }),
      }),
    );
    return {
      accessKeyId: given?.AccessKeyId ?? "",
      secretAccessKey: given?.SecretAccessKey ?? "",
      ...(given?.SessionToken !== undefined && { sessionToken: given.SessionToken }),
      ...(given?.Expiration !== undefined && { expiration: given.Expiration }),
    };
  }

  /** Ends all connections. */
  close(): void {
    for (const client of this.clients.values()) client.destroy();
    this.clients.clear();
  }

  /** CloudTrail shows the person: a role's session has the name of whoever assumed it. */
  private sessionName(): string {
    const name = this.arn.split("/").at(-1) ?? "";
    const allowed = name.replaceAll(/[^\w+=,.@-]/g, "-").slice(0, 64);
    return allowed.length < 2 ? "fleet-run" : allowed;
  }

  private client<T extends Client>(
    service: string,
    region: string,
    make: (config: SdkSettings & typeof attempts & { region: string }) => T,
  ): T {
    const key = `${service} ${region}`;
    const before = this.clients.get(key);
    if (before !== undefined) return before as T;
    const client = make({ ...attempts, region, ...this.settings(region) });
    this.clients.set(key, client);
    return client;
  }
}

/** A device for the second factor of the caller. */
export interface SecondFactor {
  /** ARN or serial number of the device. */
  readonly serial: string;
  /** Asks for the code that it shows. */
  readonly code: () => Promise<string>;
}

/** Milliseconds before their end from which credentials are renewed; the SDK asks for them as early. */
const RENEWED = 5 * 60_000;

interface Client {
  destroy(): void;
}

/** Systems Manager takes one to three requests a second of some operations: waiting is better than giving up. */
const attempts = { maxAttempts: 8 };

/** An error of AWS for people: its code and its message. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.name}: ${error.message.replaceAll(/\s+/g, " ").trim()}`;
}

/** Whether it is AWS's refusal with one of these codes. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes(error.name);
}
