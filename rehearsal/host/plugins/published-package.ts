import { messageOf } from "../../kernel/errors.js";
import { LATENCY } from "../../kernel/latency.js";
import type { Installer, InstallerAction, InstallerContext } from "./package-installer.js";
import { findFile, parseManifest } from "./package-manifest.js";
import type { FoundPackage } from "./package-source.js";
import { apiMessage } from "./package-source.js";
import type { AgentPort, PluginStatus } from "./plugin.js";

/**
 * Packages that AWS publishes. Their files and scripts are AWS's and not here: what they leave on a host is modelled,
 * as far as something looks at it. Source: agent's birdwatcherarchive.go for the calls.
 */
const LEAVES: Readonly<Record<string, Readonly<Record<"Linux" | "Windows", readonly string[]>>>> = {
  // Source: CloudWatch user guide, "Verify that the CloudWatch agent is running".
  AmazonCloudWatchAgent: {
    Linux: [
      "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl",
      "/opt/aws/amazon-cloudwatch-agent/bin/CWAGENT_VERSION",
    ],
    Windows: [
      "C:\\Program Files\\Amazon\\AmazonCloudWatchAgent\\amazon-cloudwatch-agent-ctl.ps1",
      "C:\\Program Files\\Amazon\\AmazonCloudWatchAgent\\CWAGENT_VERSION",
    ],
  },
  AwsVssComponents: { Linux: [], Windows: [] },
};

/** Whether an installer is of a package that AWS publishes. */
export function isPublished({ arn }: Pick<Installer, "arn">): boolean {
  return /^arn:[^:]+:ssm:::package\//.test(arn);
}

/** The package as AWS publishes it; the agent asks a second time for what it has just read. @throws Error */
export async function findPublished(
  agent: AgentPort,
  PackageName: string,
  version: string,
): Promise<FoundPackage> {
  const PackageVersion = version === "" ? "latest" : version;
  let text: string;
  try {
    const input = { PackageName, PackageVersion };
    ({ Manifest: text } = await agent.call<{ Manifest: string }>("ssm", "GetManifest", input));
  } catch (error) {
    const reason = `failed to retrieve manifest: ${apiMessage(error)}`;
    throw new Error(`failed to download manifest - ${reason}`, { cause: error });
  }
  const manifest = parseManifest(text);
  const { packageArn: arn } = JSON.parse(text) as { packageArn: string };
  const isSameAsCache = agent.host.repository.remember(arn, manifest.version, text);
  return { arn, documentVersion: manifest.version, manifest, isSameAsCache, attachments: [] };
}

/** Takes the place of the download: the file for this host must be one of the manifest's. @throws Error */
export async function fetchPublished(
  agent: AgentPort,
  found: FoundPackage,
  version: string,
): Promise<void> {
  const { host } = agent;
  const { platformType, architecture } = host.instance.os;
  const file = findFile(found.manifest, await host.platform(), architecture);
  await agent.sleep(LATENCY.packageDownload);
  // AWS keeps its packages in S3 too.
  agent.checkReachable("s3");
  const extension = platformType === "Windows" ? "ps1" : "sh";
  const scripts = ["install", "uninstall"].map((name) => ({
    name: `${name}.${extension}`,
    bytes: Buffer.from("# AWS's own script, which is not here\n"),
    mode: 0o644,
  }));
  await host.repository.unpack(found.arn, version, scripts);
  host.repository.setState(found.arn, version, "New");
  agent.report("info", `${file} is AWS's own: what it leaves is modelled, its scripts are not run`);
}

/** Takes the place of the package's scripts: leaves, or takes away, what they would. */
export async function runPublished(
  { arn, version }: Installer,
  action: InstallerAction,
  { agent, log }: InstallerContext,
): Promise<PluginStatus> {
  if (action === "validate") return "Success";
  const { host } = agent;
  const { platformType } = host.instance.os;
  await agent.sleep(LATENCY.hostScript);
  const plugin = platformType === "Windows" ? "aws:runPowerShellScript" : "aws:runShellScript";
  const paths = LEAVES[arn.replace(/^.*\//, "")]?.[platformType] ?? [];
  for (const path of paths) {
    if (action === "install") await host.leave(path, `${version}\n`);
    else await host.remove(path);
  }
  log.info(`Initiating ${arn} ${version} ${action}`);
  log.info(`Plugin ${plugin} ResultStatus Success`);
  return "Success";
}

/** Reports the result to AWS; a failure of that report does not make the installation fail. */
export async function reportResult(
  { agent, log }: InstallerContext,
  input: {
    readonly PackageName: string;
    readonly PackageVersion: string;
    readonly Operation: string;
    readonly Result: number;
  },
): Promise<void> {
  try {
    await agent.call("ssm", "PutConfigurePackageResult", input);
  } catch (error) {
    log.error(`Error reporting results: failed to report results: ${apiMessage(error)}`);
    agent.report(
      "warning",
      `the result of ${input.PackageName} is not reported: ${messageOf(error)}`,
    );
  }
}
