import type { Command } from "commander";
import { Option } from "commander";
import { createRequire } from "node:module";
import type { AddCommand } from "../add-command.js";
import type { FailuresOptions } from "./failures.js";
import type { RedriveOptions } from "./redrive.js";

/** Loads what an action needs when it runs: the SDKs take seconds. tsx does not transform import() in CommonJS. */
const load = createRequire(__filename);

/** `fleet bootstrap`: the failed bootstraps of a member's hosts. */
export const addBootstrapCommands: AddCommand = (parent, session) => {
  const bootstrap = parent
    .command("bootstrap")
    .description("Bootstraps of a member's hosts that failed: why, and once more.");
  ofMember(bootstrap.command("failures"))
    .description(
      "Lists the hosts whose bootstrap could not be started or failed, with the cause; deletes nothing.",
    )
    .option("--json", "print every message as data")
    .addHelpText("after", "\nExit code: 0 there is none; 2 there are some.")
    .action(async (options: FailuresOptions) => {
      const { failures } = load("./failures.js") as typeof import("./failures.js");
      await failures(options, session);
    });
  ofMember(bootstrap.command("redrive"))
    .description(
      "Asks for these bootstraps again. A host's messages are deleted once its event is accepted.",
    )
    .option("--instance <id...>", "only these hosts")
    .addOption(
      new Option("--queue <queue>", "only this queue").choices(["dead-letters", "failures"]),
    )
    .option("--yes", "do not ask before more than one host is touched")
    .option("--drop-gone", "delete the messages of instances that are gone, or of none")
    .option("--json", "print the outcome as data")
    .addHelpText(
      "after",
      "\nExit code: 0 all are asked for; 1 nothing was sent; 2 some were not, and their messages are still there.",
    )
    .action(async (options: RedriveOptions) => {
      const { redrive } = load("./redrive.js") as typeof import("./redrive.js");
      await redrive(options, session);
    });
};

function ofMember(command: Command): Command {
  return command
    .option("--stack <stack>", "the member stack", "member")
    .option("--outputs <file>", "what pulumi stack output --json prints, instead of asking it")
    .option("--region <region>", "only this Region");
}
