import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { IdentityCenterAccess } from "../components/sessions/identity-center-access.js";
import { PackageFactory } from "../components/packages/package-factory.js";
import type { Package } from "../components/packages/published-package.js";
import { writeContent } from "../packing/content.js";
import { accountProvider, archiveProvider } from "./account.js";
import type { IdentityCenter, LogConfig, PackageConfig, RunsConfig } from "./config.js";
import type { PreparedRuns } from "./log/runs.js";
import { deployRuns, prepareRuns } from "./log/runs.js";
import { readOrganisation } from "./log/organisation.js";
import type { LogOutputs } from "../lib/log-outputs.js";
import { publishedVersions } from "./changes.js";
import type { Deployed } from "./deployed.js";
import { keysOfBefore } from "./log/keys.js";
import type { LogHistory } from "./outputs.js";
import { onRemoval } from "./removal.js";
import type { Exports } from "./outputs.js";

/** Where packages are built, relative to the project; not in version control. */
const buildRoot = ".build/packages";

/** The central account: what the hosts of all accounts get from it. */
export async function deployLog(
  config: LogConfig,
  before: Deployed = {},
): Promise<Exports<LogOutputs & LogHistory>> {
  const { account, prefix, regions, kmsKeyArn, packages, tmpDays, onRemove } = config;
  const provider = accountProvider(config);
  const forAll = packages.some(({ share }) => share === "*");
  const everyone = forAll
    ? (await readOrganisation(provider, account.id, "fleet:packages[].share")).others
    : [];
  const { runs } = config;
  const prepared = runs && (await prepareRuns(config, runs, provider));
  const { keepsOwnKey, earlierKeyArns } = keysOfBefore(config, before);
  const inAccount = { provider, transformations: [onRemoval(onRemove)] };
  const factory = new PackageFactory(
    "packages",
    {
      account,
      prefix,
      regions,
      kmsKeyArn,
      keepsOwnKey,
      tmpDays,
      ...(runs && prepared && { runs: keptRuns(config, runs, prepared) }),
      packages: packages.map((entry) => staged(entry, everyone)),
      archives: archiveProvider(),
    },
    inAccount,
  );
  const outputs =
    runs &&
    prepared &&
    deployRuns(config, runs, { ...prepared, ...storeOf(factory), earlierKeyArns, inAccount });
  if (config.identityCenter) deployIdentityCenter(config, config.identityCenter, provider);
  return {
    account: account.id,
    partition: account.partition,
    regions: [...regions],
    prefix,
    bucket: factory.bucket,
    kmsKeyArn: factory.kmsKeyArn,
    onRemove,
    ownKeyArn: factory.ownKeyArn ?? "",
    earlierKeyArns: [...earlierKeyArns],
    publishedVersions: publishedVersions(config, before),
    packages: factory.packages,
    ...(outputs && { runs: pulumi.output(outputs) }),
  };
}

/** What the central bucket keeps of runs. */
const keptRuns = (
  { account }: LogConfig,
  { outputDays }: RunsConfig,
  { accounts }: PreparedRuns,
) => ({
  partition: account.partition,
  accounts,
  outputDays,
});

const storeOf = ({ bucket, kmsKeyArn }: PackageFactory) => ({ bucket, kmsKeyArn });

/** Sessions for people who sign in by IAM Identity Center. */
function deployIdentityCenter(
  { account, prefix, regions }: LogConfig,
  { accounts, region = regions[0], groupId }: IdentityCenter,
  provider: aws.Provider,
): void {
  const { partition } = account;
  const args = { partition, prefix, region, accountIds: accounts, groupId };
  new IdentityCenterAccess("people", args, { provider });
}

/** Writes the package's files where the factory zips them. */
const staged = (
  { name, version, share, variants }: PackageConfig,
  everyone: readonly string[],
): Package => ({
  name,
  version,
  sharedWith: share === "*" ? everyone : share,
  secrets: variants.flatMap(({ variant }) => Object.values(variant.secrets ?? {})),
  builds: variants.map((read) => ({
    os: read.variant.os,
    architecture: read.variant.architecture,
    folder: writeContent(buildRoot, read),
  })),
});
