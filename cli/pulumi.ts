import { execFile } from "node:child_process";
import { UserError } from "../lib/user-error.js";
import type { Session } from "./session.js";

/**
 * What a command of the Pulumi CLI prints, with whatever backend it is logged in to. `failure`: what to say where it fails;
 * `instead`: what to do where there is no Pulumi CLI.
 * @throws UserError
 */
export async function pulumi(
  { project }: Session,
  args: readonly string[],
  failure: string,
  instead?: string,
): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    execFile("pulumi", args, { cwd: project, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (error.code === "ENOENT") {
        const remedy = "install the Pulumi CLI and log in to the backend of the stacks";
        const other = instead === undefined ? "" : `, or ${instead}`;
        reject(
          new UserError(`pulumi: expected the command on the PATH, found none; ${remedy}${other}`),
        );
      } else
        reject(new UserError(`${failure}: ${stderr.trim() || stdout.trim() || error.message}`));
    });
  });
}
