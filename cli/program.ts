import { Command, CommanderError } from "commander";
import type { AddCommand } from "./add-command.js";
import { addBootstrapCommands } from "./bootstrap/commands.js";
import { addKeptCommands } from "./kept/commands.js";
import { addPackageCommands } from "./packages/commands.js";
import { addRunCommands } from "./run/commands.js";
import type { Session } from "./session.js";
import { UserError } from "../lib/user-error.js";
import { EXIT } from "./session.js";

/** The groups of commands, in the order in which the help lists them. */
const GROUPS: readonly AddCommand[] = [
  addPackageCommands,
  addBootstrapCommands,
  addRunCommands,
  addKeptCommands,
];

/** Runs `fleet` with the arguments; gives the exit code. Never throws. */
export async function run(args: readonly string[], session: Session): Promise<number> {
  try {
    await fleet(session).parseAsync([...args], { from: "user" });
    return EXIT.ok;
  } catch (error) {
    const [code, text] = describeError(error);
    if (text !== "") session.printError(`${text}\n`);
    return code;
  }
}

function fleet(session: Session): Command {
  const program = new Command("fleet")
    .description("Looks after the fleet: packages, bootstraps, scripts.")
    .addHelpText(
      "after",
      "\nExit code: 0 done; 1 wrong input or no permission; 2 some of it failed. More in docs/cli.md.",
    )
    .configureOutput({
      writeOut: (text) => session.print(text),
      writeErr: (text) => session.printError(text),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    })
    // `fleet run` and its own commands share names of options.
    .enablePositionalOptions()
    .exitOverride();
  for (const add of GROUPS) add(program, session);
  return program;
}

/** The exit code and message of the error that ended a command; its stack is shown on request only. */
export function describeError(error: unknown): readonly [code: number, text: string] {
  // Commander has already printed its own errors.
  if (error instanceof CommanderError) return [error.exitCode === 0 ? EXIT.ok : EXIT.refused, ""];
  if (error instanceof UserError) return [error.exitCode, error.message];
  if (!(error instanceof Error)) return [EXIT.refused, String(error)];
  if (process.env["FLEET_TRACE"]) return [EXIT.refused, error.stack ?? error.message];
  // The SDK's errors are those of AWS: the name is the code.
  const code = "$metadata" in error ? `${error.name}: ` : "";
  return [EXIT.refused, `${code}${error.message} (FLEET_TRACE=1 shows where it comes from)`];
}
