// One package out of a bucket that is there already, in two Regions.
import * as archive from "@pulumi/archive";
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import type { Package } from "../../../components/packages/published-package.js";
import { PublishedPackage } from "../../../components/packages/published-package.js";

const prefix = "cf";
const regions = ["eu-central-1", "eu-west-1"];
const bucket = "somebody-elses-bucket";
const facts: Package = {
  name: "fleet-facts",
  version: "1.0.0",
  builds: [
    { os: "linux", architecture: "_any", folder: ".build/packages/fleet-facts/1.0.0/linux-_any" },
  ],
  sharedWith: ["222222222222"],
};

class Tools extends pulumi.ComponentResource {
  readonly arns: pulumi.Output<Record<string, string>>;

  constructor(name: string, opts: InAccount) {
    super("fleet:examples:Tools", name, {}, opts);
    const archives = new archive.Provider(`${name}-archives`, {}, { parent: this });
    const published = new PublishedPackage(
      `${name}-fleet-facts`,
      { prefix, regions, bucket, package: facts, archives },
      { parent: this },
    );
    this.arns = published.arns;
    this.registerOutputs({ arns: this.arns });
  }
}

export const example = (provider: aws.Provider) => new Tools("tools", { provider });
