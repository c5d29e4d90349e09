import type { Kernel } from "../../../../kernel/kernel.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Deployment, Properties } from "../../../../kernel/resource.js";
import { resourceType } from "../../../../kernel/resource.js";
import type { Parameter, ParameterType } from "./parameter.js";
import { notFound } from "./parameter.js";
import type { SsmParameters } from "./parameters.js";

interface ParameterInputs {
  readonly name: string;
  readonly type: ParameterType;
  readonly value?: string;
  readonly insecureValue?: string;
  readonly tier?: string;
  readonly keyId?: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly dataType?: string;
  readonly overwrite?: boolean;
}

/** The Pulumi resource: a parameter, whose every change of value is a version. */
export function parameterType(parameters: SsmParameters, kernel: Kernel) {
  return resourceType<ParameterInputs>({
    type: "aws:ssm/parameter:Parameter",
    models: [
      "name",
      "type",
      "value",
      "insecureValue",
      "tier",
      "keyId",
      "description",
      "allowedPattern",
      "dataType",
      "overwrite",
      "tags",
    ],
    replaceOnChanges: ["name", "dataType"],
    autoname: "name",
    create: (inputs, at) => {
      const existing = parameters.parameters.in(at.account, at.region).get(inputs.name);
      if (existing !== undefined && inputs.overwrite !== true) {
        throw new AwsError(
          "ParameterAlreadyExists",
          `The parameter ${inputs.name} already exists.`,
        );
      }
      return { id: inputs.name, outputs: outputsOf(put(parameters, inputs, at), inputs) };
    },
    update: (id, inputs, at) => {
      const found = parameters.parameters.in(at.account, at.region).get(id);
      if (found === undefined) throw notFound(id);
      if (found.tier === "Advanced" && inputs.tier === "Standard") {
        kernel.reportNotRehearsed("aws:ssm/parameter:Parameter, change from Advanced to Standard");
      }
      return outputsOf(put(parameters, inputs, at), inputs);
    },
    delete: (id, at) => void parameters.remove(at, id),
  });
}

function put(parameters: SsmParameters, inputs: ParameterInputs, at: Deployment): Parameter {
  const { name, type, keyId, tier, description, allowedPattern, dataType } = inputs;
  const value = inputs.value ?? inputs.insecureValue;
  if (value === undefined) {
    throw new AwsError("ValidationException", `Parameter "${name}" has no value`);
  }
  return parameters.put(at, {
    name,
    type,
    value,
    ...(keyId !== undefined && { keyId }),
    ...(tier !== undefined && { tier }),
    ...(description !== undefined && { description }),
    ...(allowedPattern !== undefined && { allowedPattern }),
    ...(dataType !== undefined && { dataType }),
  });
}

function outputsOf(parameter: Parameter, inputs: ParameterInputs): Properties {
  const { arn, values, tier, dataType, type } = parameter;
  return {
    arn,
    version: values.length,
    tier,
    dataType,
    ...(type === "SecureString" && { keyId: inputs.keyId ?? "alias/aws/ssm" }),
  };
}

/** The data source: public parameters and the account's own. */
export function parameterInvoke(parameters: SsmParameters, kernel: Kernel) {
  return (args: { name: string; withDecryption?: boolean }, at: Deployment): Properties => {
    const found = parameters.answer(args.name, at);
    const { Value: value, Type: type, Version: version, ARN: arn } = found;
    if (type === "SecureString" && args.withDecryption === false) {
      kernel.reportNotRehearsed("aws:ssm/getParameter:getParameter without decryption");
    }
    return {
      id: args.name,
      name: args.name,
      value,
      insecureValue: type === "SecureString" ? "" : value,
      type,
      version,
      arn,
    };
  };
}
