import { LATENCY } from "../../kernel/latency.js";
import type { Ran } from "../machine.js";
import type { AgentPort, Plugin, PluginResult, PluginStatus } from "./plugin.js";
import { lastLines } from "./plugin.js";

/** The exit code by which a script asks for a reboot. Source: agent's appconfig/constants_unix.go. */
const REBOOT = 194;
/** What the agent gives a script that it killed: 128 + SIGKILL. Same source. */
const KILLED = 137;

/** Seconds: default and bounds of a script's time. Source: agent's pluginutil.go, ValidateExecutionTimeout. */
const TIMEOUT = { default: 3600, minimum: 5, maximum: 172_800 };

/** `aws:runShellScript`: the commands are one script, which `sh` runs as root. */
export const runShellScript: Plugin = async (inputs, agent) => {
  const { machine } = agent.host;
  if (machine === undefined) {
    return unsupported(agent);
  }
  const commands = commandsOf(inputs["runCommand"]);
  const ran = await runScript(agent, `${commands.join("\n")}\n`, {
    timeoutSeconds: executionTimeout(inputs["timeoutSeconds"]),
    ...(typeof inputs["workingDirectory"] === "string" && { cwd: inputs["workingDirectory"] }),
    environment: environmentOf(inputs["environment"]),
  });
  const result = resultOf(ran);
  const text = lastLines(ran.stderr) || lastLines(ran.stdout);
  agent.report(
    result.status.startsWith("Success") ? "success" : "failure",
    `script: exit code ${result.exitCode}${result.status === "TimedOut" ? ", stopped because it took too long" : ""}${text === "" ? "" : `: ${text}`}`,
  );
  return result;
};

/** The agent on Windows has no such plugin. The words are those of its runpluginutil.go. */
export function unsupported(agent: AgentPort): PluginResult {
  const { platformName, platformVersion } = agent.host.instance.os;
  const text = "Plugin with name aws:runShellScript is not supported in current platform!";
  agent.report("failure", text);
  const stderr = `${text}\n${platformName} v${platformVersion}`;
  return { status: "Failed", exitCode: 1, stdout: "", stderr };
}

export interface ScriptOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}

/** Runs a script as the agent runs one: with its own environment, in the given folder, for at most the given time. */
export async function runScript(
  agent: AgentPort,
  script: string,
  options: ScriptOptions,
): Promise<Ran> {
  const { machine } = agent.host;
  if (machine === undefined) throw new Error("a script was given to a host without a machine");
  const { cwd, environment, timeoutSeconds = TIMEOUT.default } = options;
  await agent.sleep(LATENCY.hostScript);
  if (cwd !== undefined && cwd !== "" && !(await machine.disk.exists(cwd))) {
    return {
      stdout: "",
      stderr: `chdir ${cwd}: no such file or directory`,
      exitCode: 1,
      timedOut: false,
    };
  }
  return machine.run(script, {
    timeoutSeconds,
    ...(cwd !== undefined && cwd !== "" && { cwd }),
    ...(agent.stop !== undefined && { stop: agent.stop }),
    environment: { ...environment, ...agentEnvironment(agent) },
  });
}

/** What the agent gives every script. Source: its executers/executers.go. */
export function agentEnvironment({ host }: AgentPort): Readonly<Record<string, string>> {
  const { id, region, os } = host.instance;
  return {
    AWS_SSM_INSTANCE_ID: id,
    AWS_SSM_REGION_NAME: region,
    AWS_SSM_PLATFORM_NAME: os.platformName,
    AWS_SSM_PLATFORM_VERSION: os.platformVersion,
  };
}

/** What the agent makes of a script's end. Source: pluginutil_unix.go, GetStatus; runscript.go for the words. */
export function resultOf(ran: Ran): PluginResult {
  const exitCode = ran.timedOut ? KILLED : ran.exitCode;
  const status: PluginStatus = ran.timedOut
    ? "TimedOut"
    : exitCode === 0
      ? "Success"
      : exitCode === REBOOT
        ? "SuccessAndReboot"
        : "Failed";
  const failure = status === "Failed" ? `failed to run commands: exit status ${exitCode}` : "";
  return { status, exitCode, stdout: ran.stdout, stderr: ran.stderr + failure };
}

export function commandsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(commandsOf);
  return typeof value === "string" ? [value] : [];
}

/** Seconds that the script may take; what is out of bounds or no number becomes the default, as on the host. */
export function executionTimeout(value: unknown): number {
  const seconds = Math.trunc(Number(value ?? Number.NaN));
  return seconds >= TIMEOUT.minimum && seconds <= TIMEOUT.maximum ? seconds : TIMEOUT.default;
}

/** The variables that a step gives. */
export function environmentOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
}
