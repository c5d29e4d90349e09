import type { Path, Problem } from "../../lib/problem.js";
import type { Step } from "./step.js";

/** A step that may come next, and the place in the document that says so. */
export interface Successor {
  readonly name: string;
  readonly path: Path;
}

/** Every step that may follow the one at `index`, in the words of the document. */
export function successorsOf(steps: readonly Step[], index: number, path: Path): Successor[] {
  const step = steps[index];
  if (step === undefined) return [];
  const at = (...more: (string | number)[]): Path => [...path, index, ...more];
  const found: Successor[] = [];
  for (const key of ["onFailure", "onCancel"] as const) {
    const target = step[key]?.startsWith("step:") ? step[key].slice("step:".length) : undefined;
    if (target !== undefined) found.push({ name: target, path: at(key) });
  }
  if (step.action === "aws:branch") {
    const { Choices, Default } = step.inputs;
    Choices.forEach(({ NextStep }, i) =>
      found.push({ name: NextStep, path: at("inputs", "Choices", i, "NextStep") }),
    );
    // With Default no way leads past the branch.
    if (Default !== undefined) return [...found, { name: Default, path: at("inputs", "Default") }];
  }
  if (isTrue(step.isEnd)) return found;
  if (step.nextStep !== undefined) found.push({ name: step.nextStep, path: at("nextStep") });
  const next = steps[index + 1];
  if (step.nextStep === undefined && next !== undefined)
    found.push({ name: next.name, path: at() });
  return found;
}

/** AWS takes `true` and `"true"`. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

/** For every step the names of those that can have run before it. */
export function predecessorsOf(steps: readonly Step[]): Map<string, ReadonlySet<string>> {
  const reachable = new Map<string, Set<string>>(steps.map(({ name }) => [name, new Set()]));
  const follow = (from: string, index: number): void => {
    for (const { name } of successorsOf(steps, index, [])) {
      const before = reachable.get(name);
      if (before === undefined || before.has(from)) continue;
      before.add(from);
      follow(
        from,
        steps.findIndex((step) => step.name === name),
      );
    }
  };
  steps.forEach(({ name }, i) => follow(name, i));
  return reachable;
}

/** Finds duplicate names, successors that do not exist, and circles. */
export function orderProblems(steps: readonly Step[], path: Path): Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  steps.forEach(({ name }, i) => {
    if (names.has(name)) {
      problems.push({ path: [...path, i, "name"], reason: `two steps are called ${name}` });
    }
    names.add(name);
  });
  steps.forEach((_, i) => {
    for (const successor of successorsOf(steps, i, path)) {
      if (names.has(successor.name)) continue;
      const reason = `expected one of the steps ${[...names].join(", ")}, got ${successor.name}`;
      problems.push({ path: successor.path, reason });
    }
  });
  // A duplicate name does not say which step it leads to.
  const circle = names.size < steps.length ? undefined : circleIn(steps);
  if (circle !== undefined) {
    const reason = `the steps go in a circle: ${circle.join(" -> ")} (AWS refuses it; use aws:loop)`;
    problems.push({ path, reason });
  }
  return problems;
}

/** The names of a circle of steps, the first again at its end. */
function circleIn(steps: readonly Step[]): string[] | undefined {
  const done = new Set<string>();
  const walk = (index: number, trail: readonly string[]): string[] | undefined => {
    const name = steps[index]?.name;
    if (name === undefined || done.has(name)) return undefined;
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    for (const successor of successorsOf(steps, index, [])) {
      const next = steps.findIndex((step) => step.name === successor.name);
      const circle = walk(next, [...trail, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (let i = 0; i < steps.length; i++) {
    const circle = walk(i, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
