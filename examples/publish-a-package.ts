import * as archive from "@pulumi/archive";
import * as aws from "@pulumi/aws";
import { PackageFactory } from "../components/packages/package-factory.js";

/** Publishes a folder as a Distributor package that one other account may install. */
export function publishAPackage() {
  const provider = new aws.Provider("log", {
    region: "eu-central-1",
    allowedAccountIds: ["111111111111"],
  });
  const factory = new PackageFactory(
    "packages",
    {
      account: { id: "111111111111", partition: "aws" },
      prefix: "cf",
      regions: ["eu-central-1"],
      packages: [
        {
          name: "tool",
          version: "1.0.0",
          sharedWith: ["222222222222"],
          // Holds the executable, install.sh and uninstall.sh.
          builds: [{ os: "linux", architecture: "x86_64", folder: ".build/tool" }],
        },
      ],
      archives: new archive.Provider("archives"),
    },
    { provider },
  );
  return { bucket: factory.bucket, packages: factory.packages };
}
