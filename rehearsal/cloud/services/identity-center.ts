import type { Kernel } from "../../kernel/kernel.js";
import { AwsError } from "../../kernel/errors.js";
import { parsePolicy } from "../iam/policy.js";
import type { Deployment, Properties, Service } from "../../kernel/resource.js";
import { resourceType } from "../../kernel/resource.js";

interface Assignment {
  readonly instanceArn: string;
  readonly permissionSetArn: string;
  readonly principalType: string;
  readonly principalId: string;
  readonly targetType: string;
  readonly targetId: string;
}

interface Named {
  readonly arn: string;
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** IAM Identity Center, with its own directory: groups, permission sets and who has which where. */
export class IdentityCenterService implements Service {
  /** The account that administers it; undefined: the organisation has none. */
  administrator?: string;
  private readonly sets = new Map<string, Named>();
  private readonly groups = new Map<string, string>();
  private readonly assignments = new Set<string>();

  constructor(private readonly kernel: Kernel) {}

  /** A group that another system provides. */
  addGroup(id: string): void {
    this.groups.set(id, id);
  }

  readonly invokes = {
    "aws:ssoadmin/getInstances:getInstances": (_args: object, at: Deployment): Properties => ({
      id: at.region,
      arns: this.administrator === undefined ? [] : [this.instanceArn],
      identityStoreIds: this.administrator === undefined ? [] : [STORE],
    }),
  };

  readonly resourceTypes = [
    resourceType<{
      name: string;
      instanceArn: string;
      sessionDuration?: string;
      tags?: Readonly<Record<string, string>>;
    }>({
      type: "aws:ssoadmin/permissionSet:PermissionSet",
      models: ["name", "description", "instanceArn", "sessionDuration", "relayState", "tags"],
      replaceOnChanges: ["name", "instanceArn"],
      autoname: "name",
      create: (inputs, at) => {
        this.checkAdministrator("sso:CreatePermissionSet", at);
        checkPermissionSet(inputs);
        if ([...this.sets.values()].some(({ name }) => name === inputs.name)) {
          throw new AwsError(
            "ConflictException",
            `PermissionSet with name ${inputs.name} already exists.`,
          );
        }
        const id = this.kernel.ids.hex(`permission set ${at.name}`, 16);
        const arn = `${this.instanceArn.replace("instance", "permissionSet")}/ps-${id}`;
        this.sets.set(arn, { arn, name: inputs.name, tags: inputs.tags ?? {} });
        return { id: `${arn},${inputs.instanceArn}`, outputs: { arn } };
      },
      update: (id, inputs, at) => {
        this.checkAdministrator("sso:UpdatePermissionSet", at);
        checkPermissionSet(inputs);
        const [arn = ""] = id.split(",");
        this.sets.set(arn, { arn, name: inputs.name, tags: inputs.tags ?? {} });
        return { arn };
      },
      read: (id) => {
        const found = this.sets.get(id.split(",")[0] ?? "");
        return found && { tags: { ...found.tags } };
      },
      delete: (id) => {
        const [arn = ""] = id.split(",");
        if ([...this.assignments].some((assignment) => assignment.includes(arn))) {
          throw new AwsError("ConflictException", `PermissionSet ${arn} has AccountAssignments.`);
        }
        this.sets.delete(arn);
      },
    }),
    resourceType<{ inlinePolicy: string; instanceArn: string; permissionSetArn: string }>({
      type: "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
      models: ["inlinePolicy", "instanceArn", "permissionSetArn"],
      replaceOnChanges: ["instanceArn", "permissionSetArn"],
      create: (inputs, at) => {
        this.checkPolicy(inputs, at);
        return { id: `${inputs.permissionSetArn},${inputs.instanceArn}`, outputs: {} };
      },
      update: (_id, inputs, at) => {
        this.checkPolicy(inputs, at);
        return {};
      },
      delete: () => undefined,
    }),
    resourceType<Assignment>({
      type: "aws:ssoadmin/accountAssignment:AccountAssignment",
      models: [
        "instanceArn",
        "permissionSetArn",
        "principalType",
        "principalId",
        "targetType",
        "targetId",
      ],
      replaceOnChanges: [
        "instanceArn",
        "permissionSetArn",
        "principalType",
        "principalId",
        "targetType",
        "targetId",
      ],
      create: (inputs, at) => {
        this.checkAssignment(inputs, at);
        const { principalId, principalType, targetId, targetType, permissionSetArn } = inputs;
        const id = [principalId, principalType, targetId, targetType, permissionSetArn].join();
        this.assignments.add(id);
        return { id: `${id},${inputs.instanceArn}`, outputs: {} };
      },
      update: () => ({}),
      delete: (id) => void this.assignments.delete(id.split(",").slice(0, 5).join()),
    }),
    resourceType<{ displayName: string; identityStoreId: string }>({
      type: "aws:identitystore/group:Group",
      models: ["displayName", "description", "identityStoreId"],
      replaceOnChanges: ["identityStoreId"],
      create: ({ displayName, identityStoreId }, at) => {
        this.checkAdministrator("identitystore:CreateGroup", at);
        if ([...this.groups.values()].includes(displayName)) {
          throw new AwsError(
            "ConflictException",
            `Duplicate GroupDisplayName: ${displayName} already exists.`,
          );
        }
        const groupId = this.kernel.ids.uuid(`group ${at.name}`);
        this.groups.set(groupId, displayName);
        return { id: `${identityStoreId}/${groupId}`, outputs: { groupId } };
      },
      update: (id, { displayName }) => {
        const [, groupId = ""] = id.split("/");
        this.groups.set(groupId, displayName);
        return { groupId };
      },
      delete: (id) => void this.groups.delete(id.split("/")[1] ?? ""),
    }),
  ];

