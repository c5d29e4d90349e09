import type { Command, ExecResult } from "just-bash";
import { parentOf } from "../filesystem.js";
import { hasGroup, hasUser } from "./accounts.js";
import type { CommandHost, Context, Options } from "./command.js";
import {
  command,
  fail,
  isDirectory,
  pathOf,
  readOptions,
  succeed,
  notRehearsed,
} from "./command.js";
import { parseMode } from "./modes.js";

const LONG = {
  mode: "m",
  directory: "d",
  owner: "o",
  group: "g",
  "target-directory": "t",
  "no-target-directory": "T",
  verbose: "v",
  "preserve-timestamps": "p",
};

/** `install` of coreutils. Owner and group must exist; the file system keeps neither. */
export function install(host: CommandHost): Command {
  return command("install", async (args, context) => {
    const options = readOptions(args, "cdDpTv", "mogt", LONG);
    if (options.unknown !== undefined) return notRehearsed(host, `install ${options.unknown}`);
    const refused = await checkOwner(options, context);
    if (refused !== undefined) return refused;
    const mode = parseMode(options.given.get("m") ?? "755");
    if (mode === undefined) return fail(`install: invalid mode ‘${options.given.get("m") ?? ""}’`);
    if (options.operands.length === 0) return fail("install: missing file operand");
    return options.given.has("d")
      ? makeDirectories(options.operands, mode, context)
      : copyFiles(options, mode, context);
  });
}

async function checkOwner({ given }: Options, context: Context): Promise<ExecResult | undefined> {
  const [owner, group] = [given.get("o"), given.get("g")];
  if (owner !== undefined && !(await hasUser(context, owner))) {
    return fail(`install: invalid user: ‘${owner}’`);
  }
  if (group !== undefined && !(await hasGroup(context, group))) {
    return fail(`install: invalid group: ‘${group}’`);
  }
  return undefined;
}

async function makeDirectories(
  names: readonly string[],
  mode: number,
  context: Context,
): Promise<ExecResult> {
  for (const name of names) {
    const path = pathOf(context, name);
    if ((await context.fs.exists(path)) && !(await isDirectory(context, path))) {
      return fail(`install: cannot create directory ‘${name}’: File exists`);
    }
    await context.fs.mkdir(path, { recursive: true });
    await context.fs.chmod(path, mode);
  }
  return succeed();
}

async function copyFiles(
  { given, operands }: Options,
  mode: number,
  context: Context,
): Promise<ExecResult> {
  const sources = [...operands];
  const target = given.get("t") ?? sources.pop() ?? "";
  if (sources.length === 0)
    return fail(`install: missing destination file operand after ‘${target}’`);
  const targetPath = pathOf(context, target);
  const leading = given.has("t") ? targetPath : parentOf(targetPath);
  if (given.has("D")) await context.fs.mkdir(leading, { recursive: true });
  const into = !given.has("T") && (given.has("t") || (await isDirectory(context, targetPath)));
  if (into ? !(await isDirectory(context, targetPath)) : sources.length > 1) {
    return fail(`install: target ‘${target}’ is not a directory`);
  }
  for (const source of sources) {
    const from = pathOf(context, source);
    const to = into ? `${targetPath}/${source.replace(/^.*\//, "")}` : targetPath;
    if (!(await context.fs.exists(from))) {
      return fail(`install: cannot stat ‘${source}’: No such file or directory`);
    }
    if (await isDirectory(context, from)) return fail(`install: omitting directory ‘${source}’`);
    if (!(await isDirectory(context, parentOf(to)))) {
      return fail(`install: cannot create regular file ‘${target}’: No such file or directory`);
    }
    // install unlinks an existing file, so a symbolic link is replaced and not followed.
    await context.fs.rm(to, { force: true });
    await context.fs.writeFile(to, await context.fs.readFileBuffer(from));
    await context.fs.chmod(to, mode);
  }
  return succeed();
}
