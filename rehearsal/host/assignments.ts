import type { TransformPlugin } from "just-bash";

interface Node {
  readonly type?: string;
  [part: string]: unknown;
}

/**
 * just-bash gives an assignment the status of the command before it; in bash its status is 0, unless it has a command
 * substitution. With `set -e` that would end a script at `probe || code=$?`. The condition of an `if` may fail and still
 * see `$?`, so each such assignment becomes one: `if code=$?; then fi` is 0.
 */
export const assignmentsSucceed: TransformPlugin = {
  name: "assignments-succeed",
  transform: ({ ast }) => {
    walk(ast);
    return { ast };
  },
};

function walk(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (isAssignment(item)) value[index] = condition(item);
      else walk(item);
    }
    return;
  }
  // Inside of words there are commands only in substitutions, which are walked as well.
  for (const part of Object.values(value)) walk(part);
}

function isAssignment(node: unknown): node is Node {
  const { type, name, assignments, redirections } = (node ?? {}) as Node;
  return (
    type === "SimpleCommand" &&
    name === null &&
    (assignments as unknown[]).length > 0 &&
    (redirections as unknown[]).length === 0 &&
    !substitutes(assignments)
  );
}

function substitutes(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if ((value as Node).type === "CommandSubstitution") return true;
  return Object.values(value).some(substitutes);
}

function condition(command: Node): Node {
  const pipeline = { type: "Pipeline", commands: [command], negated: false };
  const statement = { type: "Statement", pipelines: [pipeline], operators: [], background: false };
  return {
    type: "If",
    clauses: [{ condition: [statement], body: [] }],
    elseBody: null,
    redirections: [],
  };
}
