import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { HostNetwork } from "../../components/network/host-network.js";
import type { HostFeatures } from "../../components/hosts/host-role.js";
import type { LaunchedHost } from "../../components/hosts/managed-host.js";
import type { Deployed } from "../deployed.js";
import { ManagedHost } from "../../components/hosts/managed-host.js";
import { SsmEndpoints } from "../../components/network/ssm-endpoints.js";
import type { OutputBuckets } from "../../components/storage/output-grants.js";
import type { MemberConfig } from "../config.js";
import { associatedDocuments } from "./schedules.js";
import type { LogOutputs } from "../../lib/log-outputs.js";

/** What hosts need besides the config. */
export interface HostsSetup {
  readonly provider: aws.Provider;
  readonly instanceProfile: pulumi.Input<string>;
  /** Names of the log account's buckets that hosts use. */
  readonly centralBuckets: readonly string[];
  /** What must be there before the first host starts. */
  readonly after: readonly pulumi.Resource[];
}

/** Hosts by name, as the stack exports them. */
export interface DeployedHosts {
  readonly ids: Record<string, pulumi.Output<string>>;
  /** The public parameters of their images. */
  readonly images: Record<string, pulumi.Output<string>>;
}

/** The VPC's endpoints and the hosts in it. */
export function deployHosts(
  config: MemberConfig,
  setup: HostsSetup,
  before: Deployed,
): DeployedHosts {
  const { vpc } = config;
  const { provider, instanceProfile, after } = setup;
  if (vpc === undefined) return { ids: {}, images: {} };
  const network = new HostNetwork("network", { vpc, vpcKey: "fleet:vpc" }, { provider });
  const endpoints = deployEndpoints(config, setup, network);
  const hosts = Object.entries(config.hosts).map(([name, host]) => {
    const deployed = new ManagedHost(
      name,
      {
        ...host,
        launched: launchedBefore(name, before),
        instanceProfile,
        securityGroupIds: [
          network.securityGroupId,
          ...(host.domain === undefined ? [] : [network.directoryGroupId(host.domain)]),
        ],
        choosesSubnet: host.subnet !== undefined,
        subnetId: network.privateSubnetId(host.subnet, `fleet:hosts.${name}.subnet`),
      },
      // The rule misses a host that starts before it exists; a host that cannot reach Systems Manager retries at
      // growing intervals.
      { provider, dependsOn: [...after, ...endpoints] },
    );
    return [name, deployed] as const;
  });
  return {
    ids: Object.fromEntries(hosts.map(([name, { instanceId }]) => [name, instanceId])),
    images: Object.fromEntries(hosts.map(([name, { image }]) => [name, image])),
  };
}

function launchedBefore(
  name: string,
  { hosts = {}, images = {} }: Deployed,
): LaunchedHost | undefined {
  const [instanceId, image] = [hosts[name], images[name]];
  return instanceId === undefined || image === undefined ? undefined : { instanceId, image };
}

function deployEndpoints(
  { account, regions, endpoints: services, endpointAccounts: sharedWith }: MemberConfig,
  { provider, centralBuckets }: HostsSetup,
  network: HostNetwork,
): SsmEndpoints[] {
  if (services.length === 0) return [];
  const { vpcId } = network;
  const subnetIds = network.privateSubnetIds();
  const args = { account, region: regions[0], services, sharedWith, vpcId, subnetIds };
  return [new SsmEndpoints("endpoints", { ...args, centralBuckets }, { provider })];
}

/**
 * What the role of the hosts is for. The CloudWatch agent and the packages' secrets always, whatever the
 * stack's own hosts ask for: instances that are launched outside of it have the profile too, any tag may
 * name a configuration or a package, and both reach only what this product made or published. A directory
 * or VSS reaches further, so these two follow the stack's hosts.
 */
export function featuresOf(config: MemberConfig, log: LogOutputs): HostFeatures {
  const { prefix, hosts } = config;
  const hostConfigs = Object.values(hosts);
  const output = outputOf(config, log);
  const directories = hostConfigs.flatMap(({ domain }) => (domain === undefined ? [] : [domain]));
  return {
    cloudWatch: { prefix },
    secrets: secretsOf(log),
    directories: [...new Set(directories)].sort(),
    ...(output && { output }),
    associated: associatedDocuments(config, log),
    vss: hostConfigs.some(({ vss }) => vss),
  };
}

/**
 * The buckets that take what scripts print on hosts of this account, where the log account runs scripts in it. Any instance
 * with the profile may be the target of a run.
 */
export function outputOf(
  { account, regions }: MemberConfig,
  { runs }: LogOutputs,
): OutputBuckets | undefined {
  if (!runs?.accounts.includes(account.id)) return undefined;
  const buckets = regions.flatMap((region) => runs.buckets[region] ?? []);
  return { buckets: [...new Set(buckets)].sort(), keyArns: runs.keyArns };
}

/** The secrets of all packages that are published: any of them can be asked for by a tag, today or later. */
const secretsOf = ({ packages }: LogOutputs): string[] =>
  [...new Set(Object.values(packages).flatMap(({ secrets }) => secrets))].sort();
