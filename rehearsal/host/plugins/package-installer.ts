import { shellWord } from "../../../lib/shell-word.js";
import type { AgentPort, PluginResult, PluginStatus } from "./plugin.js";
import { lastLines, notRehearsed } from "./plugin.js";
import { isPublished, runPublished } from "./published-package.js";
import { runPowerShellFile } from "./run-powershell-script.js";
import { resultOf, runScript, unsupported } from "./run-shell-script.js";

/** What a command's output will hold; lines as the agent writes them. */
export class InstallLog {
  private readonly out: string[] = [];
  private readonly errors: string[] = [];

  info(text: string): void {
    this.out.push(`${text}\n`);
  }

  error(text: string): void {
    this.errors.push(`${text}\n`);
  }

  get stdout(): string {
    return this.out.join("");
  }

  get stderr(): string {
    return this.errors.join("");
  }
}

/** One unpacked version of a package, whose scripts can be run. Source: agent's ssminstaller.go. */
export interface Installer {
  readonly arn: string;
  readonly version: string;
}

export type InstallerAction = "install" | "uninstall" | "validate";

export interface InstallerContext {
  readonly agent: AgentPort;
  readonly log: InstallLog;
  /** Environment variables that the command gives: `SSM_…`. */
  readonly additionalArguments: Readonly<Record<string, string>>;
}

/** Runs a package's script; a package without one has nothing to do, which is success. */
export async function runAction(
  installer: Installer,
  action: InstallerAction,
  context: InstallerContext,
): Promise<PluginStatus> {
  const { agent, log } = context;
  const { repository } = agent.host;
  if (isPublished(installer)) return runPublished(installer, action, context);
  const { arn, version } = installer;
  const folder = repository.folder(arn, version);
  const [sh, ps1] = [
    await repository.exists(`${folder}/${action}.sh`),
    await repository.exists(`${folder}/${action}.ps1`),
  ];
  if (!sh && !ps1) return "Success";
  if (sh && ps1) {
    log.error(`${action} has more than one implementation (sh, ps1, json)`);
    return "Failed";
  }
  log.info(`Initiating ${arn} ${version} ${action}`);
  const result = ps1
    ? await runPowerShell(installer, action, context)
    : await runShell(installer, action, context);
  const plugin = ps1 ? "aws:runPowerShellScript" : "aws:runShellScript";
  log.info(`Plugin ${plugin} ResultStatus ${result.status}`);
  if (result.stdout !== "") log.info(`${action} output: ${result.stdout}`);
  if (result.stderr !== "") log.error(`${action} errors: ${result.stderr}`);
  return result.status;
}

async function runShell(
  { arn, version }: Installer,
  action: InstallerAction,
  { agent, additionalArguments }: InstallerContext,
): Promise<PluginResult> {
  if (agent.host.machine === undefined) return unsupported(agent);
  const exports = Object.entries({ ...(await environment(agent, action)), ...additionalArguments });
  const script = [
    `echo Running sh ${action}.sh`,
    // As the agent's QuoteShString.
    ...exports.map(([key, value]) => `export ${key}=${shellWord(value)}`),
    `sh ${action}.sh`,
  ];
  const cwd = agent.host.repository.folder(arn, version);
  const result = resultOf(await runScript(agent, `${script.join("\n")}\n`, { cwd }));
  const says = result.status === "Success" ? lastLines(result.stdout) : lastLines(result.stderr);
  const text = says === "" || says === `Running sh ${action}.sh` ? "" : `: ${says}`;
  agent.report(
    result.status === "Failed" ? "failure" : "info",
    `${action}.sh of ${nameOf(arn)} ${version}: exit code ${result.exitCode}${text}`,
  );
  return result;
}

/**
 * The agent's own script calls the package's and ends with its exit code. Where PowerShell cannot read the package's
 * script, that call fails and the agent's script goes on to its `exit $LASTEXITCODE`, which then may be 0: AWS may call
 * such an installation a success. Here it fails, because nothing was installed.
 */
async function runPowerShell(
  { arn, version }: Installer,
  action: InstallerAction,
  { agent, additionalArguments }: InstallerContext,
): Promise<PluginResult> {
  const { windows, repository } = agent.host;
  if (windows === undefined)
    return notRehearsed(agent, `${action}.ps1 of a package on Linux: PowerShell`);
  const cwd = repository.folder(arn, version);
  const name = { file: `${cwd}\\${action}.ps1`, origin: `${nameOf(arn)} ${version}` };
  const variables = { ...(await environment(agent, action)), ...additionalArguments };
  return runPowerShellFile(agent, name, { cwd, environment: variables });
}

export function nameOf(arn: string): string {
  return arn.startsWith("arn:") ? arn.replace(/^arn:.*:(document|package)\//, "") : arn;
}

/** Source: ssminstaller.go, getEnvVars; the machine has no proxy. */
async function environment(
  agent: AgentPort,
  action: InstallerAction,
): Promise<Readonly<Record<string, string>>> {
  const { instance } = agent.host;
  const platform = await agent.host.platform();
  return {
    BWS_ACTION_NAME: action,
    https_proxy: "",
    http_proxy: "",
    no_proxy: "",
    BWS_PLATFORM_NAME: platform.name,
    BWS_PLATFORM_VERSION: platform.version,
    BWS_PLATFORM_FAMILY: platform.family,
    BWS_ARCHITECTURE: instance.os.architecture,
    BWS_INIT_SYSTEM: platform.initSystem,
    BWS_PACKAGE_MANAGER: platform.packageManager,
    BWS_INSTANCE_ID: instance.id,
    BWS_INSTANCE_TYPE: instance.instanceType,
    BWS_REGION: instance.region,
    BWS_ACCOUNT_ID: instance.account,
    BWS_AVAILABILITY_ZONE: instance.availabilityZone,
  };
}
