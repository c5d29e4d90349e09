import type { Keys, EventBus } from "../../../../kernel/ports.js";
import type { Kernel } from "../../../../kernel/kernel.js";
import type { Access } from "../../../../kernel/access.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import { operation } from "../../../../kernel/operation.js";
import { Regional } from "../../../../kernel/regional.js";
import { imageOfParameter } from "../../ec2/images.js";
import type { Parameter, PutInput, PutRequest } from "./parameter.js";
import {
  checkParameter,
  notFound,
  parameterResource,
  reference,
  requestOf,
  tierOf,
} from "./parameter.js";
import { parameterInvoke, parameterType } from "./parameter-resource.js";

interface ByName {
  /** A name, an ARN, either with `:version`. */
  readonly Name: string;
  readonly WithDecryption?: boolean;
}

type Place = Pick<Caller, "account" | "region">;

/** What Parameter Store uses of the rest of the cloud. */
export interface ParametersCloud extends Kernel {
  readonly kms: Keys;
  readonly events: EventBus;
}

/** Parameter Store: parameters with their versions, types, tiers and keys, and AWS's public ones for images. */
export class SsmParameters {
  readonly parameters = new Regional<Parameter>();
  readonly resourceTypes;
  readonly invokes;

  constructor(private readonly cloud: ParametersCloud) {
    this.resourceTypes = [parameterType(this, cloud)];
    this.invokes = { "aws:ssm/getParameter:getParameter": parameterInvoke(this, cloud) };
  }

  readonly operations = {
    GetParameter: operation<ByName, object>({
      access: (input, caller) => this.readAccess("ssm:GetParameter", [input.Name], input, caller),
      run: ({ Name }, caller) => ({ Parameter: this.answer(Name, caller) }),
    }),
    GetParameters: operation<
      { readonly Names: readonly string[]; readonly WithDecryption?: boolean },
      object
    >({
      access: (input, caller) => this.readAccess("ssm:GetParameters", input.Names, input, caller),
      run: ({ Names }, caller) => {
        if (Names.length > 10)
          throw new AwsError("ValidationException", "Names: 10 members at most");
        const found = Names.filter((name) => this.find(name, caller) !== undefined);
        return {
          Parameters: found.map((name) => this.answer(name, caller)),
          InvalidParameters: Names.filter((name) => !found.includes(name)),
        };
      },
    }),
    GetParametersByPath: operation<
      { readonly Path: string; readonly Recursive?: boolean; readonly WithDecryption?: boolean },
      object
    >({
      access: (input, caller) => [
        this.access("ssm:GetParametersByPath", input.Path, caller),
        ...this.under(input, caller).flatMap((found) => this.decryption(found, input)),
      ],
      run: (input, caller) => ({
        Parameters: this.under(input, caller).map(({ name }) => this.answer(name, caller)),
      }),
    }),
    PutParameter: operation<PutInput, object>({
      access: (input, caller) => {
        const { KeyId, Name, Type } = input;
        const own = this.access("ssm:PutParameter", Name, caller);
        if (Type !== "SecureString" || KeyId === undefined) return [own];
        // An advanced parameter is encrypted under a data key. Source: KMS developer guide, "How Parameter Store uses KMS".
        const action = input.Tier === "Advanced" ? "kms:GenerateDataKey" : "kms:Encrypt";
        return [own, ...this.keyAccess(KeyId, Name, action, caller)];
      },
      run: (input, caller) => {
        const before = this.parameters.in(caller.account, caller.region).get(input.Name);
        if (before !== undefined && input.Overwrite !== true) {
          throw new AwsError(
            "ParameterAlreadyExists",
            "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
          );
        }
        const put = this.put(caller, requestOf(input, before));
        return { Version: put.values.length, Tier: put.tier };
      },
    }),
    DeleteParameter: operation<{ readonly Name: string }, object>({
      access: (input, caller) => [this.access("ssm:DeleteParameter", input.Name, caller)],
      run: ({ Name }, caller) => {
        if (!this.remove(caller, Name)) throw notFound(Name);
        return {};
      },
    }),
  };

