import { shellWord } from "../../../lib/shell-word.js";
import type { Command } from "just-bash";
import type { CommandHost } from "./command.js";
import { command, fail, pathOf, readOptions, succeed, notRehearsed } from "./command.js";

/** `date`: just-bash's own, with the virtual time as now. */
export function date(host: CommandHost): Command {
  return command("date", async (args, context) => {
    const own = (list: string[]) => context.origCommand?.(list) ?? notRehearsed(host, "date");
    const option = args.find((arg) => /^(-d|--date|-r|--reference|-f|--file|-s|--set)/.test(arg));
    if (option === undefined) return own(["-d", `@${Math.floor(host.now / 1000)}`, ...args]);
    const text =
      /^--date=(.*)$/s.exec(option)?.[1] ?? (option === "-d" ? args[args.indexOf(option) + 1] : "");
    // As certificates have it: `Jan  5 08:00:00 2027 GMT`.
    const at = /^[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4} GMT$/.test(text ?? "")
      ? Date.parse(text ?? "")
      : Number.NaN;
    if (!Number.isNaN(at))
      return own(
        args.map((arg) =>
          arg === text ? `@${at / 1000}` : arg.replace(/^(--date=).*/, `$1@${at / 1000}`),
        ),
      );
    // What counts from now (`1 hour ago`, `tomorrow`) would count from the real time.
    return /^(@\d+|\d{4}-\d\d.*)$/.test(text ?? "")
      ? own(args)
      : notRehearsed(host, `date ${args.join(" ")}`);
  });
}

/** `touch`: just-bash's own sets the real time; a time that is given is left to it. */
export function touch(host: CommandHost): Command {
  return command("touch", async (args, context) => {
    const { given, operands, unknown } = readOptions(args, "acm", "", { "no-create": "c" });
    if (unknown !== undefined)
      return (await context.origCommand?.(args)) ?? notRehearsed(host, "touch");
    const now = new Date(host.now);
    for (const operand of operands) {
      const path = pathOf(context, operand);
      try {
        if (await context.fs.exists(path)) await context.fs.utimes(path, now, now);
        else if (!given.has("c")) await context.fs.writeFile(path, "");
      } catch {
        return fail(`touch: cannot touch '${operand}': No such file or directory`);
      }
    }
    return operands.length === 0 ? fail("touch: missing file operand") : succeed();
  });
}

/** `uptime`, and `/proc/uptime`'s text. */
export function uptime(host: CommandHost): Command {
  return command("uptime", (args) => {
    const { given, unknown } = readOptions(args, "ps", "", { pretty: "p", since: "s" });
    if (unknown !== undefined) return notRehearsed(host, `uptime ${unknown}`);
    if (given.has("s")) {
      return succeed(`${new Date(host.bootTime).toISOString().slice(0, 19).replace("T", " ")}\n`);
    }
    const minutes = Math.floor((host.now - host.bootTime) / 60_000);
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    if (given.has("p"))
      return succeed(hours === 0 ? `up ${rest} minutes\n` : `up ${hours} hours, ${rest} minutes\n`);
    const clock = new Date(host.now).toISOString().slice(11, 19);
    const span = hours === 0 ? `${rest} min` : `${hours}:${String(rest).padStart(2, "0")}`;
    return succeed(` ${clock} up ${span},  0 users,  load average: 0.00, 0.00, 0.00\n`);
  });
}

export function uptimeFile(now: number, bootTime: number): string {
  const seconds = ((now - bootTime) / 1000).toFixed(2);
  return `${seconds} ${seconds}\n`;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * `timeout DURATION COMMAND`, in virtual time. A `sleep` is cut; of another command that takes longer nobody knows what it had
 * done by then, so that is not rehearsed. Source: GNU coreutils manual, "timeout": 124 where the time was up.
 */
export function timeout(host: CommandHost): Command {
  return command("timeout", async (args, context) => {
    const use = `timeout ${args.join(" ")}`;
    const [limit, ...rest] = args;
    const seconds = inSeconds(limit);
    if (seconds === undefined || rest.length === 0 || context.exec === undefined)
      return notRehearsed(host, use);
    const asleep = rest.length === 2 && rest[0] === "sleep" ? inSeconds(rest[1]) : undefined;
    const isCut = asleep !== undefined && seconds > 0 && asleep > seconds;
    const words = isCut ? ["sleep", String(seconds)] : rest;
    const start = host.now;
    const { cwd, stdin } = context;
    const options = { cwd, stdin: stdin as unknown as string, stdinKind: "bytes" as const };
    const result = await context.exec(words.map(shellWord).join(" "), options);
    if (isCut) return { ...result, exitCode: 124 };
    const isLate = seconds > 0 && host.now - start > seconds * 1000;
    return isLate ? notRehearsed(host, `${use}, whose command takes longer`) : result;
  });
}

function inSeconds(text = ""): number | undefined {
  const [, value = "", unit = "s"] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text) ?? [];
  return value === "" ? undefined : Number(value) * (UNITS[unit] ?? 1);
}