  /** Who has which permission set where, as `group permission set account`. */
  get assigned(): string[] {
    return [...this.assignments].map((assignment) => {
      const [principalId = "", , account = "", , set = ""] = assignment.split(",");
      const group = this.groups.get(principalId) ?? principalId;
      return `${group} ${this.sets.get(set)?.name ?? ""} ${account}`;
    });
  }

  private get instanceArn(): string {
    return `arn:${this.kernel.partition.id}:sso:::instance/ssoins-7223a1b2c3d4e5f6`;
  }

  private checkPolicy(
    { inlinePolicy, permissionSetArn }: { inlinePolicy: string; permissionSetArn: string },
    at: Deployment,
  ): void {
    this.checkAdministrator("sso:PutInlinePolicyToPermissionSet", at);
    this.checkSet(permissionSetArn);
    parsePolicy(inlinePolicy, "identity");
    // Source: IAM Identity Center user guide, quotas.
    if (inlinePolicy.length <= 32_768) return;
    throw new AwsError(
      "ServiceQuotaExceededException",
      `The inline policy has ${inlinePolicy.length} characters of at most 32768`,
    );
  }

  private checkAssignment(inputs: Assignment, at: Deployment): void {
    this.checkAdministrator("sso:CreateAccountAssignment", at);
    this.checkSet(inputs.permissionSetArn);
    const { accounts, managementAccount } = this.kernel.organization;
    const exists = accounts.some(({ id }) => id === inputs.targetId);
    if (!exists) {
      throw new AwsError(
        "ResourceNotFoundException",
        `Account ${inputs.targetId} is not in the organization`,
      );
    }
    if (inputs.targetId === managementAccount && at.account !== managementAccount) {
      throw new AwsError(
        "AccessDeniedException",
        "A delegated administrator cannot assign access to the management account",
      );
    }
    if (inputs.principalType === "GROUP" && !this.groups.has(inputs.principalId)) {
      // A group that another system provides is not known here.
      this.kernel.reportNotRehearsed(`group ${inputs.principalId} of IAM Identity Center`);
    }
  }

  private checkSet(arn: string): void {
    if (this.sets.has(arn)) return;
    throw new AwsError("ResourceNotFoundException", `PermissionSet ${arn} not found.`);
  }

  private checkAdministrator(action: string, at: Deployment): void {
    const { managementAccount } = this.kernel.organization;
    if (at.account === this.administrator || at.account === managementAccount) return;
    throw new AwsError(
      "AccessDeniedException",
      `User: ${at.principal.arn} is not authorized to perform: ${action}; account ${this.administrator ?? "of nobody"} administers IAM Identity Center`,
    );
  }
}

const STORE = "d-9a67b1c2d3";

/** Source: IAM Identity Center API reference, CreatePermissionSet. */
function checkPermissionSet(inputs: { name: string; sessionDuration?: string }): void {
  const { name, sessionDuration = "PT1H" } = inputs;
  if (!/^[\w+=,.@-]{1,32}$/.test(name)) {
    throw new AwsError(
      "ValidationException",
      `The name "${name}" (${name.length} characters) must have 1-32 letters, digits or +=,.@-_`,
    );
  }
  const hours = /^PT(\d+)H$/.exec(sessionDuration)?.[1];
  if (hours !== undefined && Number(hours) >= 1 && Number(hours) <= 12) return;
  throw new AwsError(
    "ValidationException",
    `The session duration "${sessionDuration}" must be PT1H-PT12H`,
  );
}
