import { AwsError, NotRehearsed } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import { operation } from "../../../../kernel/operation.js";
import { own } from "../../../../own.js";

/** A package that AWS publishes: every account can install it by its name; it is no document. */
interface PublishedPackage {
  /** An example: AWS publishes newer ones all the time, and installs the newest where none is named. */
  readonly version: string;
  /** Architectures by the platform's name in the manifest; every version of the platform will do. */
  readonly platforms: Readonly<Record<string, readonly string[]>>;
}

const BOTH = ["x86_64", "arm64"];

/**
 * Source: CloudWatch user guide, "Download and configure the CloudWatch agent using SSM"; EC2 user guide, "Install the
 * VSS package" (Windows Server, 64 bit).
 */
const MODELLED: Readonly<Record<string, PublishedPackage>> = {
  AmazonCloudWatchAgent: {
    version: "1.300062.0",
    platforms: {
      amazon: BOTH,
      centos: BOTH,
      debian: BOTH,
      oracle: ["x86_64"],
      redhat: BOTH,
      suse: BOTH,
      ubuntu: BOTH,
      windows: ["x86_64"],
    },
  },
  AwsVssComponents: { version: "2.5.1", platforms: { windows: ["x86_64"] } },
};

/** The version of a modelled package that is installed where none is named. */
export const publishedVersion = (name: string): string => MODELLED[name]?.version ?? "none";

/** Other packages that AWS publishes. Source: user guide, "aws:configurePackage", and Distributor. */
const OTHERS = new Set(
  "AWSPVDriver AwsEnaNetworkDriver AWSKinesisTap AWSNVMe AWSCodeDeployAgent AmazonEFSUtils".split(
    " ",
  ),
);

interface ManifestInput {
  /** A name, or `arn:aws:ssm:::package/name`. */
  readonly PackageName: string;
  readonly PackageVersion?: string;
}

/** The operations by which the agent gets AWS's own packages. Source: agent's birdwatcher facade. */
export const publishedPackageOperations = {
  GetManifest: operation<ManifestInput, object>({
    access: (_input, caller) => [everything("ssm:GetManifest", caller)],
    run: ({ PackageName, PackageVersion = "latest" }, { kernel }) => {
      const name = PackageName.replace(/^arn:.*:package\//, "");
      const found = own(MODELLED, name);
      if (OTHERS.has(name))
        throw new NotRehearsed(`package ${name}`, "of AWS's packages two are modelled");
      if (found === undefined)
        throw new AwsError("ResourceNotFoundException", `Package ${PackageName} does not exist`);
      if (!["", "latest", found.version].includes(PackageVersion)) {
        throw new NotRehearsed(
          `package ${name} ${PackageVersion}`,
          `of AWS's package ${name} only ${found.version}, as the latest, is modelled`,
        );
      }
      const packageArn = kernel.arn("ssm", "", "", `package/${name}`);
      return { Manifest: manifestOf(name, packageArn, found) };
    },
  }),
  PutConfigurePackageResult: operation<object, object>({
    access: (_input, caller) => [everything("ssm:PutConfigurePackageResult", caller)],
    run: () => ({}),
  }),
};

/** In the shape that the agent reads. Source: agent's birdwatcher/types.go. */
function manifestOf(name: string, packageArn: string, found: PublishedPackage): string {
  const { version, platforms } = found;
  const file = (platform: string, architecture: string) =>
    `${name}-${platform}-${architecture}.zip`;
  const pairs = Object.entries(platforms).flatMap(([platform, architectures]) =>
    architectures.map((architecture) => [platform, architecture] as const),
  );
  const packages = Object.entries(platforms).map(([platform, architectures]) => {
    const files = architectures.map(
      (architecture) => [architecture, { file: file(platform, architecture) }] as const,
    );
    return [platform, { _any: Object.fromEntries(files) }] as const;
  });
  // AWS's files are not here, so neither are their checksums.
  const files = pairs.map(
    ([platform, architecture]) => [file(platform, architecture), { checksums: {} }] as const,
  );
  return JSON.stringify({
    schemaVersion: "1.0",
    packageArn,
    version,
    packages: Object.fromEntries(packages),
    files: Object.fromEntries(files),
  });
}

function everything(action: string, { account }: Caller) {
  return { action, resource: "*", resourceAccount: account };
}
