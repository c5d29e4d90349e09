import type { Kernel } from "../../../kernel/kernel.js";
import type { Arn } from "../../../kernel/arn.js";
import { AwsError } from "../../../kernel/errors.js";
import { managedPolicy } from "../../iam/managed-policies.js";
import { parsePolicy } from "../../iam/policy.js";
import type { Created, Deployment } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import type { IamService, Role } from "./iam.js";

/** The policies that a role's resource brings along. */
interface RolePolicies {
  readonly managedPolicyArns?: readonly Arn[];
  readonly inlinePolicies?: readonly { readonly name?: string; readonly policy?: unknown }[];
}

/** The name of an inline policy that got none. */
const INLINE = "inline";

/** The Pulumi resource types of IAM. */
export function iamResources(iam: IamService, kernel: Kernel) {
  return [
    roleType(iam, kernel),
    inlinePolicyType(iam),
    attachmentType(iam),
    profileType(iam, kernel),
  ];
}

function roleType(iam: IamService, kernel: Kernel) {
  return resourceType<RolePolicies & { name: string; assumeRolePolicy: unknown }>({
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
      if (iam.roles.has(key)) {
        throw new AwsError("EntityAlreadyExists", `Role with name ${inputs.name} already exists.`);
      }
      const role: Role = {
        name: inputs.name,
        arn: iam.arn(at.account, `role/${inputs.name}`),
        account: at.account,
        trust: parsePolicy(inputs.assumeRolePolicy, "trust"),
        inline: new Map(),
        attached: new Set(),
      };
      givePolicies(role, inputs);
      iam.roles.set(key, role);
      return {
        id: role.name,
        outputs: {
          arn: role.arn,
          uniqueId: kernel.ids.hex(`role ${at.account} ${at.name}`, 20),
        },
      };
    },
    update: (id, inputs, at, olds) => {
      const role = iam.role(at.account, id);
      role.trust = parsePolicy(inputs.assumeRolePolicy, "trust");
      for (const { name = INLINE } of olds.inlinePolicies ?? []) role.inline.delete(name);
      for (const arn of olds.managedPolicyArns ?? []) role.attached.delete(arn);
      givePolicies(role, inputs);
      delete role.effective;
      return { arn: role.arn };
    },
    delete: (id, at) => void iam.roles.delete(`${at.account}/${id}`),
  });
}

function inlinePolicyType(iam: IamService) {
  return resourceType<{ name: string; role: string; policy: unknown }>({
    type: "aws:iam/rolePolicy:RolePolicy",
    models: ["name", "role", "policy"],
    replaceOnChanges: ["name", "role"],
    autoname: "name",
    create: (inputs, at): Created => {
      checkName("policy", inputs.name, 128);
      putInline(iam, at, inputs.role, inputs.name, inputs.policy);
      return { id: `${inputs.role}:${inputs.name}`, outputs: {} };
    },
    update: (_id, inputs, at) => {
      putInline(iam, at, inputs.role, inputs.name, inputs.policy);
      return {};
    },
    delete: (id, at) => {
      const [role = "", name = ""] = id.split(":");
      const found = iam.roles.get(`${at.account}/${role}`);
      found?.inline.delete(name);
      delete found?.effective;
    },
  });
}

function attachmentType(iam: IamService) {
  return resourceType<{ role: string; policyArn: Arn }>({
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    models: ["role", "policyArn"],
    replaceOnChanges: ["role", "policyArn"],
    create: (inputs, at) => {
      managedPolicy(inputs.policyArn);
      const role = iam.role(at.account, inputs.role);
      role.attached.add(inputs.policyArn);
      delete role.effective;
      return { id: `${inputs.role}/${inputs.policyArn}`, outputs: {} };
    },
    update: () => ({}),
    delete: (id, at) => {
      const [name = ""] = id.split("/", 1);
      const role = iam.roles.get(`${at.account}/${name}`);
      role?.attached.delete(id.slice(name.length + 1));
      delete role?.effective;
    },
  });
}

function profileType(iam: IamService, kernel: Kernel) {
  return resourceType<{ name: string; role: string }>({
    type: "aws:iam/instanceProfile:InstanceProfile",
    models: ["name", "role", "tags"],
    replaceOnChanges: ["name", "path"],
    autoname: "name",
    create: (inputs, at) => {
      checkName("instance profile", inputs.name, 128);
      iam.role(at.account, inputs.role);
      const arn = iam.arn(at.account, `instance-profile/${inputs.name}`);
      iam.profiles.set(arn, { name: inputs.name, arn, roleName: inputs.role });
      return {
        id: inputs.name,
        outputs: { arn, uniqueId: kernel.ids.hex(`profile ${at.account} ${at.name}`, 20) },
      };
    },
    update: (id, inputs, at) => {
      const arn = iam.arn(at.account, `instance-profile/${id}`);
      iam.profiles.set(arn, { name: id, arn, roleName: inputs.role });
      return { arn };
    },
    delete: (id, at) => void iam.profiles.delete(iam.arn(at.account, `instance-profile/${id}`)),
  });
}

function givePolicies(role: Role, inputs: RolePolicies): void {
  for (const { name = INLINE, policy } of inputs.inlinePolicies ?? []) {
    role.inline.set(name, parsePolicy(policy, "identity"));
  }
  for (const arn of inputs.managedPolicyArns ?? []) {
    managedPolicy(arn);
    role.attached.add(arn);
  }
}

function putInline(
  iam: IamService,
  at: Deployment,
  roleName: string,
  name: string,
  policy: unknown,
): void {
  const role = iam.role(at.account, roleName);
  role.inline.set(name, parsePolicy(policy, "identity"));
  delete role.effective;
}

/** Source: IAM API reference, CreateRole and CreateInstanceProfile. */
function checkName(kind: string, name: string, longest: number): void {
  if (name.length <= longest && /^[\w+=,.@-]+$/.test(name)) return;
  throw new AwsError(
    "ValidationError",
    `The ${kind} name "${name}" (${name.length} characters) must have at most ${longest} characters of letters, digits and +=,.@-_`,
  );
}
