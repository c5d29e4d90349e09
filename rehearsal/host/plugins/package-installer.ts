import { detectPlatform } from "../platform.js";
import { type AgentPort, lastLines, type PluginStatus } from "./plugin.js";
import { resultOf, runScript } from "./run-shell-script.js";

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
  if (ps1) {
    agent.unmodelled(`PowerShell script ${action}.ps1 of a package`);
    log.error(`not rehearsed: ${action}.ps1`);
    return "Failed";
  }
  const exports = Object.entries({
    ...(await environment(agent, action)),
    ...context.additionalArguments,
  });
  const script = [
    `echo Running sh ${action}.sh`,
    ...exports.map(([key, value]) => `export ${key}=${quote(value)}`),
    `sh ${action}.sh`,
  ];
  const result = resultOf(await runScript(agent, `${script.join("\n")}\n`, { cwd: folder }));
  log.info(`Plugin aws:runShellScript ResultStatus ${result.status}`);
  if (result.stdout !== "") log.info(`${action} output: ${result.stdout}`);
  if (result.stderr !== "") log.error(`${action} errors: ${result.stderr}`);
  const says = result.status === "Success" ? lastLines(result.stdout) : lastLines(result.stderr);
  const text = says === "" || says === `Running sh ${action}.sh` ? "" : `: ${says}`;
  agent.tell(
    result.status === "Failed" ? "failure" : "info",
    `${action}.sh of ${nameOf(arn)} ${version}: exit code ${result.exitCode}${text}`,
  );
  return result.status;
}

export function nameOf(arn: string): string {
  return arn.startsWith("arn:") ? arn.replace(/^arn:.*:document\//, "") : arn;
}

/** Source: ssminstaller.go, getEnvVars; the machine has no proxy. */
async function environment(
  agent: AgentPort,
  action: InstallerAction,
): Promise<Readonly<Record<string, string>>> {
  const { instance, machine } = agent.host;
  const platform = detectPlatform((await machine?.disk.readFile("/etc/os-release")) ?? "");
  return {
    BWS_ACTION_NAME: action,
    https_proxy: "",
    http_proxy: "",
    no_proxy: "",
    BWS_PLATFORM_NAME: platform.name,
    BWS_PLATFORM_VERSION: platform.version,
    BWS_PLATFORM_FAMILY: platform.family,
    BWS_ARCHITECTURE: instance.os.architecture,
    BWS_INIT_SYSTEM: "systemd",
    BWS_PACKAGE_MANAGER: platform.packageManager,
    BWS_INSTANCE_ID: instance.id,
    BWS_INSTANCE_TYPE: instance.instanceType,
    BWS_REGION: instance.region,
    BWS_ACCOUNT_ID: instance.account,
    BWS_AVAILABILITY_ZONE: instance.availabilityZone,
  };
}

/** In single quotes, as the agent's QuoteShString. */
function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
