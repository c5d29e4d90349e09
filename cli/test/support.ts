import { run } from "../program.js";
import type { Session } from "../session.js";

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** Runs `fleet` in a project; what it prints is given back. */
export async function fleet(
  project: string,
  args: readonly string[],
  more: Partial<Session> = {},
): Promise<CommandResult> {
  let [out, errors] = ["", ""];
  const code = await run(args, {
    project,
    folder: project,
    isTerminal: false,
    print: (text) => void (out += text),
    printError: (text) => void (errors += text),
    ...more,
  });
  return { code, out, errors };
}
