import { LATENCY } from "../../kernel/latency.js";
import { REAL_TIME } from "../bubblewrap/walls.js";
import type { RunOptions } from "../machine.js";
import type { SyntaxProblem } from "../../../scripts/loader/powershell/scan.js";
import { parsePowerShell } from "../../../scripts/loader/powershell/parser.js";
import type { AgentPort, Plugin, PluginResult } from "./plugin.js";
import { lastLines, notRehearsed } from "./plugin.js";
import {
  agentEnvironment,
  commandsOf,
  environmentOf,
  executionTimeout,
} from "./run-shell-script.js";

/** The exit code by which a script asks for a reboot. Source: agent's appconfig/constants_windows.go. */
const REBOOT = 3010;
/** What the agent gives a script that it killed. Same source. */
const KILLED = -1;

/** The file that the agent makes of a step's commands. Source: same file, RunCommandScriptName. */
const SCRIPT = "_script.ps1";
/** The folder of such files; the agent has a further one for each command in it. Same source, DefaultDataStorePath. */
const ORCHESTRATION = "C:\\ProgramData\\Amazon\\SSM\\InstanceData";

/** `aws:runPowerShellScript`: on Windows the commands are one script. */
export const runPowerShellScript: Plugin = async (inputs, agent, origin = "a command") => {
  const { windows, instance } = agent.host;
  if (windows === undefined) return notRehearsed(agent, "aws:runPowerShellScript on Linux");
  const script = `${commandsOf(inputs["runCommand"]).join("\n")}\n`;
  if (windows.powerShell === undefined) return readScript(agent, script, { file: SCRIPT, origin });
  const folder = `${ORCHESTRATION}\\${instance.id}\\document\\orchestration`;
  const file = `${folder}\\${SCRIPT}`;
  const { workingDirectory } = inputs;
  await windows.disk.writeFile(file, script);
  const result = await executeScript(
    agent,
    { file, origin },
    {
      timeoutSeconds: executionTimeout(inputs["timeoutSeconds"]),
      ...(typeof workingDirectory === "string" &&
        workingDirectory !== "" && { cwd: workingDirectory }),
      environment: environmentOf(inputs["environment"]),
    },
  );
  await windows.disk.rm(folder);
  return result;
};

export interface ScriptName {
  /** Its path, as PowerShell prints it. */
  readonly file: string;
  /** Whose it is, for people. */
  readonly origin: string;
}

/** Runs a script that is on the host's disk, where an interpreter is at hand; else reads it. */
export async function runPowerShellFile(
  agent: AgentPort,
  name: ScriptName,
  options: RunOptions,
): Promise<PluginResult> {
  const { windows } = agent.host;
  return windows?.powerShell === undefined
    ? readScript(agent, windows?.disk.read(name.file) ?? "", name)
    : executeScript(agent, name, options);
}

/** The result of a script that an interpreter other than Windows PowerShell ran, reported as such. */
async function executeScript(
  agent: AgentPort,
  { file, origin }: ScriptName,
  { cwd, environment, timeoutSeconds = executionTimeout(undefined) }: RunOptions,
): Promise<PluginResult> {
  const { windows } = agent.host;
  if (windows?.powerShell === undefined) throw new Error("there is no interpreter of PowerShell");
  await agent.sleep(LATENCY.hostScript);
  if (cwd !== undefined && !(await windows.disk.exists(cwd)))
    return failed(1, "", `chdir ${cwd}: The system cannot find the path specified.\n`);
  const ran = await windows.powerShell.run(file, windows, {
    ...(cwd !== undefined && { cwd }),
    timeoutSeconds,
    environment: { ...environment, ...agentEnvironment(agent) },
  });
  const how = `executed by ${windows.powerShell.name}, not by Windows PowerShell`;
  const name = `${fileName(file)} of ${origin}`;
  agent.executedElsewhere(`${how}: ${name}`);
  const { stdout, stderr, timedOut } = ran;
  // The real duration says nothing about a host, except when it exceeds the limit.
  if (timedOut) await agent.sleep(timeoutSeconds * 1000);
  if (timedOut && timeoutSeconds * 1000 > REAL_TIME)
    agent.reportNotRehearsed(`script that takes more than ${REAL_TIME / 1000} s of real time`);
  const exitCode = timedOut ? KILLED : ran.exitCode;
  const says = lastLines(stderr) || lastLines(stdout);
  agent.report(
    exitCode === 0 || exitCode === REBOOT ? "warning" : "failure",
    `${name}: ${how}: ${timedOut ? "stopped because it took too long" : `exit code ${exitCode}`}${says === "" ? "" : `: ${says}`}`,
  );
  return timedOut
    ? { status: "TimedOut", exitCode, stdout, stderr }
    : resultOf(exitCode, stdout, stderr);
}

