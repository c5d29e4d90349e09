import { isRecord } from "../lib/record.js";
import { pulumi } from "./pulumi.js";
import type { Session } from "./session.js";

/**
 * What a stack exports since its last deployment. `instead`: what to do where there is no Pulumi CLI.
 * @throws UserError where the CLI is missing or knows no such stack
 */
export async function stackOutputs(
  session: Session,
  stack: string,
  instead?: string,
): Promise<Readonly<Record<string, unknown>>> {
  const args = ["stack", "output", "--json", "--stack", stack, "--non-interactive"];
  const failure = `the outputs of stack ${stack} cannot be read`;
  const outputs: unknown = JSON.parse(await pulumi(session, args, failure, instead));
  return isRecord(outputs) ? outputs : {};
}
