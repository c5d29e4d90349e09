import * as pulumi from "@pulumi/pulumi";
import { BootstrapProduct } from "../components/bootstrap-product";
import { HostNetwork } from "../components/host-network";
import { HostFeatures, HostRole } from "../components/host-role";
import { ManagedHost } from "../components/managed-host";
import { bootstrapDocuments } from "../runbooks/bootstrap-documents";
import { accountProvider } from "./account";
import { MemberConfig } from "./config";
import { Exports, LogOutputs, MemberOutputs, packageSource, readLogOutputs } from "./outputs";

/** An account with hosts: what bootstraps them, and the hosts themselves. */
export async function deployMember(config: MemberConfig): Promise<Exports<MemberOutputs>> {
  const { account, prefix, regions, vpc } = config;
  const log = await readLogOutputs(config.logStack);
  const packages = packageSource(log, config);
  const provider = accountProvider(config);

  const bootstrap = new BootstrapProduct(
    "bootstrap",
    { account, prefix, regions, documents: bootstrapDocuments(), packages, notify: config.notify },
    { provider },
  );
  const features = featuresOf(config, log);
  const { instanceProfile } = new HostRole("hosts", { account, packages, features }, { provider });
  const network =
    vpc === undefined
      ? undefined
      : new HostNetwork("network", { vpc, vpcKey: "fleet:vpc" }, { provider });
  const hosts = network
    ? Object.entries(config.hosts).map(([name, host]) => {
        const { instanceId } = new ManagedHost(
          name,
          {
            ...host,
            instanceProfile,
            securityGroupId: network.securityGroupId,
            subnetId: network.privateSubnetId(host.subnet, `fleet:hosts.${name}.subnet`),
          },
          // A host that starts before the rule is there is not seen by it.
          { provider, dependsOn: [bootstrap] },
        );
        return [name, instanceId] as const;
      })
    : [];
  return {
    account: account.id,
    deadLetterQueueUrls: bootstrap.deadLetterQueueUrls,
    failureQueueUrls: bootstrap.failureQueueUrls,
    failureTopicArns: bootstrap.failureTopicArns,
    instanceProfile,
    hosts: pulumi.output(Object.fromEntries(hosts)),
  };
}

/**
 * What the role of the hosts is for. The CloudWatch agent always: instances that are launched outside
 * of this stack have the profile too, and their tags may ask for it.
 */
function featuresOf({ prefix, hosts }: MemberConfig, log: LogOutputs): HostFeatures {
  const all = Object.values(hosts);
  const directories = all.flatMap(({ domain }) => (domain === undefined ? [] : [domain]));
  return {
    cloudWatch: { prefix },
    secrets: secretsOf(log),
    directories: [...new Set(directories)].sort(),
    vss: all.some(({ vss }) => vss),
  };
}

/** The secrets of all packages that are published: any of them can be asked for by a tag, today or later. */
const secretsOf = ({ packages }: LogOutputs): string[] =>
  [...new Set(Object.values(packages).flatMap(({ secrets }) => secrets))].sort();
