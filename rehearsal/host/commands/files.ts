import type { Command } from "just-bash";
import { hasGroup, hasUser } from "./accounts.js";
import type { CommandHost } from "./command.js";
import { command, fail, pathOf, readOptions, succeed, notRehearsed } from "./command.js";

/** `mktemp`: a file (0600) or directory (0700) with a name that is new. */
export function mktemp(host: CommandHost): Command {
  return command("mktemp", async (args, context) => {
    const { given, operands, unknown } = readOptions(args, "dutq", "p", {
      directory: "d",
      "dry-run": "u",
      quiet: "q",
      tmpdir: "p",
    });
    if (unknown !== undefined) return notRehearsed(host, `mktemp ${unknown}`);
    const template = operands[0] ?? "tmp.XXXXXXXXXX";
    const wanted = /X{3,}(?=[^X/]*$)/.exec(template)?.[0];
    if (wanted === undefined) return fail(`mktemp: too few X's in template ‘${template}’`);
    const name = template.replace(/X{3,}(?=[^X/]*$)/, host.unique(wanted.length));
    const inFolder = given.has("p") || given.has("t") || operands.length === 0;
    const folder = given.get("p") || (context.env.get("TMPDIR") ?? "/tmp");
    const path = pathOf(context, inFolder ? `${folder}/${name}` : name);
    if (given.has("u")) return succeed(`${path}\n`);
    try {
      if (given.has("d")) await context.fs.mkdir(path);
      else await context.fs.writeFile(path, "");
    } catch {
      return fail(
        `mktemp: failed to create file via template ‘${path}’: No such file or directory`,
      );
    }
    await context.fs.chmod(path, given.has("d") ? 0o700 : 0o600);
    return succeed(`${path}\n`);
  });
}

/** `chown` and `chgrp`: the names and the files are checked; the file system keeps no owners. */
export function chown(host: CommandHost, name: "chown" | "chgrp"): Command {
  return command(name, async (args, context) => {
    const { operands, unknown } = readOptions(args, "RhvcfHLP", "", {
      recursive: "R",
      "no-dereference": "h",
    });
    if (unknown !== undefined) return notRehearsed(host, `${name} ${unknown}`);
    const [owner = "", ...files] = operands;
    if (files.length === 0) return fail(`${name}: missing operand`);
    const [user, group] = name === "chgrp" ? [undefined, owner] : owner.split(/[:.]/);
    if (user && !(await hasUser(context, user))) return fail(`chown: invalid user: ‘${owner}’`);
    if (group && !(await hasGroup(context, group)))
      return fail(`${name}: invalid group: ‘${owner}’`);
    for (const file of files) {
      if (await context.fs.exists(pathOf(context, file))) continue;
      return fail(`${name}: cannot access '${file}': No such file or directory`);
    }
    return succeed();
  });
}

/** `realpath`: every part but the last must exist; with `-e` the last too, with `-m` none. */
export function realpath(host: CommandHost): Command {
  return command("realpath", async (args, context) => {
    const { given, operands, unknown } = readOptions(args, "emqsz", "", {
      "canonicalize-existing": "e",
      "canonicalize-missing": "m",
    });
    if (unknown !== undefined) return notRehearsed(host, `realpath ${unknown}`);
    const lines: string[] = [];
    for (const operand of operands) {
      const path = pathOf(context, operand);
      const real = await context.fs.realpath(path).catch(() => undefined);
      const parent = await context.fs
        .realpath(path.replace(/\/[^/]*$/, "") || "/")
        .catch(() => undefined);
      const missing = given.has("e")
        ? real === undefined
        : real === undefined && parent === undefined;
      if (missing && !given.has("m"))
        return fail(`realpath: ${operand}: No such file or directory`);
      lines.push(real ?? path);
    }
    return lines.length === 0
      ? fail("realpath: missing operand")
      : succeed(`${lines.join("\n")}\n`);
  });
}

/** `umask`: new files are made with 0022, as for root; another mask is not modelled. */
export function umask(host: CommandHost): Command {
  return command("umask", (args) => {
    if (args.length === 0) return succeed("0022\n");
    return /^0*22$/.test(args[0] ?? "") ? succeed() : notRehearsed(host, `umask ${args.join(" ")}`);
  });
}

/** `sync` has nothing to wait for; `logger` writes to the journal, which is not kept. */
export function silent(name: "sync" | "logger"): Command {
  return command(name, () => succeed());
}