/**
 * The result of a script that is parsed and not run: failure where PowerShell could not read it either, or a file that it
 * calls, else success with nothing printed, or the exit code that stands at its end.
 */
async function readScript(
  agent: AgentPort,
  script: string,
  { file, origin }: ScriptName,
): Promise<PluginResult> {
  await agent.sleep(LATENCY.hostScript);
  const name = `${fileName(file)} of ${origin}`;
  agent.parsedOnly(name);
  const exitCode = await withoutProblem(agent, script, { file, origin });
  if (typeof exitCode === "object") return exitCode;
  const exit = exitCode === 0 ? "" : `; its end is exit ${exitCode}`;
  agent.report("warning", `${name}: parsed, not executed${exit}`);
  const result = resultOf(exitCode, `${name}: parsed, not executed\n`, "");
  return { ...result, parsedOnly: true };
}

/** A file of the script's own folder that it calls, alone on a line: PowerShell reads that one when it gets there. */
const CALLED = /^\s*[&.] "\$PSScriptRoot\\([\w.-]+\.ps1)"\s*$/gm;

/** The exit code of a script that can be read, and so can the files that it calls; else the failure. */
async function withoutProblem(
  agent: AgentPort,
  script: string,
  { file, origin }: ScriptName,
): Promise<number | PluginResult> {
  const name = `${fileName(file)} of ${origin}`;
  const { problem, unread, exitCode = 0 } = await parsePowerShell(script);
  if (problem !== undefined) {
    const { line, column, message } = problem;
    agent.report("failure", `${name}: line ${line}, column ${column}: ${message}`);
    return failed(1, "", `${errorRecord(problem, file, script)}\n`);
  }
  if (unread !== undefined) {
    // Where the grammar gives up is not always where the cause is; the line helps to find it.
    agent.reportNotRehearsed(
      `PowerShell that the parser here cannot read: ${name}, line ${unread.line}`,
    );
  }
  for (const [, called = ""] of script.matchAll(CALLED)) {
    const path = file.replace(/[^\\/]+$/, called);
    const text = path === file ? undefined : agent.host.windows?.disk.read(path);
    if (text === undefined) continue;
    const result = await withoutProblem(agent, text, { file: path, origin });
    if (typeof result === "object") return result;
  }
  return exitCode;
}

function resultOf(exitCode: number, stdout: string, stderr: string): PluginResult {
  if (exitCode === REBOOT) return { status: "SuccessAndReboot", exitCode, stdout, stderr };
  return exitCode === 0
    ? { status: "Success", exitCode, stdout, stderr }
    : failed(exitCode, stdout, stderr);
}

function failed(exitCode: number, stdout: string, stderr: string): PluginResult {
  // The agent's words: runscript.go.
  const end = `failed to run commands: exit status ${exitCode}`;
  return { status: "Failed", exitCode, stdout, stderr: `${stderr}${end}` };
}

const fileName = (path: string): string => path.replace(/^.*[/\\]/, "");

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
