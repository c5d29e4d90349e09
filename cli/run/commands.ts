import type { Command } from "commander";
import { Option } from "commander";
import { createRequire } from "node:module";
import type { AddCommand } from "../add-command.js";
import type { PruneOptions } from "./prune.js";
import type { RunOptions } from "./request.js";
import { PLATFORMS } from "./request.js";
import type { ResultsOptions } from "./results.js";
import type { RetryOptions } from "./retry.js";
import type { ListOptions, StatusOptions } from "./status.js";

/** Loads what an action needs when it runs: the SDKs take seconds. tsx does not transform import() in CommonJS. */
const load = createRequire(__filename);

const again = (value: string, before: readonly string[] = []) => [...before, value];

/** `fleet run`: a script over accounts, OUs and Regions. */
export const addRunCommands: AddCommand = (parent, session) => {
  const run = ofLogStack(parent.command("run"))
    .description(
      "Runs a script on hosts of many accounts and Regions, after a plan that you see first.",
    )
    .enablePositionalOptions()
    .option("--script <file>", "a .sh or a .ps1; may be given again, one for each platform", again)
    .option("--command <text>", "one line of shell, or of PowerShell with --platform windows")
    .option("--document <name>", "a script of the library, or a document that an earlier run made")
    .option("--parameter <NAME=VALUE>", "a parameter of the script; may be given again", again)
    .addOption(
      new Option("--platform <platform>", "whose shell a --command is for").choices(PLATFORMS),
    )
    .option("--target <target>", "tag:KEY=VALUE[,VALUE], resource-group:NAME or all")
    .option("--accounts <ids>", "these accounts, with commas between")
    .option("--ous <ids>", "all accounts in these organisational units (ou-…, r-…)")
    .option("--exclude <ids>", "but not these accounts or units")
    .option(
      "--regions <regions>",
      "Regions with commas between, or all; otherwise the first of the stack",
    );
  withLimits(run)
    .option("--plan", "show the plan and stop")
    .option("--wait", "stay until it ends (this is the default)")
    .option("--detach", "start it and leave")
    .option("--yes", "do not ask before more than one host is touched")
    .option("--json", "print one document of data")
    .addHelpText("after", `${EXAMPLES}${CODES}`)
    .action(async (options: RunOptions) => {
      const { runScript } = load("./run.js") as typeof import("./run.js");
      await runScript(options, session);
    });
  addAboutRuns(run, session);
  addAfterRuns(run, session);
};

const addAboutRuns: AddCommand = (run, session) => {
  ofLogStack(run.command("list"))
    .description("Lists the newest runs.")
    .option("--most <number>", "how many", "10")
    .option("--json", "print them as data")
    .action(async (options: ListOptions) => {
      const { list } = load("./status.js") as typeof import("./status.js");
      await list(options, session);
    });
  ofLogStack(run.command("status"))
    .description("Shows the progress of any run.")
    .argument("<run>", "the id of the run")
    .option("--wait", "follow it to its end")
    .option("--json", "print it as data")
    .addHelpText("after", CODES)
    .action(async (id: string, options: StatusOptions) => {
      const { status } = load("./status.js") as typeof import("./status.js");
      await status(id, options, session);
    });
  ofLogStack(run.command("stop"))
    .description("Stops a run: hosts that run the script may finish it, no others begin.")
    .argument("<run>", "the id of the run")
    .option("--json", "print what was stopped as data")
    .action(async (id: string, options: StatusOptions) => {
      const { stop } = load("./status.js") as typeof import("./status.js");
      await stop(id, options, session);
    });
};

const addAfterRuns: AddCommand = (run, session) => {
  ofLogStack(run.command("results"))
    .description("Shows what the hosts of a run printed, from Athena.")
    .argument("<run>", "the id of the run")
    .option("--stderr", "what they printed as errors")
    .option("--group", "hosts by the same answer")
    .option("--diff <run>", "lines that this earlier run has not, or has beyond")
    .option("--query <file>", "rows of your own SQL; a question mark in it is the run's id")
    .option("--json", "print them as data")
    .action(async (id: string, options: ResultsOptions) => {
      const { results } = load("./results.js") as typeof import("./results.js");
      await results(id, options, session);
    });
  ofLogStack(run.command("retry"))
    .description("Runs the same again on the hosts that failed or did not answer.")
    .argument("<run>", "the id of the run")
    .option("--failed", "only these hosts; it must be given")
    .option("--detach", "start it and leave")
    .option("--yes", "do not ask before more than one host is touched")
    .option("--json", "print one document of data")
    .addHelpText("after", CODES)
    .action(async (id: string, options: RetryOptions) => {
      const { retry } = load("./retry.js") as typeof import("./retry.js");
      await retry(id, options, session);
    });
  ofLogStack(run.command("prune"))
    .description("Deletes the documents that runs have made of scripts and commands.")
    .option("--older-than <days>", "only those made so many days ago", "30")
    .option("--yes", "do not ask")
    .option("--json", "print what was deleted as data")
    .action(async (options: PruneOptions) => {
      const { prune } = load("./prune.js") as typeof import("./prune.js");
      await prune(options, session);
    });
};

function withLimits(run: Command): Command {
  return run
    .option("--max-concurrency <hosts>", "hosts at once, in each account and Region", "50")
    .option("--max-errors <hosts>", "failed hosts with which it goes on, there", "10%")
    .option("--location-concurrency <accounts>", "accounts at once, in each Region", "10")
    .option("--location-errors <accounts>", "failed accounts with which it goes on", "100%")
    .option("--timeout <time>", "how long a host may take, as 90s, 10m, 2h; otherwise an hour")
    .option("--delivery-timeout <time>", "how long a host that is offline is waited for", "10m");
}

const EXAMPLES =
  "\nExamples:\n  npx fleet run --document facts --target tag:Role=web --ous ou-ab12-34567890 --regions all\n" +
  "  npx fleet run --script check.sh --script check.ps1 --parameter Days=30 --target all --plan\n";
const CODES =
  "\nExit code: 0 all hosts are well; 1 wrong input or no permission; 2 some failed;\n  3 stopped by too many errors.";

function ofLogStack(command: Command): Command {
  return command
    .option("--stack <stack>", "the log stack", "log")
    .option("--outputs <file>", "what pulumi stack output --json prints, instead of asking it")
    .option("--mfa <serial>", "your MFA device, where the operator role asks for one");
}
