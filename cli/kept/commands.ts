import { createRequire } from "node:module";
import type { AddCommand } from "../add-command.js";
import type { AdoptOptions } from "./adopt.js";

/** Loads what an action needs when it is taken: the SDKs take seconds. tsx does not see to import() in CommonJS. */
const load = createRequire(__filename);

/** `fleet adopt`: what was kept when it left a stack. */
export const addKeptCommands: AddCommand = (parent, session) => {
  parent
    .command("adopt")
    .description(
      "Writes the import file by which a stack takes back what was kept in the account when it left it.",
    )
    .requiredOption("--from <file>", "what pulumi stack export printed before it was removed")
    .option("--stack <stack>", "the stack, whose file declares it again", "log")
    .option("--out <file>", "where to write", "adopt.json")
    .addHelpText("after", "\nChanges nothing in AWS and in no stack. More in docs/removal.md.")
    .action(async (options: AdoptOptions) => {
      const { adopt } = load("./adopt.js") as typeof import("./adopt.js");
      await adopt(options, session);
    });
};
