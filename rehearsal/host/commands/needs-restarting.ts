import type { Command } from "just-bash";
import type { CommandHost } from "./command.js";
import { command, succeed, notRehearsed } from "./command.js";

/**
 * `needs-restarting -r`: whether something was updated since the start that wants a reboot. Here nothing updates a host.
 * Source: its manual page, and plugins/needs_restarting.py of dnf-plugins-core for the words.
 */
export function needsRestarting(host: CommandHost): Command {
  return command("needs-restarting", (args) => {
    if (args.join(" ") !== "-r" && args.join(" ") !== "--reboothint")
      return notRehearsed(host, `needs-restarting ${args.join(" ")}`.trim());
    return succeed(
      "No core libraries or services have been updated since boot-up.\nReboot should not be necessary.\n",
    );
  });
}
