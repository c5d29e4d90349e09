import type { Command } from "just-bash";
import type { CommandHost, Context } from "./command.js";
import { command, pathOf, notRehearsed } from "./command.js";

/**
 * `ls`: just-bash's own, which gives every file of a long listing the same mode and owner, and puts empty lines
 * between files; here they are the file's own, and there are none.
 */
export function ls(host: CommandHost): Command {
  return command("ls", async (args, context) => {
    const given = (await context.origCommand?.(args)) ?? notRehearsed(host, "ls");
    const options = args.filter((arg) => /^-[^-]/.test(arg)).join("");
    const operands = args.filter((arg) => !arg.startsWith("-"));
    const [first = "."] = operands;
    const folders = await Promise.all(operands.map((operand) => isDirectoryAt(context, operand)));
    const onlyFiles = operands.length > 0 && (options.includes("d") || !folders.includes(true));
    const result = onlyFiles ? { ...given, stdout: given.stdout.replaceAll("\n\n", "\n") } : given;
    if (!options.includes("l")) return result;
    const asFiles = options.includes("d") || !(await isDirectoryAt(context, first));
    let folder = asFiles ? context.cwd : pathOf(context, first);
    const lines: string[] = [];
    for (const line of result.stdout.split("\n")) {
      const heading = /^(.+):$/.exec(line)?.[1];
      if (heading !== undefined) folder = pathOf(context, heading);
      lines.push(await corrected(line, folder, context));
    }
    return { ...result, stdout: lines.join("\n") };
  });
}

async function corrected(line: string, folder: string, context: Context): Promise<string> {
  const [, size, time, name] =
    /^[d-].{9} \d+ user user +(\d+) (\w+ +\d+ +[\d:]+) (.+)$/.exec(line) ?? [];
  if (size === undefined || time === undefined || name === undefined) return line;
  const plain = name.length > 1 ? name.replace(/\/$/, "") : name;
  const path = context.fs.resolvePath(folder, plain);
  const found = await context.fs.lstat(path).catch(() => undefined);
  if (found === undefined) return line;
  const kind = found.isSymbolicLink ? "l" : found.isDirectory ? "d" : "-";
  const target = found.isSymbolicLink ? ` -> ${await context.fs.readlink(path)}` : "";
  return `${kind}${modeText(found.mode)} 1 root root ${size.padStart(5)} ${time} ${plain}${target}`;
}

async function isDirectoryAt(context: Context, operand: string): Promise<boolean> {
  const found = await context.fs.stat(pathOf(context, operand)).catch(() => undefined);
  return found?.isDirectory === true;
}

/** `rwxr-x---` */
function modeText(mode: number): string {
  return [6, 3, 0]
    .map((shift) => (mode >> shift) & 7)
    .map((bits) => `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${bits & 1 ? "x" : "-"}`)
    .join("");
}
