import type { Command, ExecResult, ResolvedCommandContext } from "just-bash";
import { defineCommand } from "just-bash";
import type { HostFacts } from "../layout.js";
import type { AwsCall } from "../role-call.js";
import { own } from "../../own.js";

/** What the commands of a host know about it. */
export interface CommandHost {
  readonly facts: HostFacts;
  /** Milliseconds since the epoch, virtual. */
  readonly now: number;
  /** Milliseconds since the epoch of the last boot. */
  readonly bootTime: number;
  /** Letters and digits, others each time: for names of temporary files. */
  unique(length: number): string;
  /** Calls AWS with the credentials of the host's role. @throws AwsError */
  call(request: AwsCall): Promise<unknown>;
  /** A command was used that the local shell does not have. */
  reportNotRehearsed(subject: string): void;
}

export type Context = ResolvedCommandContext;
export type Implementation = (args: string[], context: Context) => Promise<ExecResult> | ExecResult;

export function command(name: string, run: Implementation): Command {
  return defineCommand(name, async (args, context) => run(args, context));
}

export function succeed(stdout = ""): ExecResult {
  return { stdout, stderr: "", exitCode: 0 };
}

export function fail(message: string, exitCode = 1): ExecResult {
  return { stdout: "", stderr: `${message}\n`, exitCode };
}

/** A use of a command that the local shell does not do: reported, and a failure like that of an unknown command. */
export function notRehearsed(host: CommandHost, use: string): ExecResult {
  host.reportNotRehearsed(`shell command: ${use}`);
  return fail(
    `${use}: command not found (not rehearsed: a real host has it, the local shell has not)`,
    127,
  );
}

export interface Options {
  /** Flags and options by name, without dashes; the value of a flag is "". The last one given wins. */
  readonly given: ReadonlyMap<string, string>;
  /** All values of an option that may be given several times. */
  readonly all: (name: string) => readonly string[];
  readonly operands: readonly string[];
  /** The first option that is not listed, as it was written. */
  readonly unknown?: string;
}

/**
 * Reads options as getopt_long does: `-ab`, `-mVALUE`, `-m VALUE`, `--name=VALUE`, `--`.
 * `flags` and `valued` hold one-letter options; `long` gives the short form of a long name.
 */
export function readOptions(
  args: readonly string[],
  flags: string,
  valued = "",
  long: Readonly<Record<string, string>> = {},
): Options {
  const given = new Map<string, string>();
  const values: (readonly [name: string, value: string])[] = [];
  const all = (name: string) =>
    values.flatMap(([option, value]) => (option === name ? [value] : []));
  const operands: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--") {
      operands.push(...rest.splice(0));
    } else if (arg.startsWith("--")) {
      const [name = "", value] = arg.slice(2).split(/=(.*)/s);
      const short = own(long, name);
      if (short === undefined) return { given, all, operands, unknown: arg };
      given.set(short, valued.includes(short) ? (value ?? rest.shift() ?? "") : "");
      values.push([short, given.get(short) ?? ""]);
    } else if (/^-./.test(arg)) {
      const unknown = readShort(arg.slice(1), { flags, valued, given, values, rest });
      if (unknown !== undefined) return { given, all, operands, unknown: `-${unknown}` };
    } else {
      operands.push(arg);
    }
  }
  return { given, all, operands };
}

interface Reading {
  readonly flags: string;
  readonly valued: string;
  readonly given: Map<string, string>;
  readonly values: (readonly [name: string, value: string])[];
  readonly rest: string[];
}

/** Reads what follows a dash; gives the first letter that is no option. */
function readShort(
  letters: string,
  { flags, valued, given, values, rest }: Reading,
): string | undefined {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters.charAt(at);
    if (valued.includes(letter)) {
      given.set(letter, letters.slice(at + 1) || (rest.shift() ?? ""));
      values.push([letter, given.get(letter) ?? ""]);
      return undefined;
    }
    if (!flags.includes(letter)) return letter;
    given.set(letter, "");
  }
  return undefined;
}

/** The path that an operand names. */
export function pathOf(context: Context, operand: string): string {
  return context.fs.resolvePath(context.cwd, operand);
}

export async function isDirectory(context: Context, path: string): Promise<boolean> {
  const found = await context.fs.stat(path).catch(() => undefined);
  return found?.isDirectory === true;
}
