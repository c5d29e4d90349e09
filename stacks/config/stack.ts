// What is wrong with a stack before any of its settings is read.
import type { ConfigProblem } from "./error.js";
import { didYouMean } from "../../lib/did-you-mean.js";

/**
 * The longest name of a stack, in characters. It is part of every name that Pulumi makes, as
 * `<resource>-<stack>-<7 digits>`, and AWS gives a queue 80 characters and a role 64: a test holds
 * this number to the longest names of resources that there are.
 */
export const maxStackName = 28;

/** The name of a bucket contains the log stack's, and may have no capitals. */
export function stackNameProblems(name: string): ConfigProblem[] {
  if (/^[a-z0-9][a-z0-9-]*$/.test(name) && name.length <= maxStackName) return [];
  const expected = `expected 1-${maxStackName} letters a-z, digits or -, as the names of resources are made of it`;
  const remedy = "rename the stack and its file";
  return [{ key: "stack", reason: `${expected}, got "${name}" (${name.length}); ${remedy}` }];
}

/** Namespaces of settings that somebody reads: the program and Pulumi's engine. */
const read = ["fleet", "pulumi"];

/**
 * Settings that no program reads. Those of the namespace `aws` are for providers that a program does not make itself; this
 * one makes its only provider, from its own settings and the credentials at hand.
 */
export function namespaceProblems(written: readonly string[]): ConfigProblem[] {
  return written.flatMap((key) => {
    const [namespace = "", ...rest] = key.split(":");
    if (read.includes(namespace)) return [];
    const remedy = remedyFor(namespace, rest.join(":"));
    return [{ key, reason: `expected the namespace fleet, got "${namespace}"; ${remedy}` }];
  });
}

function remedyFor(namespace: string, name: string): string {
  if (didYouMean(namespace, ["fleet"]) !== "") return `write fleet:${name}`;
  if (namespace !== "aws") return "nobody reads it: remove it";
  if (name === "region") return "nobody reads it: the Region is the first of fleet:regions";
  return "nobody reads it: the provider has the credentials of the environment (AWS_PROFILE), or fleet:assumeRole";
}
