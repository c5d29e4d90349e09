import { createRequire } from "node:module";
import type { AddCommand } from "../add-command.js";
import type { AddOptions } from "./add.js";
import type { ListOptions } from "./list.js";

/** Loads what an action needs when it runs: the SDKs take seconds. tsx does not transform import() in CommonJS. */
const load = createRequire(__filename);

/** `fleet packages`: what the log stack publishes. */
export const addPackageCommands: AddCommand = (parent, session) => {
  const packages = parent
    .command("packages")
    .description("Software that the log stack publishes for the hosts of the member accounts.");
  packages
    .command("add")
    .description(
      "Adds a package, a variant or a version to the stack's file and to the lock of packages.",
    )
    .argument(
      "<file>",
      "a file or a folder in the project, or s3://bucket/tmp/… as it was uploaded",
    )
    .requiredOption("--name <name>", "the package; its document is <prefix>-package-<name>")
    .requiredOption(
      "--version <version>",
      "version of the package: 3-128 letters, digits, _ - or .",
    )
    .requiredOption("--os <os>", "linux, windows, or one platform such as amazon or ubuntu")
    .requiredOption("--arch <architecture>", "x86_64, arm64, 386 or _any")
    .requiredOption(
      "--install <line>",
      "one line of shell (Windows: PowerShell) that installs FILE",
    )
    .requiredOption("--uninstall <line>", "one line that removes what install put there")
    .requiredOption(
      "--share <accounts>",
      "ids of accounts with commas between, or * for the organisation",
    )
    .option("--validate <line>", "one line that succeeds where the package works")
    .option(
      "--secret <NAME=/parameter>",
      "a variable for install, read by the host from a parameter; may be given again",
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .option("--stack <stack>", "the log stack", "log")
    .option("--json", "print what was changed as data")
    .addHelpText(
      "after",
      "\nExample:\n  npx fleet packages add tools/agent --name agent --version 1.0.0 --os linux --arch x86_64 \\\n" +
        "    --install 'install -m 0755 agent /usr/local/bin/agent' --uninstall 'rm -f /usr/local/bin/agent' \\\n" +
        "    --share 222222222222",
    )
    .action(async (file: string, options: AddOptions) => {
      const { add } = load("./add.js") as typeof import("./add.js");
      await add(file, options, session);
    });
  packages
    .command("list")
    .description("Lists packages with versions, variants, shares, and whether the lock knows them.")
    .option("--stack <stack>", "the log stack", "log")
    .option(
      "--published",
      "compare with what the stack's last deployment published (pulumi stack output)",
    )
    .option("--json", "print them as data")
    .action(async (options: ListOptions) => {
      const { list } = load("./list.js") as typeof import("./list.js");
      await list(options, session);
    });
};
