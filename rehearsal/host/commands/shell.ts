import type { Command, ExecResult } from "just-bash";
import { decodeBytesToUtf8, parse } from "just-bash";
import { messageOf } from "../../kernel/errors.js";
import type { CommandHost, Context } from "./command.js";
import { command, fail, pathOf, succeed, notRehearsed } from "./command.js";

interface Invocation {
  /** Letters for `set -`. */
  readonly set: string;
  readonly script?: string;
  readonly fromStdin: boolean;
  readonly checkOnly: boolean;
  readonly operands: readonly string[];
}

/** `sh` and `bash`: just-bash's own know `-c` and a file; here are the options that scripts are started with. */
export function shell(host: CommandHost, name: "sh" | "bash"): Command {
  return command(name, async (args, context) => {
    const invocation = read(args);
    if (typeof invocation === "string") return notRehearsed(host, `${name} ${invocation}`);
    const own = (list: string[]) =>
      survive(async () => (await context.origCommand?.(list)) ?? notRehearsed(host, name));
    const { set, script, fromStdin, operands, checkOnly } = invocation;
    const prelude = set === "" ? "" : `set -${set}\n`;
    if (script !== undefined)
      return own(["-c", prelude + script, ...(operands.length === 0 ? [name] : operands)]);
    const [file, ...rest] = fromStdin ? [] : operands;
    if (file === undefined) {
      const text = decodeBytesToUtf8(context.stdin);
      return own(["-c", prelude + text, name, ...(fromStdin ? operands : [])]);
    }
    if (checkOnly) return checkSyntax(name, file, context);
    if (set === "") return own([file, ...rest]);
    const text = await context.fs.readFile(pathOf(context, file)).catch(() => undefined);
    // `$0` is the file's name.
    return own(text === undefined ? [file] : ["-c", prelude + text, file, ...rest]);
  });
}

/**
 * Runs a shell. just-bash gives up a whole script where a redirection of a simple command cannot be opened; bash
 * fails that one command. So the shell ends here with the error of that command, which is what `set -e` makes of it.
 */
export async function survive<Result extends ExecResult>(
  run: () => Promise<Result>,
): Promise<Result | ExecResult> {
  try {
    return await run();
  } catch (error) {
    const [, reason = "", path = ""] = /^(E[A-Z]+): .*'(.*)'$/.exec(messageOf(error)) ?? [];
    const text = ERRORS[reason];
    if (text === undefined) throw error;
    return fail(`bash: ${path}: ${text}`);
  }
}

const ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "No such file or directory",
  ENOTDIR: "Not a directory",
  ELOOP: "Too many levels of symbolic links",
};

/** Reads the options; a text is the option that is not known. */
function read(args: readonly string[]): Invocation | string {
  const rest = [...args];
  let [set, fromStdin, checkOnly, hasScript] = ["", false, false, false];
  for (let arg = rest[0]; arg !== undefined && /^-./.test(arg) && arg !== "--"; arg = rest[0]) {
    rest.shift();
    for (const letter of arg.slice(1)) {
      if ("eux".includes(letter)) set += letter;
      else if (letter === "s") fromStdin = true;
      else if (letter === "n") checkOnly = true;
      else if (letter === "c") hasScript = true;
      else return arg;
    }
  }
  if (rest[0] === "--") rest.shift();
  const script = hasScript ? (rest.shift() ?? "") : undefined;
  return { set, fromStdin, checkOnly, operands: rest, ...(script !== undefined && { script }) };
}

async function checkSyntax(name: string, file: string, context: Context): Promise<ExecResult> {
  const text = await context.fs.readFile(pathOf(context, file)).catch(() => undefined);
  if (text === undefined) return fail(`${name}: ${file}: No such file or directory`, 127);
  try {
    parse(text);
    return succeed();
  } catch (error) {
    return fail(`${file}: ${messageOf(error)}`, 2);
  }
}
