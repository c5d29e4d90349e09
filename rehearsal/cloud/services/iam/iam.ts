import type { Kernel } from "../../../kernel/kernel.js";
import type { Arn } from "../../../kernel/arn.js";
import { parseArn, resourceName } from "../../../kernel/arn.js";
import type { PlacedPolicy, PolicyDocument } from "../../../kernel/access.js";
import { AwsError } from "../../../kernel/errors.js";
import { managedPolicy } from "../../iam/managed-policies.js";
import type { ResourceType, Service } from "../../../kernel/resource.js";
import { iamResources } from "./resources.js";

export interface Role {
  readonly name: string;
  readonly arn: Arn;
  readonly account: string;
  trust: PolicyDocument;
  /** Inline policies by name. */
  readonly inline: Map<string, PolicyDocument>;
  /** ARNs of the managed policies that are attached. */
  readonly attached: Set<Arn>;
  /** What `policiesOf` answers until something changes. */
  effective?: readonly PlacedPolicy[];
}

export interface InstanceProfile {
  readonly name: string;
  readonly arn: Arn;
  roleName: string;
}

/** The role with which the rehearsal deploys: an administrator in every account. */
const DEPLOYER = "FleetDeployer";

/** IAM: roles, their policies and instance profiles, per account. */
export class IamService implements Service {
  /** By `<account>/<name>`. */
  readonly roles = new Map<string, Role>();
  readonly profiles = new Map<Arn, InstanceProfile>();
  readonly resourceTypes: readonly ResourceType[];

  constructor(private readonly kernel: Kernel) {
    this.resourceTypes = iamResources(this, kernel);
  }

  /** @throws AwsError NoSuchEntity */
  role(account: string, name: string): Role {
    const role = this.roles.get(`${account}/${name}`) ?? this.deployer(account, name);
    if (role !== undefined) return role;
    throw new AwsError("NoSuchEntity", `The role with name ${name} cannot be found.`);
  }

  /** The role that an ARN names, in whichever account. @throws AwsError NoSuchEntity */
  roleByArn(arn: Arn): Role {
    const parts = parseArn(arn);
    return this.role(parts?.account ?? "", resourceName(arn).replace(/^.*\//, ""));
  }

  /** The identity policies of a role: inline ones, then managed ones by their real text. */
  policiesOf(account: string, name: string): readonly PlacedPolicy[] {
    const role = this.role(account, name);
    role.effective ??= [
      ...[...role.inline].map(([policy, document]) => ({
        place: `policy ${policy} of role ${name}`,
        document,
      })),
      ...[...role.attached].map((arn) => ({
        place: `managed policy ${arn}`,
        document: managedPolicy(arn),
      })),
    ];
    return role.effective;
  }

  /** The role that an instance profile holds. @throws AwsError NoSuchEntity */
  profileRole(profileArn: Arn): Role {
    const profile = this.profiles.get(profileArn);
    if (profile === undefined) {
      throw new AwsError("NoSuchEntity", `Instance Profile ${profileArn} cannot be found.`);
    }
    return this.role(parseArn(profileArn)?.account ?? "", profile.roleName);
  }

  /** The ARN of an instance profile of an account. @throws AwsError as RunInstances does */
  profileArn(account: string, name: string): Arn {
    const arn = this.arn(account, `instance-profile/${name}`);
    if (this.profiles.has(arn)) return arn;
    throw new AwsError(
      "InvalidParameterValue",
      `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`,
    );
  }

  /** Takes a statement out of whichever inline policy of the role has it: a fault that a scenario gives. */
  removeStatement(account: string, roleName: string, sid: string): boolean {
    const role = this.role(account, roleName);
    for (const [name, document] of role.inline) {
      const statements = [document.Statement].flat();
      const kept = statements.filter((statement) => statement.Sid !== sid);
      if (kept.length === statements.length) continue;
      role.inline.set(name, { ...document, Statement: kept });
      delete role.effective;
      return true;
    }
    return false;
  }

  /** The names of an account's roles. */
  roleNames(account: string): string[] {
    return [...this.roles.values()]
      .filter((role) => role.account === account)
      .map(({ name }) => name);
  }

  /** The ARN of something of an account's IAM. */
  arn(account: string, resource: string): Arn {
    return this.kernel.arn("iam", "", account, resource);
  }

  private deployer(account: string, name: string): Role | undefined {
    if (name !== DEPLOYER) return undefined;
    const role: Role = {
      name,
      arn: this.arn(account, `role/${name}`),
      account,
      trust: { Statement: [] },
      inline: new Map([
        [
          "AdministratorAccess",
          { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
        ],
      ]),
      attached: new Set(),
    };
    this.roles.set(`${account}/${name}`, role);
    return role;
  }
}

/** The name of the administrator's role that deploys and operates in every account. */
export const DEPLOYER_ROLE = DEPLOYER;
