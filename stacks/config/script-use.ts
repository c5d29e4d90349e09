// Checks what schedules and collections ask of library scripts against the scripts' headers.
import { join } from "node:path";
import { didYouMean } from "../../lib/did-you-mean.js";
import type { LibraryScript } from "../../scripts/loader/library.js";
import { readLibrary } from "../../scripts/loader/library.js";
import { parameterProblems, scriptParameters } from "../../scripts/loader/parameters.js";
import { ScriptError } from "../../scripts/loader/script.js";
import type { ConfigProblem } from "./error.js";

let known: readonly LibraryScript[] | undefined;

/** The log stack reports what is wrong with the scripts themselves. */
export function library(): readonly LibraryScript[] {
  try {
    return (known ??= readLibrary(join(__dirname, "..", "..", "scripts")));
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return [];
  }
}

/** Parameters that a script does not have or does not take, and those that it lacks. */
export function scriptUseProblems(
  key: string,
  name: string,
  given: Readonly<Record<string, string>>,
): ConfigProblem[] {
  const script = library().find((candidate) => candidate.name === name);
  // The outputs of the log stack say which scripts exist.
  if (script === undefined) return [];
  return parameterProblems(`script ${name}`, scriptParameters(script.parameters), given).map(
    ({ name: parameter, reason }) => ({ key: `${key}.parameters.${parameter}`, reason }),
  );
}

/** Rules that ask for fields that no line of the answer has. */
export function fieldProblems(
  key: string,
  name: string,
  rules: readonly { readonly field: string }[],
): ConfigProblem[] {
  const script = library().find((candidate) => candidate.name === name);
  if (script === undefined) return [];
  const fields = script.fields.map((field) => field.name);
  return rules.flatMap(({ field }, index) => {
    if (fields.includes(field)) return [];
    const known = fields.join(", ") || "none yet";
    const remedy = `declare it at the top of the script: # @field ${field} <description>`;
    const reason = `expected a field of script ${name} (${known}), got "${field}"${didYouMean(field, fields) || `; ${remedy}`}`;
    return [{ key: `${key}[${index}].field`, reason }];
  });
}
