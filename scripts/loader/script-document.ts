// The Command document of a script: what `fleet run` makes of a file, and the log stack of the library.
import { timeoutParameter } from "./header.js";
import type { Script, ScriptParameter } from "./script.js";
import { ScriptError } from "./script.js";

export interface ScriptDocumentArgs {
  /** What people read in the list of documents. */
  readonly description: string;
  /** The parameters that its scripts read. */
  readonly parameters: readonly ScriptParameter[];
  /** Runs on Linux; hosts without a script skip their step and answer nothing. */
  readonly linux?: Script;
  /** Runs on Windows. */
  readonly windows?: Script;
  /** How long a host may take unless a run says otherwise, in seconds: 1-172800. @default 3600 */
  readonly timeoutSeconds?: number;
}

/** AWS's limit for a document, in bytes. Source: API reference, CreateDocument. */
export const largestDocument = 64 * 1024;

/** From this version on an agent sets the variables of parameters. Source: its release notes, 3.3.2746.0. */
const agentWithVariables = "3.3.2746.0";

/** 1-172800, as AWS-RunShellScript has it. */
export const timeoutPattern =
  "([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)";

/**
 * The document as JSON, the same bytes for the same arguments. Values reach a script as variables of its environment, and
 * never by text put into it.
 * @throws ScriptError where it is larger than AWS takes
 */
export function scriptDocument(args: ScriptDocumentArgs): string {
  const { description, parameters, linux, windows, timeoutSeconds = 3600 } = args;
  const content = JSON.stringify({
    schemaVersion: "2.2",
    description,
    parameters: {
      ...Object.fromEntries(parameters.map((parameter) => [parameter.name, declared(parameter)])),
      [timeoutParameter]: {
        type: "String",
        description: "How long a host may take, in seconds.",
        default: String(timeoutSeconds),
        allowedPattern: timeoutPattern,
      },
    },
    mainSteps: [
      ...(linux ? [step("linux", "Linux", "aws:runShellScript", linux, parameters)] : []),
      ...(windows
        ? [step("windows", "Windows", "aws:runPowerShellScript", windows, parameters)]
        : []),
    ],
  });
  const size = Buffer.byteLength(content);
  if (size <= largestDocument) return content;
  const reason = `expected a document of at most ${largestDocument} bytes, got ${size} with all its scripts; have it fetch what is large, or make it two`;
  throw new ScriptError([{ file: (linux ?? windows)?.file ?? description, line: 1, reason }]);
}

const declared = ({ description, default: value, pattern }: ScriptParameter) => ({
  type: "String",
  description,
  ...(value !== undefined && { default: value }),
  ...(pattern !== undefined && { allowedPattern: `^(?:${pattern})$` }),
  interpolationType: "ENV_VAR",
});

const step = (
  name: string,
  platform: string,
  action: string,
  script: Script,
  parameters: readonly ScriptParameter[],
) => ({
  action,
  name,
  precondition: { StringEquals: ["platformType", platform] },
  inputs: {
    timeoutSeconds: `{{ ${timeoutParameter} }}`,
    runCommand: guarded(script, parameters),
  },
});

/**
 * An older agent sets no variables and reports no error: the script would run without its parameters' values. So
 * the first line about a parameter becomes one that checks for a variable; the other lines keep their numbers.
 */
function guarded(
  { text, platform }: Script,
  parameters: readonly ScriptParameter[],
): readonly string[] {
  const lines = text.trimEnd().split("\n");
  const at = lines.findIndex((line) => /^#\s*@parameter\b/.test(line));
  // Windows does not distinguish an empty variable from none.
  const witness = parameters.find((parameter) => Boolean(parameter.default)) ?? parameters[0];
  const [, program = "/bin/sh", argument = ""] =
    /^#!\s*(\S+)(?:\s+(\S+))?/.exec(lines[0] ?? "") ?? [];
  const isShell = /(^|\/)(ba|da|k|z)?sh$/.test(program.endsWith("/env") ? argument : program);
  if (at < 0 || witness === undefined || (platform === "linux" && !isShell)) return lines;
  const variable = `SSM_${witness.name}`;
  const why = `not set; parameters need SSM Agent ${agentWithVariables} or newer`;
  const guard =
    platform === "linux"
      ? `: "\${${variable}?${why}}"`
      : `if (-not (Test-Path Env:${variable})) { throw '${variable} is ${why}' }`;
  return lines.with(at, guard);
}
