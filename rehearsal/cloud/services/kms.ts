import type { Kernel } from "../../kernel/kernel.js";
import type { Arn } from "../../kernel/arn.js";
import type { Access, Context, PolicyDocument } from "../../kernel/access.js";
import { AwsError } from "../../kernel/errors.js";
import { operation } from "../../kernel/operation.js";
import { parsePolicy } from "../iam/policy.js";
import type { Service } from "../../kernel/resource.js";
import { resourceType } from "../../kernel/resource.js";

export interface Key {
  readonly id: string;
  readonly arn: Arn;
  readonly account: string;
  policy: PolicyDocument;
  enabled: boolean;
}

interface KeyInput {
  readonly KeyId: string;
  readonly EncryptionContext?: Readonly<Record<string, string>>;
}

/** KMS: keys, their policies, and what is encrypted with them. No bytes are really encrypted. */
export class KmsService implements Service {
  private readonly keys = new Map<Arn, Key>();
  /** Alias ARN to key ARN. */
  private readonly aliases = new Map<Arn, Arn>();

  constructor(private readonly kernel: Kernel) {}

  /** The key that an id, an ARN or an alias names. @throws AwsError NotFoundException */
  key(account: string, region: string, name: string): Key {
    const arn = name.startsWith("arn:")
      ? name
      : this.kernel.arn("kms", region, account, name.startsWith("alias/") ? name : `key/${name}`);
    const key = this.keys.get(this.aliases.get(arn) ?? arn);
    if (key === undefined) throw new AwsError("NotFoundException", `Key '${arn}' does not exist`);
    return key;
  }

  /** The same, which must be enabled to be used. @throws AwsError NotFoundException, DisabledException */
  usableKey(account: string, region: string, name: string): Key {
    const key = this.key(account, region, name);
    if (!key.enabled) throw new AwsError("DisabledException", `${key.arn} is disabled.`);
    return key;
  }

  /** Every key of an account, in the order of creation. */
  keysOf(account: string): readonly Key[] {
    return [...this.keys.values()].filter((key) => key.account === account);
  }

  /**
   * The permissions that using a key takes, for the services that encrypt with it.
   * @throws AwsError NotFoundException, DisabledException
   */
  access(
    keyName: string,
    place: { account: string; region: string },
    actions: readonly string[],
    context: Context = {},
  ): Access[] {
    const key = this.usableKey(place.account, place.region, keyName);
    return actions.map((action) => ({
      action,
      resource: key.arn,
      resourceAccount: key.account,
      context,
      resourcePolicy: { place: `the key policy of ${key.arn}`, document: key.policy },
    }));
  }

  /** A key that existed before, which accounts use by their own policies. */
  addKey(arn: Arn, users: readonly string[]): void {
    const [, , , , account = "", resource = ""] = arn.split(":");
    const id = resource.replace(/^key\//, "");
    const policy = this.policyFor([account, ...users]);
    this.keys.set(arn, { id, arn, account, policy, enabled: true });
  }

  readonly operations = {
    GenerateDataKey: operation<KeyInput, object>({
      access: (input, { account, region }) =>
        this.access(input.KeyId, { account, region }, ["kms:GenerateDataKey"]),
      run: (input) => ({ KeyId: input.KeyId }),
    }),
    Decrypt: operation<KeyInput, object>({
      access: (input, { account, region }) =>
        this.access(input.KeyId, { account, region }, ["kms:Decrypt"]),
      run: (input) => ({ KeyId: input.KeyId }),
    }),
  };

  readonly resourceTypes = [
    resourceType<{ policy?: unknown; isEnabled?: boolean }>({
      type: "aws:kms/key:Key",
      models: [
        "policy",
        "description",
        "enableKeyRotation",
        "rotationPeriodInDays",
        "deletionWindowInDays",
        "isEnabled",
        "tags",
      ],
      replaceOnChanges: ["keyUsage", "customerMasterKeySpec", "multiRegion"],
      create: (inputs, at) => {
        const id = this.kernel.ids.uuid(`key ${at.account} ${at.region} ${at.name}`);
        const arn = this.kernel.arn("kms", at.region, at.account, `key/${id}`);
        const policy =
          inputs.policy === undefined
            ? this.policyFor([at.account])
            : parsePolicy(inputs.policy, "resource");
        const enabled = inputs.isEnabled ?? true;
        this.keys.set(arn, { id, arn, account: at.account, policy, enabled });
        return { id, outputs: { arn, keyId: id, isEnabled: enabled } };
      },
      update: (id, inputs, at) => {
        const key = this.key(at.account, at.region, id);
        if (inputs.policy !== undefined) key.policy = parsePolicy(inputs.policy, "resource");
        if (inputs.isEnabled !== undefined) key.enabled = inputs.isEnabled;
        return { arn: key.arn, keyId: id, isEnabled: key.enabled };
      },
      delete: (id, at) =>
        void this.keys.delete(this.kernel.arn("kms", at.region, at.account, `key/${id}`)),
    }),
    resourceType<{ name: string; targetKeyId: string }>({
      type: "aws:kms/alias:Alias",
      models: ["name", "targetKeyId"],
      replaceOnChanges: ["name"],
      create: (inputs, at) => {
        if (!/^alias\/(?!aws\/)[\w/-]{1,250}$/.test(inputs.name)) {
          throw new AwsError(
            "InvalidAliasNameException",
            `Alias name "${inputs.name}" must be alias/ and letters, digits, / _ -`,
          );
        }
        const arn = this.kernel.arn("kms", at.region, at.account, inputs.name);
        const key = this.key(at.account, at.region, inputs.targetKeyId);
        this.aliases.set(arn, key.arn);
        return { id: inputs.name, outputs: { arn, targetKeyArn: key.arn } };
      },
      update: (id, inputs, at) => {
        const arn = this.kernel.arn("kms", at.region, at.account, id);
        const key = this.key(at.account, at.region, inputs.targetKeyId);
        this.aliases.set(arn, key.arn);
        return { arn, targetKeyArn: key.arn };
      },
      delete: (id, at) =>
        void this.aliases.delete(this.kernel.arn("kms", at.region, at.account, id)),
    }),
  ];

  /** What KMS gives a key that is created without a policy: its account decides by IAM. Here any number of them. */
  private policyFor(accounts: readonly string[]): PolicyDocument {
    const AWS = [...new Set(accounts)].map((id) => this.kernel.arn("iam", "", id, "root"));
    const Principal = { AWS };
    return {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "EnableIAMUserPermissions",
          Effect: "Allow",
          Principal,
          Action: "kms:*",
          Resource: "*",
        },
      ],
    };
  }
}
