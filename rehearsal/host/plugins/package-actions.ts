import type { Installer, InstallerContext } from "./package-installer.js";
import { runAction } from "./package-installer.js";
import type { InstallState } from "./package-repository.js";
import type { PluginStatus } from "./plugin.js";

/**
 * Installs and uninstalls with the states and the way back that the agent has. `old` is the version that goes,
 * where another one was there. Source: agent's configurepackage_execute.go.
 */
export async function install(
  wanted: Installer,
  old: Installer | undefined,
  isRollback: boolean,
  context: InstallerContext,
): Promise<PluginStatus> {
  const { agent, log } = context;
  const { repository } = agent.host;
  const set = (state: InstallState) => repository.setState(wanted.arn, wanted.version, state);
  set(isRollback ? "RollbackInstall" : "Installing");
  let status = await runAction(wanted, "install", context);
  if (status === "Success") status = await runAction(wanted, "validate", context);
  if (status === "SuccessAndReboot") return status;
  if (status !== "Success") {
    log.error(`Failed to install package; install status ${status}`);
    if (!isRollback && old !== undefined) return uninstall(wanted, old, true, context);
    set("Failed");
    return "Failed";
  }
  if (old !== undefined) await repository.remove(old.arn, old.version);
  set("Installed");
  if (isRollback) {
    log.info(
      `Failed to install ${old?.arn ?? ""} ${old?.version ?? ""}, successfully rolled back to ${wanted.arn} ${wanted.version}`,
    );
    return "Failed";
  }
  log.info(`Successfully installed ${wanted.arn} ${wanted.version}`);
  return "Success";
}

/**
 * Uninstalls `gone`; then installs `next`, where there is one. On a rollback `gone` is what failed and `next` what was
 * there before.
 */
export async function uninstall(
  removed: Installer,
  next: Installer | undefined,
  isRollback: boolean,
  context: InstallerContext,
): Promise<PluginStatus> {
  const { agent, log } = context;
  const { repository } = agent.host;
  const set = (state: InstallState) => repository.setState(removed.arn, removed.version, state);
  set(isRollback ? "RollbackUninstall" : next === undefined ? "Uninstalling" : "Upgrading");
  const status = await runAction(removed, "uninstall", context);
  if (status === "SuccessAndReboot") return status;
  if (status === "Success") log.info(`Successfully uninstalled ${removed.arn} ${removed.version}`);
  else
    log.error(
      `Failed to uninstall version ${removed.version} of package; uninstall status ${status}`,
    );
  // The agent goes on with the installation even where the old version does not go away.
  if (next !== undefined) return install(next, removed, isRollback, context);
  if (status !== "Success") {
    set("Failed");
    return "Failed";
  }
  await repository.remove(removed.arn, removed.version);
  set("None");
  return "Success";
}
