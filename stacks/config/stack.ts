// What is wrong with a stack before any of its settings is read.
import type { ConfigProblem } from "./error.js";
import { didYouMean } from "../../lib/did-you-mean.js";

/**
 * The longest name of a stack, in characters. It is part of every name that Pulumi makes, as
 * `<resource>-<stack>-<7 digits>`, and AWS gives a queue 80 characters and a role 64: a test holds
 * this number to the longest names of resources that there are.
 */
export const maxStackName = 28;

/** Of a log stack's name a bucket's is made, which has no capitals. */
export function stackNameProblems(name: string): ConfigProblem[] {
  if (/^[a-z0-9][a-z0-9-]*$/.test(name) && name.length <= maxStackName) return [];
  const expected = `expected 1-${maxStackName} letters a-z, digits or -, as the names of resources are made of it`;
  const remedy = "rename the stack and its file";
  return [{ key: "stack", reason: `${expected}, got "${name}" (${name.length}); ${remedy}` }];
}

/** Settings that nobody reads, because their namespace is misspelt: `flet:vpc`. */
export function namespaceProblems(written: readonly string[]): ConfigProblem[] {
  return written.flatMap((key) => {
    const [namespace = "", ...rest] = key.split(":");
    const name = rest.join(":");
    if (namespace === "fleet" || didYouMean(namespace, ["fleet"]) === "") return [];
    return [
      { key, reason: `expected the namespace fleet, got "${namespace}"; write fleet:${name}` },
    ];
  });
}
