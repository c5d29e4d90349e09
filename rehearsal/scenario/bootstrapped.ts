import type { JsonObject } from "../../runbooks/loader/step.js";
import type { AutomationExecution } from "../runbook/execution.js";
import { LAST_BOOTSTRAP_STEP } from "./product.js";

/**
 * Whether a run has made its host what the tags ask for. A run that succeeded need not have: its last step says `Gone`
 * where the instance went away meanwhile, and `Lost` where another run took over.
 */
export function hasBootstrapped({
  status,
  steps,
}: Pick<AutomationExecution, "status" | "steps">): boolean {
  if (status !== "Success") return false;
  const payload = steps.find(({ name }) => name === LAST_BOOTSTRAP_STEP)?.outputs["Payload"];
  return (
    typeof payload === "object" &&
    payload !== null &&
    !Array.isArray(payload) &&
    (payload as JsonObject)["Status"] === "Success"
  );
}
