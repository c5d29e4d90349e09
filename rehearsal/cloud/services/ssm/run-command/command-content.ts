import type { Content } from "../documents/document-content.js";
import { isRecord } from "../../../../../lib/record.js";
import { textAt } from "../documents/document-content.js";

/** A parameter that a Command document declares. */
export interface CommandParameter {
  readonly type: "String" | "StringList" | "StringMap";
  readonly default?: unknown;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minChars?: number;
  readonly maxChars?: number;
  /** `ENV_VAR`: the value reaches the script as an environment variable and is not pasted into it. */
  readonly interpolationType?: string;
}

/** One plugin that the agent runs. */
export interface CommandStep {
  readonly name: string;
  /** e.g. `aws:runShellScript` */
  readonly action: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** `platformType` and a platform, in either order: the step runs only there. */
  readonly precondition?: readonly [string, string];
  /** What of the step the local cloud does not do. */
  readonly notRehearsed: readonly string[];
}

export interface CommandContent {
  /** `2.2`, `2.0` or `1.2` */
  readonly schemaVersion: string;
  readonly parameters: Readonly<Record<string, CommandParameter>>;
  readonly steps: readonly CommandStep[];
}

/** The plugins of Command documents. Source: Systems Manager user guide, "Command document plugin reference". */
const PLUGINS = new Set(
  "applications cloudWatch configureDocker configurePackage domainJoin downloadContent psModule refreshAssociation runDockerAction runDocument runPowerShellScript runShellScript softwareInventory updateAgent updateSsmAgent"
    .split(" ")
    .map((name) => `aws:${name}`),
);

/** What AWS would refuse in a Command document; empty: nothing. */
export function commandProblems(content: Content): readonly string[] {
  const version = content["schemaVersion"];
  if (version !== "2.2" && version !== "2.0" && version !== "1.2") {
    return [`schemaVersion: expected 2.2 of a Command document, got ${JSON.stringify(version)}`];
  }
  const { parameters, steps } = readCommand(content);
  const problems: string[] = [];
  if (steps.length === 0) {
    problems.push(
      version === "1.2"
        ? "runtimeConfig: expected a plugin"
        : "mainSteps: expected at least one step",
    );
  }
  const names = new Set<string>();
  for (const [index, { name, action, inputs }] of steps.entries()) {
    const at = `mainSteps[${index}]`;
    if (!PLUGINS.has(action))
      problems.push(
        `${at}.action: no plugin of Command documents is called ${JSON.stringify(action)}`,
      );
    if (version !== "1.2" && !/^[a-zA-Z0-9]+$/.test(name)) {
      problems.push(`${at}.name: expected letters and digits, got ${JSON.stringify(name)}`);
    }
    if (names.has(name)) problems.push(`${at}.name: another step is called ${name}`);
    names.add(name);
    for (const reference of references(inputs)) {
      if (
        reference in parameters ||
        /^(ssm|ssm-secure|platform|global|automation):/.test(reference)
      )
        continue;
      problems.push(`${at}.inputs: {{ ${reference} }} is not a declared parameter`);
    }
  }
  for (const [name, { type }] of Object.entries(parameters)) {
    if (type === "String" || type === "StringList" || type === "StringMap") continue;
    problems.push(
      `parameters.${name}.type: expected String or StringList, got ${JSON.stringify(type)}`,
    );
  }
  return problems;
}

/** The steps of a Command document, of schema 1.2 (`runtimeConfig`) or 2.x (`mainSteps`). */
export function readCommand(content: Content): CommandContent {
  const declared = content["parameters"];
  const parameters = (isRecord(declared) ? declared : {}) as CommandContent["parameters"];
  const schemaVersion = String(content["schemaVersion"]);
  if (schemaVersion === "1.2")
    return { schemaVersion, parameters, steps: runtimeSteps(content["runtimeConfig"]) };
  const steps = Array.isArray(content["mainSteps"]) ? (content["mainSteps"] as unknown[]) : [];
  return { schemaVersion, parameters, steps: steps.map(mainStep) };
}

function runtimeSteps(config: unknown): readonly CommandStep[] {
  if (!isRecord(config)) return [];
  return Object.entries(config).flatMap(([action, plugin]) => {
    const properties = isRecord(plugin) ? plugin["properties"] : undefined;
    const sets: readonly unknown[] = Array.isArray(properties) ? properties : [properties];
    // The agent knows such a step by its plugin's name: `aws:runShellScript`.
    return sets.map((inputs) => ({
      name: action,
      action,
      inputs: isRecord(inputs) ? inputs : {},
      notRehearsed: [],
    }));
  });
}

const KNOWN_KEYS = new Set([
  "action",
  "name",
  "inputs",
  "precondition",
  "description",
  "maxAttempts",
  "timeoutSeconds",
]);

function mainStep(value: unknown): CommandStep {
  const step = isRecord(value) ? value : {};
  const inputs = isRecord(step["inputs"]) ? step["inputs"] : {};
  const precondition = isRecord(step["precondition"]) ? step["precondition"] : {};
  const equals = precondition["StringEquals"];
  const sides: readonly unknown[] = Array.isArray(equals) ? equals : [];
  const [left, right] = sides;
  const byPlatform = sides.length === 2 && sides.includes("platformType") && left !== right;
  const notRehearsed = Object.keys(step).filter((key) => !KNOWN_KEYS.has(key));
  if (step["precondition"] !== undefined && !byPlatform) notRehearsed.push("precondition");
  for (const key of ["onFailure", "onSuccess", "finallyStep"])
    if (key in inputs) notRehearsed.push(`inputs.${key}`);
  return {
    name: textAt(step, "name") ?? "",
    action: textAt(step, "action") ?? "",
    inputs,
    notRehearsed,
    ...(byPlatform && { precondition: [String(left), String(right)] as const }),
  };
}

/** The names between double braces anywhere in the data. */
export function references(data: unknown): readonly string[] {
  const text = JSON.stringify(data) ?? "";
  return [...text.matchAll(/\{\{\s*([\w:./-]+)\s*\}\}/g)].map(([, name = ""]) => name);
}

/** Plugins that exist on Windows only. Source: user guide, "Command document plugin reference". */
const WINDOWS_ONLY = ["aws:applications", "aws:cloudWatch", "aws:psModule"];

/** The platforms of a Command document by its plugins, as SSM returns them. */
export function commandPlatforms(content: Content): readonly string[] {
  const actions = new Set(readCommand(content).steps.map(({ action }) => action));
  if (WINDOWS_ONLY.some((action) => actions.has(action))) return ["Windows"];
  if (actions.size !== 1) return ["Windows", "Linux"];
  if (actions.has("aws:runShellScript")) return ["Linux", "MacOS"];
  return actions.has("aws:runPowerShellScript")
    ? ["Windows", "Linux", "MacOS"]
    : ["Windows", "Linux"];
}
