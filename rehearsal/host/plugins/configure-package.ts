import { messageOf } from "../../kernel/errors.js";
import { install, uninstall } from "./package-actions.js";
import type { Installer, InstallerContext } from "./package-installer.js";
import { InstallLog, nameOf, runAction } from "./package-installer.js";
import type { FoundPackage } from "./package-source.js";
import { fetchPackage, findPackage, isOfAws } from "./package-source.js";
import { fetchPublished, findPublished, isPublished, reportResult } from "./published-package.js";
import type { AgentPort, Plugin, PluginInputs, PluginResult, PluginStatus } from "./plugin.js";
import { notRehearsed } from "./plugin.js";

interface Input {
  readonly name: string;
  readonly version: string;
  readonly action: string;
  readonly additionalArguments: Readonly<Record<string, string>>;
}

/**
 * `aws:configurePackage`: installs or uninstalls a Distributor package as AWS's agent does. Source: its
 * plugins/configurepackage (configurepackage.go); the messages are its own, so that they can be looked up.
 * Not modelled: updates in place.
 */
export const configurePackage: Plugin = async (inputs, agent) => {
  if (inputs["installationType"] === "In-place update")
    return notRehearsed(agent, "aws:configurePackage: In-place update");
  const log = new InstallLog();
  let status: PluginStatus;
  try {
    status = await configure(readInput(inputs), agent, log);
  } catch (error) {
    // Everything that can go wrong on the way is an error text of the agent; our own mistakes are not Errors of this kind.
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    log.error(messageOf(error));
    agent.report("failure", messageOf(error));
    status = "Failed";
  }
  return result(status, log);
};

function result(status: PluginStatus, log: InstallLog): PluginResult {
  return {
    status,
    exitCode: status.startsWith("Success") ? 0 : 1,
    stdout: log.stdout,
    stderr: log.stderr,
  };
}

/** @throws Error in the agent's words. */
function readInput(inputs: PluginInputs): Input {
  const text = (key: string) => (typeof inputs[key] === "string" ? inputs[key] : "");
  if (text("name") === "") throw new Error("invalid input: empty name field");
  if (text("source") !== "")
    throw new Error("invalid input: source parameter is not supported in this version");
  return {
    name: text("name"),
    version: text("version"),
    action: text("action"),
    additionalArguments: readArguments(inputs["additionalArguments"]),
  };
}

/** Every name must begin with SSM_. Source: user guide, aws:configurePackage. @throws Error */
function readArguments(value: unknown): Readonly<Record<string, string>> {
  const given: unknown =
    typeof value === "string" && value.trim() !== "" ? JSON.parse(value) : value;
  if (typeof given !== "object" || given === null) return {};
  const entries = Object.entries(given).map(([key, text]) => [key, String(text)] as const);
  const wrong = entries.find(([key]) => !/^SSM_\w+$/.test(key));
  if (wrong !== undefined)
    throw new Error(
      `invalid input: additional argument ${wrong[0]}: the name must start with SSM_`,
    );
  return Object.fromEntries(entries);
}

async function configure(input: Input, agent: AgentPort, log: InstallLog): Promise<PluginStatus> {
  const { name, version } = input;
  const isPublic = await isOfAws(agent, name, version);
  const found = await (isPublic ? findPublished : findPackage)(agent, name, version);
  const { repository } = agent.host;
  repository.lock(found.arn, input.action);
  try {
    const context = { agent, log, additionalArguments: input.additionalArguments };
    const status = await act(found, input, context);
    if (isPublic && status !== "SuccessAndReboot") {
      await reportResult(context, {
        PackageName: name,
        PackageVersion: found.manifest.version,
        Operation: input.action,
        Result: status === "Success" ? 0 : 1,
      });
    }
    return status;
  } finally {
    repository.unlock(found.arn);
  }
}

