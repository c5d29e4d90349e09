import type { Path, Problem } from "../../lib/problem.js";
import type { Reference } from "./reference.js";
import { GLOBALS, referencesIn, referenceText } from "./reference.js";
import { predecessorsOf } from "./step-order.js";
import type { Step } from "./step.js";
import { isModelled } from "./step.js";

/** What the steps may refer to. */
export interface Declared {
  readonly parameters: readonly string[];
  readonly variables: readonly string[];
}

/** Outputs that every step of an action has, declared or not. Source: each action's page in the User Guide. */
const GIVEN_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  "aws:executeScript": ["Payload"],
  "aws:loop": ["CurrentIteration", "CurrentIteratorValue"],
  // Source: User Guide, "aws:executeAutomation".
  "aws:executeAutomation": ["ExecutionId", "Output", "Status"],
  "aws:runCommand": ["CommandId", "Output", "ResponseCode", "Status"],
};

/** Steps by name that can have an output where the reference stands. */
type Visible = ReadonlyMap<string, Step>;

/** Finds references to what does not exist, or not yet. */
export function referenceProblems(
  steps: readonly Step[],
  declared: Declared,
  path: Path,
  outer: Visible = new Map(),
): Problem[] {
  const before = predecessorsOf(steps);
  const byName = new Map(steps.map((step) => [step.name, step]));
  return steps.flatMap((step, i) => {
    const visible = new Map(outer);
    for (const name of before.get(step.name) ?? []) {
      const earlier = byName.get(name);
      if (earlier !== undefined) visible.set(name, earlier);
    }
    const check = (value: unknown, at: Path, seen: Visible): Problem[] =>
      referencesIn(value, at).flatMap(({ reference, path: place }) => {
        const reason = problemOf(reference, declared, seen);
        return reason === undefined ? [] : [{ path: place, reason }];
      });
    const at = [...path, i];
    if (step.action !== "aws:loop") return check(step, at, visible);
    const { Steps, LoopCondition, ...rest } = step.inputs;
    const inside = new Map(visible).set(step.name, step);
    const afterSteps = new Map([...inside, ...Steps.map((inner) => [inner.name, inner] as const)]);
    return [
      ...check({ ...step, inputs: rest }, at, visible),
      ...check(LoopCondition, [...at, "inputs", "LoopCondition"], afterSteps),
      ...referenceProblems(Steps, declared, [...at, "inputs", "Steps"], inside),
    ];
  });
}

function problemOf(
  reference: Reference,
  { parameters, variables }: Declared,
  visible: Visible,
): string | undefined {
  const text = referenceText(reference);
  const oneOf = (what: string, known: readonly string[]) =>
    `${text} refers to no ${what}: there ${known.length === 0 ? "is none" : `are ${known.join(", ")}`}`;
  switch (reference.kind) {
    case "parameter":
      return parameters.includes(reference.name) ? undefined : oneOf("parameter", parameters);
    case "variable":
      return variables.includes(reference.name) ? undefined : oneOf("variable", variables);
    case "global":
      return GLOBALS.some((name) => name === reference.name)
        ? undefined
        : oneOf("global variable", GLOBALS);
    case "automation":
      return reference.name === "EXECUTION_ID"
        ? undefined
        : oneOf("automation variable", ["EXECUTION_ID"]);
    case "ssm":
      return `${text} is allowed as a parameter's default only`;
    case "output":
      return outputProblem(reference.step, reference.output, text, visible);
  }
}

function outputProblem(
  name: string,
  output: string,
  text: string,
  visible: Visible,
): string | undefined {
  const step = visible.get(name);
  if (step === undefined) {
    return `${text} refers to no step that can have run before: there ${visible.size === 0 ? "is none" : `are ${[...visible.keys()].join(", ")}`}`;
  }
  // The outputs of other actions are not known here.
  if (!isModelled(step)) return undefined;
  const known = [
    ...(step.outputs ?? []).map(({ Name }) => Name),
    ...(GIVEN_OUTPUTS[step.action] ?? []),
  ];
  if (known.includes(output) || output === "OutputPayload") return undefined;
  return `${text} refers to no output of ${name}: it has ${known.join(", ") || "none"}`;
}

/** Parameters that nothing refers to. */
export function unusedParameters(document: {
  readonly assumeRole?: unknown;
  readonly mainSteps?: unknown;
  readonly parameters: Readonly<Record<string, unknown>>;
}): Problem[] {
  const { assumeRole, mainSteps } = document;
  const used = new Set(
    referencesIn([assumeRole, mainSteps]).map(({ reference }) =>
      reference.kind === "parameter" ? reference.name : undefined,
    ),
  );
  return Object.keys(document.parameters)
    .filter((name) => !used.has(name))
    .map((name) => ({
      path: ["parameters", name],
      reason: "nothing refers to it: use it or remove it",
    }));
}
