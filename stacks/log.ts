import * as aws from "@pulumi/aws";
import { IdentityCenterAccess } from "../components/identity-center-access";
import { PackageFactory } from "../components/package-factory";
import { Package } from "../components/published-package";
import { stage } from "../packages/content";
import { accountProvider, archiveProvider } from "./account";
import { LogConfig } from "./config";
import { IdentityCenter } from "./config-access";
import { PackageConfig } from "./config-packages";
import { otherAccounts } from "./organisation";
import { Exports, LogOutputs } from "./outputs";

/** Where packages are built, relative to the project; not in version control. */
const buildRoot = ".build/packages";

/** The central account: what the hosts of all accounts get from it. */
export async function deployLog(config: LogConfig): Promise<Exports<LogOutputs>> {
  const { account, prefix, regions, kmsKeyArn, packages, tmpDays } = config;
  const provider = accountProvider(config);
  const everyone = packages.some(({ share }) => share === "*")
    ? await otherAccounts(provider, account.id)
    : [];
  const factory = new PackageFactory(
    "packages",
    {
      account,
      prefix,
      regions,
      kmsKeyArn,
      tmpDays,
      packages: packages.map((of) => staged(of, everyone)),
      archives: archiveProvider(),
    },
    { provider },
  );
  if (config.identityCenter) deployIdentityCenter(config, config.identityCenter, provider);
  return {
    account: account.id,
    partition: account.partition,
    regions: [...regions],
    prefix,
    bucket: factory.bucket,
    kmsKeyArn: factory.kmsKeyArn,
    packages: factory.packages,
  };
}

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
    folder: stage(buildRoot, read),
  })),
});