  /** Makes a parameter or a new version of one. @throws AwsError */
  put(place: Place, input: PutRequest): Parameter {
    checkParameter(input);
    const { account, region } = place;
    const { name, value, type, keyId, description, allowedPattern, dataType = "text" } = input;
    const before = this.parameters.in(account, region).get(name);
    const key =
      type === "SecureString" && keyId !== undefined && keyId !== "alias/aws/ssm"
        ? this.cloud.kms.usableKey(account, region, keyId).arn
        : undefined;
    const parameter: Parameter = {
      name,
      arn: this.cloud.arn("ssm", region, account, parameterResource(name)),
      account,
      region,
      type,
      tier: tierOf(input, before),
      dataType,
      ...(description !== undefined && { description }),
      ...(allowedPattern !== undefined && { allowedPattern }),
      ...(key !== undefined && { kmsKey: key }),
      modified: this.cloud.clock.now,
      values: [...(before?.values ?? []), value],
    };
    this.parameters.in(account, region).set(name, parameter);
    this.tellChange(parameter, before === undefined ? "Create" : "Update");
    return parameter;
  }

  /** False: there is none of the name. */
  remove({ account, region }: Place, name: string): boolean {
    const found = this.parameters.in(account, region).get(name);
    if (found === undefined) return false;
    this.parameters.in(account, region).delete(name);
    this.tellChange(found, "Delete");
    return true;
  }

  /** The parameter as the API gives it. @throws AwsError ParameterNotFound, ParameterVersionNotFound */
  answer(text: string, place: Place) {
    const { name, version } = reference(text);
    const image = imageOfParameter(name, place.region);
    if (image !== undefined) return this.publicParameter(name, image, place.region);
    const found = this.find(text, place);
    if (found === undefined) throw notFound(text);
    const value = found.values.at(version === undefined ? -1 : version - 1);
    if (value === undefined) {
      throw new AwsError(
        "ParameterVersionNotFound",
        `Systems Manager could not find version ${String(version)} of ${found.name}.`,
      );
    }
    return {
      Name: found.name,
      Type: found.type,
      Value: value,
      Version: version ?? found.values.length,
      LastModifiedDate: new Date(found.modified).toISOString(),
      ARN: found.arn,
      DataType: found.dataType,
    };
  }

  /** Source: SSM user guide, "Amazon EventBridge event examples for Systems Manager", Parameter Store. */
  private tellChange({ account, region, arn, name, type }: Parameter, change: string): void {
    this.cloud.events.emit({
      account,
      region,
      source: "aws.ssm",
      detailType: "Parameter Store Change",
      resources: [arn],
      detail: { operation: change, name, type },
    });
  }

  private publicParameter(name: string, Value: string, region: string) {
    const ARN = this.cloud.arn("ssm", region, "", parameterResource(name));
    return { Name: name, Type: "String", Value, Version: 1, ARN, DataType: "text" };
  }

  private find(text: string, { account, region }: Place): Parameter | undefined {
    return this.parameters.in(account, region).get(reference(text).name);
  }

  private under(
    { Path, Recursive = false }: { readonly Path: string; readonly Recursive?: boolean },
    { account, region }: Place,
  ): Parameter[] {
    const prefix = Path.endsWith("/") ? Path : `${Path}/`;
    return [...this.parameters.in(account, region).values()].filter(
      ({ name }) =>
        name.startsWith(prefix) && (Recursive || !name.slice(prefix.length).includes("/")),
    );
  }

  private readAccess(
    action: string,
    names: readonly string[],
    input: { readonly WithDecryption?: boolean },
    caller: Caller,
  ): Access[] {
    return names.flatMap((text) => {
      const found = this.find(text, caller);
      const own = this.access(action, reference(text).name, caller);
      return found === undefined ? [own] : [own, ...this.decryption(found, input)];
    });
  }

  private decryption(found: Parameter, input: { readonly WithDecryption?: boolean }): Access[] {
    if (found.kmsKey === undefined || input.WithDecryption !== true) return [];
    return this.keyAccess(found.kmsKey, found.name, "kms:Decrypt", found);
  }

  private keyAccess(key: string, name: string, action: string, place: Place): Access[] {
    const { account, region } = place;
    const context = {
      "kms:ViaService": `ssm.${region}.${this.cloud.partition.dnsSuffix}`,
      "kms:EncryptionContext:PARAMETER_ARN": this.cloud.arn(
        "ssm",
        region,
        account,
        parameterResource(name),
      ),
    };
    return this.cloud.kms.access(key, { account, region }, [action], context);
  }

  /** Public parameters belong to no account. */
  private access(action: string, name: string, { account, region }: Place): Access {
    const owner = name.startsWith("/aws/service/") ? "" : account;
    return {
      action,
      resource: this.cloud.arn("ssm", region, owner, parameterResource(name)),
      resourceAccount: account,
    };
  }
}
