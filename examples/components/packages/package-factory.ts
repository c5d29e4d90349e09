// A log account with one package for one member. The folder holds what the zip shall hold: the
// executable, install.sh and uninstall.sh. `writeContent` in packing/content.ts makes such folders.
import * as archive from "@pulumi/archive";
import type * as aws from "@pulumi/aws";
import { PackageFactory } from "../../../components/packages/package-factory.js";
import type { Package } from "../../../components/packages/published-package.js";

const account = { id: "111111111111", partition: "aws" } as const;
const packages: Package[] = [
  {
    name: "fleet-facts",
    version: "1.0.0",
    builds: [
      { os: "linux", architecture: "_any", folder: ".build/packages/fleet-facts/1.0.0/linux-_any" },
    ],
    sharedWith: ["222222222222"],
  },
];

export function example(provider: aws.Provider): PackageFactory {
  const archives = new archive.Provider("archives");
  return new PackageFactory(
    "packages",
    { account, prefix: "cf", regions: ["eu-central-1"], packages, archives },
    { provider },
  );
}