async function act(
  found: FoundPackage,
  input: Input,
  context: InstallerContext,
): Promise<PluginStatus> {
  if (input.action === "Install") return installFound(found, context);
  if (input.action === "Uninstall") return uninstallFound(found, input, context);
  throw new Error(`unsupported action: ${input.action}`);
}

async function installFound(found: FoundPackage, context: InstallerContext): Promise<PluginStatus> {
  const { agent, log } = context;
  const { repository } = agent.host;
  const version = found.manifest.version;
  const before = repository.state(found.arn);
  // After a failure the installed version is the one that failed, not the one that last worked.
  const installed =
    before.state === "Failed" ? before.version : repository.installedVersion(found.arn);
  const wanted = await ensure(found, version, context);
  const other =
    installed !== "" && before.state !== "None" && (installed !== version || !found.isSameAsCache);
  const old = other ? await ensure(found, installed, context).catch(() => undefined) : undefined;
  const settled =
    (installed === version && before.state === "Installed") || before.state === "Installing";
  if (settled && (await runAction(wanted, "validate", context)) === "Success") {
    if (before.state === "Installing") {
      log.info(`Successfully installed ${found.arn} ${version}`);
      repository.setState(found.arn, version, "Installed");
    } else {
      log.info(`${found.arn} ${version} is already installed`);
    }
    if (found.isSameAsCache) {
      agent.report(
        "success",
        `${nameOf(found.arn)} ${version} is ${before.state === "Installing" ? "" : "already "}installed`,
      );
      return "Success";
    }
  }
  const resumed = before.state === "Installing";
  const status =
    old === undefined || resumed
      ? await install(wanted, old, false, context)
      : await uninstall(old, wanted, false, context);
  if (status === "Success") agent.report("success", `installed ${nameOf(found.arn)} ${version}`);
  else if (status === "Failed")
    agent.report("failure", `could not install ${nameOf(found.arn)} ${version}`);
  return status;
}

async function uninstallFound(
  found: FoundPackage,
  input: Input,
  context: InstallerContext,
): Promise<PluginStatus> {
  const { agent, log } = context;
  const { repository } = agent.host;
  const installed = repository.installedVersion(found.arn);
  const { state } = repository.state(found.arn);
  const version =
    input.version === "" || input.version === "latest" ? installed : found.manifest.version;
  if (installed === "" || version !== installed || state === "None") {
    log.info(`version: ${version} is not installed`);
    agent.report("success", `${nameOf(found.arn)} ${version} is not installed`);
    return "Success";
  }
  const status = await uninstall(
    await ensure(found, installed, context),
    undefined,
    false,
    context,
  );
  agent.report(
    status === "Success" ? "success" : "failure",
    `${status === "Success" ? "uninstalled" : "could not uninstall"} ${nameOf(found.arn)} ${installed}`,
  );
  return status;
}

/**
 * The package's version, unpacked on the host: already there, or fetched. The agent knows one manifest only,
 * the one it just read: asked for the version that is to go, it unpacks the new file over that one's folder. So an
 * update runs the new file's uninstall.sh, and a way back the new file's install.sh (configurepackage.go,
 * ensurePackage; documentarchive.go, ReadManifestFromCache, which ignores the version).
 * @throws Error in the agent's words.
 */
async function ensure(
  found: FoundPackage,
  version: string,
  { agent }: InstallerContext,
): Promise<Installer> {
  const { repository } = agent.host;
  const current = repository.state(found.arn);
  const stale = current.version === version && (current.state === "Failed" || !found.isSameAsCache);
  if (stale || (await repository.problem(found.arn, version)) !== undefined) {
    try {
      await (isPublished(found) ? fetchPublished : fetchPackage)(agent, found, version);
    } catch (error) {
      await repository.remove(found.arn, version);
      // The next attempt must not take this manifest for one that worked.
      repository.forget(found.arn, found.documentVersion);
      throw error;
    }
    const problem = await repository.problem(found.arn, version);
    if (problem !== undefined) throw new Error(problem);
  }
  return { arn: found.arn, version };
}
