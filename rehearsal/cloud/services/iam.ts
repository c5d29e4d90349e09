import { type Arn, parseArn, resourceName } from "../arn.js";
import { type PlacedPolicy } from "../authorization.js";
import { type Cloud } from "../cloud.js";
import { AwsError } from "../errors.js";
import { managedPolicy } from "../managed-policies.js";
import { parsePolicy, type PolicyDocument } from "../policy.js";
import { type Created, type Deployment, resourceType, type Service } from "../resource.js";

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

/** The policies that a role's resource brings along. */
interface RolePolicies {
  readonly managedPolicyArns?: readonly Arn[];
  readonly inlinePolicies?: readonly { readonly name?: string; readonly policy?: unknown }[];
}

/** The name of an inline policy that got none. */
const INLINE = "inline";

interface InstanceProfile {
  readonly name: string;
  readonly arn: Arn;
  roleName: string;
}

/** The role with which the rehearsal deploys: an administrator in every account. */
const DEPLOYER = "FleetDeployer";

/** IAM: roles, their policies and instance profiles, per account. */
export class IamService implements Service {
  private readonly roles = new Map<string, Role>();
  private readonly profiles = new Map<Arn, InstanceProfile>();

  constructor(private readonly cloud: Cloud) {}

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

  readonly resourceTypes = [
    resourceType<RolePolicies & { name: string; assumeRolePolicy: unknown }>({
      type: "aws:iam/role:Role",
      models: [
        "name",
        "assumeRolePolicy",
        "description",
        "managedPolicyArns",
        "inlinePolicies",
        "maxSessionDuration",
        "tags",
      ],
      replaceOnChanges: ["name", "path"],
      autoname: "name",
      create: (inputs, at) => {
        checkName("role", inputs.name, 64);
        const key = `${at.account}/${inputs.name}`;
        if (this.roles.has(key)) {
          throw new AwsError(
            "EntityAlreadyExists",
            `Role with name ${inputs.name} already exists.`,
          );
        }
        const role: Role = {
          name: inputs.name,
          arn: this.arn(at.account, `role/${inputs.name}`),
          account: at.account,
          trust: parsePolicy(inputs.assumeRolePolicy, "trust"),
          inline: new Map(),
          attached: new Set(),
        };
        this.givePolicies(role, inputs);
        this.roles.set(key, role);
        return {
          id: role.name,
          outputs: {
            arn: role.arn,
            uniqueId: this.cloud.ids.hex(`role ${at.account} ${at.name}`, 20),
          },
        };
      },
      update: (id, inputs, at, olds) => {
        const role = this.role(at.account, id);
        role.trust = parsePolicy(inputs.assumeRolePolicy, "trust");
        for (const { name = INLINE } of olds.inlinePolicies ?? []) role.inline.delete(name);
        for (const arn of olds.managedPolicyArns ?? []) role.attached.delete(arn);
        this.givePolicies(role, inputs);
        delete role.effective;
        return { arn: role.arn };
      },
      delete: (id, at) => void this.roles.delete(`${at.account}/${id}`),
    }),
    resourceType<{ name: string; role: string; policy: unknown }>({
      type: "aws:iam/rolePolicy:RolePolicy",
      models: ["name", "role", "policy"],
      replaceOnChanges: ["name", "role"],
      autoname: "name",
      create: (inputs, at): Created => {
        checkName("policy", inputs.name, 128);
        this.putInline(at, inputs.role, inputs.name, inputs.policy);
        return { id: `${inputs.role}:${inputs.name}`, outputs: {} };
      },
      update: (_id, inputs, at) => {
        this.putInline(at, inputs.role, inputs.name, inputs.policy);
        return {};
      },
      delete: (id, at) => {
        const [role = "", name = ""] = id.split(":");
        const found = this.roles.get(`${at.account}/${role}`);
        found?.inline.delete(name);
        delete found?.effective;
      },
    }),
    resourceType<{ role: string; policyArn: Arn }>({
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      models: ["role", "policyArn"],
      replaceOnChanges: ["role", "policyArn"],
      create: (inputs, at) => {
        managedPolicy(inputs.policyArn);
        const role = this.role(at.account, inputs.role);
        role.attached.add(inputs.policyArn);
        delete role.effective;
        return { id: `${inputs.role}/${inputs.policyArn}`, outputs: {} };
      },
      update: () => ({}),
      delete: (id, at) => {
        const [name = ""] = id.split("/", 1);
        const role = this.roles.get(`${at.account}/${name}`);
        role?.attached.delete(id.slice(name.length + 1));
        delete role?.effective;
      },
    }),
    resourceType<{ name: string; role: string }>({
      type: "aws:iam/instanceProfile:InstanceProfile",
      models: ["name", "role", "tags"],
      replaceOnChanges: ["name", "path"],
      autoname: "name",
      create: (inputs, at) => {
        checkName("instance profile", inputs.name, 128);
        this.role(at.account, inputs.role);
        const arn = this.arn(at.account, `instance-profile/${inputs.name}`);
        this.profiles.set(arn, { name: inputs.name, arn, roleName: inputs.role });
        return {
          id: inputs.name,
          outputs: { arn, uniqueId: this.cloud.ids.hex(`profile ${at.account} ${at.name}`, 20) },
        };
      },
      update: (id, inputs, at) => {
        const arn = this.arn(at.account, `instance-profile/${id}`);
        this.profiles.set(arn, { name: id, arn, roleName: inputs.role });
        return { arn };
      },
      delete: (id, at) => void this.profiles.delete(this.arn(at.account, `instance-profile/${id}`)),
    }),
  ];

  private givePolicies(role: Role, inputs: RolePolicies): void {
    for (const { name = INLINE, policy } of inputs.inlinePolicies ?? []) {
      role.inline.set(name, parsePolicy(policy, "identity"));
    }
    for (const arn of inputs.managedPolicyArns ?? []) {
      managedPolicy(arn);
      role.attached.add(arn);
    }
  }

  private putInline(at: Deployment, roleName: string, name: string, policy: unknown): void {
    const role = this.role(at.account, roleName);
    role.inline.set(name, parsePolicy(policy, "identity"));
    delete role.effective;
  }

  private arn(account: string, resource: string): Arn {
    return this.cloud.arn("iam", "", account, resource);
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

/** Source: IAM API reference, CreateRole and CreateInstanceProfile. */
function checkName(what: string, name: string, longest: number): void {
  if (name.length <= longest && /^[\w+=,.@-]+$/.test(name)) return;
  throw new AwsError(
    "ValidationError",
    `The ${what} name "${name}" (${name.length} characters) must have at most ${longest} characters of letters, digits and +=,.@-_`,
  );
}
