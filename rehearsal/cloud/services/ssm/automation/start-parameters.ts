import type { GivenParameters } from "../../../../runbook/start-input.js";
import type { Parameter, Runbook } from "../../../../../runbooks/loader/runbook.js";
import type { Json, ValueType } from "../../../../../runbooks/loader/step.js";
import { shown } from "../../../../../lib/problem.js";
import { AwsError, NotRehearsed } from "../../../../kernel/errors.js";
import { fits } from "../../../../runbook/selection.js";
import { own } from "../../../../own.js";

/** What the picker types check. Source: User Guide, "Creating input parameters that populate AWS resources". */
const PICKER_PATTERNS: Readonly<Record<string, RegExp>> = {
  "AWS::EC2::Instance::Id": /^m?i-([a-z0-9]{8}|[a-z0-9]{17})$/,
  "AWS::IAM::Role::Arn": /^arn:(aws|aws-cn|aws-us-gov|aws-iso|aws-iso-b):iam::[0-9]{12}:role\/.*$/,
  "AWS::S3::Bucket::Name": /^[0-9a-z][a-z0-9\-.]{3,63}$/,
};

/**
 * The values of a runbook's parameters: given or default, each of its type.
 * @throws AwsError ValidationException for the API's own limits, InvalidAutomationExecutionParametersException for
 * what the runbook does not allow, all of it at once.
 */
export function parametersOf(runbook: Runbook, given: GivenParameters): Record<string, Json> {
  checkLimits(given);
  const problems = Object.keys(given)
    .filter((name) => own(runbook.parameters, name) === undefined)
    .map((name) => `${name} is no parameter of the document`);
  const values: Record<string, Json> = {};
  for (const [name, parameter] of Object.entries(runbook.parameters)) {
    const value = valueOf(name, parameter, own(given, name));
    if (typeof value === "object" && "problem" in value) problems.push(value.problem);
    else if (value !== undefined) values[name] = value.value;
  }
  if (problems.length === 0) return values;
  throw new AwsError("InvalidAutomationExecutionParametersException", `${problems.join("; ")}.`);
}

/** Source: API reference, AutomationParameterMap, -Key, -ValueList and -Value. */
function checkLimits(given: GivenParameters): void {
  const problems: string[] = [];
  const names = Object.keys(given);
  if (names.length > 200) problems.push("Parameters has at most 200 entries");
  for (const [name, values] of Object.entries(given)) {
    if (name.length < 1 || name.length > 50)
      problems.push(`the name ${name} has 1 to 50 characters`);
    if (!Array.isArray(values) || !values.every((value) => typeof value === "string")) {
      problems.push(`${name} is a list of strings, got ${shown(values)}`);
      continue;
    }
    if (values.length > 50) problems.push(`${name} has at most 50 values`);
    const wrong = values.find((value) => value.length < 1 || value.length > 512);
    if (wrong !== undefined)
      problems.push(`a value of ${name} has 1 to 512 characters, got ${shown(wrong)}`);
  }
  if (problems.length > 0) throw new AwsError("ValidationException", `${problems.join("; ")}.`);
}

type Checked = { readonly value: Json } | { readonly problem: string } | undefined;

function valueOf(
  name: string,
  parameter: Parameter,
  given: readonly string[] | undefined,
): Checked {
  if (given === undefined) {
    const { default: value } = parameter;
    if (typeof value === "string" && /^\{\{\s*ssm:/.test(value)) {
      throw new NotRehearsed(`parameter default ${value}`, "Parameter Store is not modelled");
    }
    return value === undefined ? { problem: `${name} is required` } : { value };
  }
  const type = valueType(parameter);
  const value = converted(type, given);
  if (value === undefined) return { problem: `${name} is a ${type}, got ${shown(given)}` };
  const problem = constraintProblem(name, parameter, value);
  return problem === undefined ? { value } : { problem };
}

function valueType({ type }: Parameter): ValueType {
  if (type.startsWith("List<")) return "StringList";
  return type.startsWith("AWS::") ? "String" : (type as ValueType);
}

/** The texts as a value of the type, or undefined where they are none. Maps come as JSON. */
function converted(type: ValueType, texts: readonly string[]): Json | undefined {
  if (type === "StringList") return [...texts];
  const [text] = texts;
  if (text === undefined || texts.length > 1) return undefined;
  if (type === "String") return text;
  try {
    const value = JSON.parse(text.toLowerCase() === "true" ? "true" : text) as Json;
    return fits(type, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function constraintProblem(name: string, parameter: Parameter, value: Json): string | undefined {
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value];
  const { allowedValues, allowedPattern, minItems, maxItems, minChars, maxChars } = parameter;
  const other = items.find((item) => allowedValues !== undefined && !includes(allowedValues, item));
  if (other !== undefined) {
    return `${name} is one of ${(allowedValues ?? []).map(String).join(", ")}; got ${shown(other)}`;
  }
  const pattern =
    allowedPattern === undefined
      ? PICKER_PATTERNS[parameter.type.replace(/^List<(.*)>$/, "$1")]
      : new RegExp(allowedPattern);
  const strange = items.find((item) => typeof item === "string" && pattern?.test(item) === false);
  if (strange !== undefined)
    return `${name} matches ${pattern?.source ?? ""}, got ${shown(strange)}`;
  if (Array.isArray(value)) {
    const ok = items.length >= (minItems ?? 0) && items.length <= (maxItems ?? Infinity);
    return ok ? undefined : `${name} has ${minItems ?? 0} to ${maxItems ?? "any number of"} items`;
  }
  const length = typeof value === "string" ? value.length : (minChars ?? 0);
  const fitting = length >= (minChars ?? 0) && length <= (maxChars ?? Infinity);
  return fitting
    ? undefined
    : `${name} has ${minChars ?? 0} to ${maxChars ?? "any number of"} characters`;
}

const includes = (allowed: readonly Json[], value: Json) =>
  allowed.some((candidate) => JSON.stringify(candidate) === JSON.stringify(value));
