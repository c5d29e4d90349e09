import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { BootstrapProduct } from "../components/bootstrap/bootstrap-product.js";
import { HostRole } from "../components/hosts/host-role.js";
import { RunTarget } from "../components/runs/run-target.js";
import { SessionUserRole } from "../components/sessions/session-user-role.js";
import { bootstrapDocuments } from "../runbooks/loader/bootstrap-documents.js";
import { accountProvider } from "./account.js";
import type { MemberConfig } from "./config.js";
import { ConfigError } from "./config.js";
import { deployCollections } from "./member/collect.js";
import { documentProblems } from "./member/documents.js";
import { watchSchedules } from "./member/failures.js";
import { deployHosts, featuresOf, outputOf } from "./member/hosts.js";
import { hostProblems } from "./member/named-by-hosts.js";
import { deploySchedules } from "./member/schedules.js";
import type { Deployed } from "./deployed.js";
import { onRemoval } from "./removal.js";
import type { Exports, MemberOutputs } from "./outputs.js";
import { packageSource, readLogOutputs } from "./outputs.js";

/** An account with hosts: what bootstraps them, and the hosts themselves. */
export async function deployMember(
  config: MemberConfig,
  before: Deployed = {},
): Promise<Exports<MemberOutputs>> {
  const { account, prefix, regions } = config;
  const log = await readLogOutputs(config.logStack);
  const source = packageSource(log, config);
  const provider = accountProvider(config);
  const documents = bootstrapDocuments();
  await checkNamed(config, documents, provider);

  const bootstrap = new BootstrapProduct(
    "bootstrap",
    {
      account,
      prefix,
      regions,
      documents,
      packages: source,
      notify: config.notify,
      cloudWatch: config.cloudWatch,
      logRetentionDays: config.logRetentionDays,
    },
    { provider, transformations: [onRemoval(config.onRemove)] },
  );
  const features = featuresOf(config, log);
  const { instanceProfile } = new HostRole(
    "hosts",
    { account, packages: source, features },
    { provider },
  );
  const output = outputOf(config, log);
  if (log.runs && output) {
    const hasOperator = log.runs.operatorRoleArn !== undefined;
    new RunTarget("runs", { account, source, output, hasOperator }, { provider });
  }
  const watched = [
    ...deploySchedules(config, log, provider),
    ...deployCollections(config, log, provider),
  ];
  watchSchedules(config, watched, bootstrap.inRegions, provider);
  const centralBuckets = [...new Set([log.bucket, ...(output?.buckets ?? [])])];
  const setup = { provider, instanceProfile, centralBuckets, after: [bootstrap] };
  const hosts = deployHosts(config, setup, before);
  const { sessionUsers } = config;
  const sessions =
    sessionUsers && new SessionUserRole("sessions", { account, ...sessionUsers }, { provider });
  return {
    account: account.id,
    regions: [...regions],
    prefix,
    onRemove: config.onRemove,
    deadLetterQueueUrls: bootstrap.deadLetterQueueUrls,
    failureQueueUrls: bootstrap.failureQueueUrls,
    failureTopicArns: bootstrap.failureTopicArns,
    instanceProfile,
    hosts: pulumi.output(hosts.ids),
    images: pulumi.output(hosts.images),
    ...(sessions && { sessionUserRoleArn: sessions.roleArn }),
  };
}

/** Checks what the settings name and no stack makes. @throws ConfigError with all that is wrong, before anything is made */
async function checkNamed(
  config: MemberConfig,
  documents: ReturnType<typeof bootstrapDocuments>,
  provider: aws.Provider,
): Promise<void> {
  const found = [documentProblems(config, documents, provider), hostProblems(config, provider)];
  const problems = (await Promise.all(found)).flat();
  if (problems.length > 0) throw new ConfigError("the configuration", problems);
}
