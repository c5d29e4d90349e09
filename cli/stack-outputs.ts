import { execFile } from "node:child_process";
import { isRecord } from "../lib/record.js";
import type { Session } from "./session.js";
import { UserError } from "../lib/user-error.js";

/**
 * What a stack exports since its last deployment, by the Pulumi CLI with whatever backend it is logged in to. `instead`:
 * what to do where there is no Pulumi CLI.
 * @throws UserError where the CLI is missing or knows no such stack
 */
export async function stackOutputs(
  { project }: Session,
  stack: string,
  instead?: string,
): Promise<Readonly<Record<string, unknown>>> {
  const args = ["stack", "output", "--json", "--stack", stack, "--non-interactive"];
  const text = await new Promise<string>((resolve, reject) => {
    execFile("pulumi", args, { cwd: project, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (error.code === "ENOENT") {
        const remedy = "install the Pulumi CLI and log in to the backend of the stacks";
        const other = instead === undefined ? "" : `, or ${instead}`;
        reject(
          new UserError(`pulumi: expected the command on the PATH, found none; ${remedy}${other}`),
        );
      } else {
        const reason = stderr.trim() || error.message;
        reject(new UserError(`the outputs of stack ${stack} cannot be read: ${reason}`));
      }
    });
  });
  const outputs: unknown = JSON.parse(text);
  return isRecord(outputs) ? outputs : {};
}
