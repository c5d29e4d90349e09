import type { Roles, NamedRole } from "../../kernel/ports.js";
import type { Kernel } from "../../kernel/kernel.js";
import type { Arn } from "../../kernel/arn.js";
import { parseArn } from "../../kernel/arn.js";
import { operation } from "../../kernel/operation.js";
import type { Principal, RoleSession } from "../../kernel/principal.js";
import { DEPLOYER_ROLE } from "./iam/iam.js";

export interface AssumeRoleInput {
  readonly RoleArn: Arn;
  readonly RoleSessionName: string;
  readonly ExternalId?: string;
  /** The device and the code of a second factor. Any code is accepted here. */
  readonly SerialNumber?: string;
  readonly TokenCode?: string;
}

/** What STS uses of the rest of the cloud. */
interface StsCloud extends Kernel {
  readonly iam: Roles & {
    /** @throws AwsError NoSuchEntity */
    role(account: string, name: string): NamedRole;
  };
}

/** STS: who may assume which role. */
export class StsService {
  constructor(private readonly cloud: StsCloud) {}

  /**
   * Assumes a role through the door, by its trust policy.
   * @throws AwsError NoSuchEntity, AccessDenied
   */
  async assume(request: {
    readonly principal: Principal;
    readonly roleArn: Arn;
    readonly sessionName: string;
    readonly region: string;
    readonly instanceArn?: Arn;
    readonly further?: Omit<AssumeRoleInput, "RoleArn" | "RoleSessionName">;
  }): Promise<RoleSession> {
    const { principal, roleArn, sessionName, region, instanceArn, further } = request;
    const role = this.cloud.iam.roleByArn(roleArn);
    const input: AssumeRoleInput = {
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      ...further,
    };
    await this.cloud.call({
      principal,
      account: role.account,
      region,
      service: "sts",
      operation: "AssumeRole",
      input,
    });
    const session = this.session(role, sessionName);
    return instanceArn === undefined ? session : { ...session, instanceArn };
  }

  /** The administrator who deploys and operates in an account. */
  operator(account: string): RoleSession {
    return this.session(this.cloud.iam.role(account, DEPLOYER_ROLE), "operator");
  }

  private session(role: NamedRole, sessionName: string): RoleSession {
    const partition = parseArn(role.arn)?.partition ?? "aws";
    return {
      kind: "session",
      account: role.account,
      roleArn: role.arn,
      roleName: role.name,
      sessionName,
      arn: `arn:${partition}:sts::${role.account}:assumed-role/${role.name}/${sessionName}`,
    };
  }

  /** Source: IAM user guide, "IAM identifiers", unique identifiers. */
  userId({ roleArn, sessionName }: RoleSession): string {
    const role = this.cloud.ids.stable("AROA", roleArn).replace("-", "").toUpperCase();
    return `${role}:${sessionName}`;
  }

  readonly operations = {
    AssumeRole: operation<AssumeRoleInput, object>({
      access: (input) => {
        const role = this.cloud.iam.roleByArn(input.RoleArn);
        return [
          {
            action: "sts:AssumeRole",
            resource: role.arn,
            resourceAccount: role.account,
            context: {
              "sts:RoleSessionName": input.RoleSessionName,
              ...(input.ExternalId !== undefined && { "sts:ExternalId": input.ExternalId }),
              ...(input.SerialNumber !== undefined &&
                input.TokenCode !== undefined && { "aws:MultiFactorAuthPresent": "true" }),
            },
            resourcePolicy: {
              place: `the trust policy of role ${role.name}`,
              document: role.trust,
            },
          },
        ];
      },
      run: (input) => {
        const role = this.cloud.iam.roleByArn(input.RoleArn);
        return { AssumedRoleUser: { Arn: this.session(role, input.RoleSessionName).arn } };
      },
    }),
    GetCallerIdentity: operation<object, object>({
      // AWS lets everybody ask who they are.
      access: () => [],
      run: (_input, { principal }) => ({
        Account: principal.kind === "session" ? principal.account : principal.sourceAccount,
        Arn: principal.kind === "session" ? principal.arn : principal.service,
        ...(principal.kind === "session" && {
          UserId: this.userId(principal),
        }),
      }),
    }),
  };
}
