import { LATENCY } from "../../cloud/latency.js";
import { type SyntaxProblem } from "../powershell/scan.js";
import { parsePowerShell } from "../powershell/parser.js";
import { type AgentPort, notRehearsed, type Plugin, type PluginResult } from "./plugin.js";
import { commandsOf } from "./run-shell-script.js";

/** The exit code by which a script asks for a reboot. Source: agent's appconfig/constants_windows.go. */
const REBOOT = 3010;

/** The file that the agent makes of a step's commands. Source: same file, RunCommandScriptName. */
const SCRIPT = "_script.ps1";

/** `aws:runPowerShellScript`: on Windows the commands are one script, which is parsed and not executed. */
export const runPowerShellScript: Plugin = async (inputs, agent) => {
  if (agent.host.windows === undefined)
    return notRehearsed(agent, "aws:runPowerShellScript on Linux");
  const script = `${commandsOf(inputs["runCommand"]).join("\n")}\n`;
  return readScript(agent, script, { file: SCRIPT, of: "a command" });
};

export interface ScriptName {
  /** Its path, as PowerShell tells it. */
  readonly file: string;
  /** Whose it is, for people. */
  readonly of: string;
}

/**
 * What comes of a script that is read and not run: failure where PowerShell could not read it either, else success
 * with nothing printed, or the exit code that stands at its end.
 */
export async function readScript(
  agent: AgentPort,
  script: string,
  { file, of }: ScriptName,
): Promise<PluginResult> {
  await agent.sleep(LATENCY.hostScript);
  const name = `${file.replace(/^.*[/\\]/, "")} of ${of}`;
  const { problem, unread, exitCode = 0 } = await parsePowerShell(script);
  agent.parsedOnly(name);
  if (problem !== undefined) {
    const { line, column, message } = problem;
    agent.tell("failure", `${name}: line ${line}, column ${column}: ${message}`);
    return failed(1, `${errorRecord(problem, file, script)}\n`);
  }
  if (unread !== undefined) {
    // Where the grammar gives up is not always where the cause is; the line helps to find it.
    agent.unmodelled(`PowerShell that the parser here cannot read: ${name}, line ${unread.line}`);
  }
  const exit = exitCode === 0 ? "" : `; its end is exit ${exitCode}`;
  agent.tell("warning", `${name}: parsed, not executed${exit}`);
  const stdout = `${name}: parsed, not executed\n`;
  if (exitCode === REBOOT) return { status: "SuccessAndReboot", exitCode, stdout, stderr: "" };
  return exitCode === 0
    ? { status: "Success", exitCode, stdout, stderr: "" }
    : { ...failed(exitCode, ""), stdout };
}

function failed(exitCode: number, stderr: string): PluginResult {
  // The agent's words: runscript.go.
  const end = `failed to run commands: exit status ${exitCode}`;
  return { status: "Failed", exitCode, stdout: "", stderr: `${stderr}${end}` };
}

/** As Windows PowerShell 5.1 prints it. */
function errorRecord({ line, column, message, id }: SyntaxProblem, file: string, script: string) {
  const code = script.split(/\r?\n/)[line - 1] ?? "";
  return [
    `At ${file}:${line} char:${column}`,
    `+ ${code}`,
    `+ ${" ".repeat(column - 1)}~`,
    message,
    "    + CategoryInfo          : ParserError: (:) [], ParseException",
    `    + FullyQualifiedErrorId : ${id}`,
  ].join("\n");
}
