import { AwsError } from "../../../../kernel/errors.js";
import type { CommandParameter, CommandStep } from "./command-content.js";
import { references } from "./command-content.js";
import { own } from "../../../../own.js";
import { isRecord } from "../../../../../lib/record.js";

type Declared = Readonly<Record<string, CommandParameter>>;
export type Given = Readonly<Record<string, readonly string[]>>;

/** Checks what SendCommand was given against the document. @throws AwsError InvalidParameters */
export function checkParameters(declared: Declared, given: Given): void {
  const problems: string[] = [];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(declared, name))
      problems.push(`parameter ${name} is not defined in the document`);
  }
  for (const [name, parameter] of Object.entries(declared)) {
    const values = own(given, name);
    if (values === undefined) {
      if (parameter.default === undefined) problems.push(`parameter ${name} is required`);
    } else {
      problems.push(...valueProblems(name, parameter, values));
    }
  }
  if (problems.length > 0) throw new AwsError("InvalidParameters", problems.join("; "));
}

function valueProblems(
  name: string,
  parameter: CommandParameter,
  values: readonly string[],
): string[] {
  const {
    type,
    allowedValues,
    allowedPattern,
    minItems = 0,
    maxItems = Number.POSITIVE_INFINITY,
  } = parameter;
  const { minChars = 0, maxChars = Number.POSITIVE_INFINITY } = parameter;
  const problems: string[] = [];
  if (type !== "StringList" && values.length !== 1)
    problems.push(`parameter ${name} takes one value, got ${values.length}`);
  if (values.length < minItems || values.length > maxItems)
    problems.push(`parameter ${name} has ${values.length} values`);
  for (const value of values) {
    if (typeof value !== "string")
      problems.push(`parameter ${name}: expected text, got ${JSON.stringify(value)}`);
    else if (allowedValues !== undefined && !allowedValues.includes(value)) {
      problems.push(
        `parameter ${name} does not allow "${value}" (allowed: ${allowedValues.join(", ")})`,
      );
    } else if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(value)) {
      problems.push(`parameter ${name} does not match ${allowedPattern}: "${value}"`);
    } else if (value.length < minChars || value.length > maxChars) {
      problems.push(`parameter ${name} has ${value.length} characters`);
    } else if (type === "StringMap" && !isStringMap(value)) {
      problems.push(`parameter ${name} takes a JSON object of texts, got "${value}"`);
    }
  }
  return problems;
}

function isStringMap(value: string): boolean {
  try {
    const data: unknown = JSON.parse(value);
    return isRecord(data) && Object.values(data).every((text) => typeof text === "string");
  } catch {
    return false;
  }
}

export interface Resolved {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** References that are left, because the local cloud does not resolve them: `ssm:name`, `platform:…`. */
  readonly unresolved: readonly string[];
}

/** A step's inputs with the values of parameters in place of `{{ name }}`, as the agent gets them. */
export function resolveInputs(step: CommandStep, declared: Declared, given: Given): Resolved {
  const values = new Map<string, unknown>();
  const environment: Record<string, string> = {};
  for (const [name, parameter] of Object.entries(declared)) {
    const value = valueOf(parameter, own(given, name));
    // Source: user guide, "Data elements and parameters", interpolationType.
    if (parameter.interpolationType === "ENV_VAR") environment[`SSM_${name}`] = String(value);
    else values.set(name, value);
  }
  const inputs = substitute(step.inputs, values) as Readonly<Record<string, unknown>>;
  const unresolved = references(step.inputs).filter((name) => !(name in declared));
  return {
    inputs: Object.keys(environment).length === 0 ? inputs : { ...inputs, environment },
    unresolved,
  };
}

function valueOf(parameter: CommandParameter, given: readonly string[] | undefined): unknown {
  if (given === undefined) return parameter.default;
  return parameter.type === "StringList" ? given : given[0];
}

/** A text that is nothing but a reference becomes the value itself; inside a text, lists and maps become JSON. */
function substitute(data: unknown, values: ReadonlyMap<string, unknown>): unknown {
  if (Array.isArray(data)) return data.map((item) => substitute(item, values));
  if (isRecord(data)) {
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, substitute(value, values)]),
    );
  }
  if (typeof data !== "string") return data;
  const whole = /^\{\{\s*([\w.-]+)\s*\}\}$/.exec(data)?.[1];
  if (whole !== undefined && values.has(whole)) return values.get(whole);
  return data.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (reference, name: string) => {
    const value = values.get(name);
    if (value === undefined) return reference;
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}
