import type { Command, CommandName } from "just-bash";
import { getCommandNames } from "just-bash";
import { aws } from "./commands/aws.js";
import type { CommandHost } from "./commands/command.js";
import { command, notRehearsed } from "./commands/command.js";
import { chown, mktemp, realpath, silent, umask } from "./commands/files.js";
import { hostname, hostnamectl } from "./commands/hostname.js";
import { id, nproc, uname, whoami } from "./commands/identity.js";
import { install } from "./commands/install.js";
import { ls } from "./commands/ls.js";
import { needsRestarting } from "./commands/needs-restarting.js";
import { openssl } from "./commands/openssl.js";
import { df, free } from "./commands/resources.js";
import { rpm } from "./commands/rpm.js";
import { shell } from "./commands/shell.js";
import { ss } from "./commands/sockets.js";
import { date, timeout, touch, uptime } from "./commands/time.js";
import { notRehearsedCommands } from "./not-rehearsed-commands.js";

/** What just-bash offers and an Amazon Linux 2023 host has not: there it is "command not found", so here too. */
const FOREIGN = new Set([
  "html-to-markdown",
  "rg",
  "sqlite3",
  "tree",
  "xan",
  "yq",
  "js-exec",
  "python",
  "jq",
]);

/** just-bash's own commands that the host has. */
export function ownCommands(): CommandName[] {
  return getCommandNames().filter((name): name is CommandName => !FOREIGN.has(name));
}

/** The commands that just-bash lacks or does differently; those that nobody does are reported when they are used. */
export function hostCommands(host: CommandHost): Command[] {
  const own = [
    aws(host),
    install(host),
    mktemp(host),
    chown(host, "chown"),
    chown(host, "chgrp"),
    realpath(host),
    umask(host),
    silent("sync"),
    silent("logger"),
    id(host),
    whoami(),
    hostname(host),
    hostnamectl(host),
    uname(host),
    nproc(host),
    date(host),
    touch(host),
    uptime(host),
    timeout(host),
    df(host),
    free(host),
    ss(host),
    openssl(host),
    needsRestarting(host),
    rpm(host),
    ls(host),
    shell(host, "sh"),
    shell(host, "bash"),
  ];
  return [
    ...own,
    ...notRehearsedCommands().map((name) => command(name, () => notRehearsed(host, name))),
  ];
}
