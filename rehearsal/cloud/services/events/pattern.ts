import type { Membership, Occurrence } from "./fields.js";
import { occurrencesOf, sameElements } from "./fields.js";
import { isObject } from "./json.js";
import type { EventPattern, Step } from "./pattern-parse.js";

export { InvalidEventPattern } from "./invalid-event-pattern.js";
export type { EventPattern } from "./pattern-parse.js";
export { parsePattern } from "./pattern-parse.js";

/**
 * Whether EventBridge would hand this event to a rule with this pattern. Fields are asked in the order
 * of their names, as AWS's Event Ruler does: it decides what `exists: false` means inside an array of
 * objects.
 */
export function matches(pattern: EventPattern, event: unknown): boolean {
  if (!isObject(event)) return false;
  const known: Occurrence[][] = [];
  const find: Find = (field) =>
    (known[field] ??= occurrencesOf(pattern.fields[field] ?? "", event));
  return pattern.alternatives.some((steps) => satisfied(steps, 0, NOWHERE, find));
}

type Find = (field: number) => readonly Occurrence[];

const NOWHERE: Membership = new Map();

/** Whether the steps from `index` on hold for one choice of array elements, given those already chosen. */
function satisfied(steps: readonly Step[], index: number, chosen: Membership, find: Find): boolean {
  const step = steps[index];
  if (step === undefined) return true;
  let present = false;
  for (const { values, membership } of find(step.field)) {
    const together = sameElements(chosen, membership);
    if (together === undefined) continue;
    present = true;
    if (values.some(step.accepts) && satisfied(steps, index + 1, together, find)) return true;
  }
  return !present && step.acceptsAbsence && satisfied(steps, index + 1, chosen, find);
}
