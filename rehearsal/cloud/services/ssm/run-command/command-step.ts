import type { CommandStep } from "./command-content.js";

/** What an agent does with a step, before it runs it. */
export type Decision =
  { readonly what: "run" } | { readonly what: "skip" | "fail"; readonly text: string };

const RUN: Decision = { what: "run" };

/** Plugins that the agents of one platform have. Source: agent's runpluginutil_windows.go and runpluginutil_unix.go. */
const ONLY_ON: Readonly<Record<string, string>> = {
  "aws:runShellScript": "linux",
  "aws:applications": "windows",
  "aws:cloudWatch": "windows",
  "aws:psModule": "windows",
};

/** Whether a step is for a platform. Source and words: agent's runpluginutil.go, getStepExecutionOperation. */
export function decide(step: CommandStep, schemaVersion: string, platform: string): Decision {
  const { name, action, precondition } = step;
  const hostPlatform = platform.toLowerCase();
  const isSupported = (ONLY_ON[action] ?? hostPlatform) === hostPlatform;
  if (schemaVersion !== "2.2") {
    if (isSupported) return RUN;
    const text = `Plugin with name ${action} is not supported in current platform. Step name: ${name}`;
    return { what: "fail", text };
  }
  if (!isSupported) {
    const text = `Step execution skipped due to unsupported plugin: ${action}. Step name: ${name}`;
    return { what: "skip", text };
  }
  if (precondition === undefined) return RUN;
  const wanted = precondition.find((side) => side !== "platformType") ?? "";
  if (wanted.toLowerCase() === hostPlatform) return RUN;
  const text = `Step execution skipped due to unsatisfied preconditions: '"StringEquals": [${precondition.join(", ")}]'. Step name: ${name}`;
  return { what: "skip", text };
}
