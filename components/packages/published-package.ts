import * as archive from "@pulumi/archive";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture, Os } from "../../packing/variant.js";
import type { InAccount } from "../account.js";
import { sharing } from "../document-sharing.js";
import type { ManifestFile } from "./manifest.js";
import { manifestOf } from "./manifest.js";
import { packageDocumentName } from "../names.js";

/** A variant of a package, staged in a folder that is ready to be zipped. */
export interface Build {
  readonly os: Os;
  readonly architecture: Architecture;
  /** The folder, relative to the project. */
  readonly folder: string;
}

/** One version of a package. */
export interface Package {
  readonly name: string;
  /** 3-128 letters, digits, `_`, `-` or `.`. */
  readonly version: string;
  /** At least one, each for another operating system or architecture. */
  readonly builds: readonly Build[];
  /** Ids of the accounts that may install it, at most 1,000, in any order. */
  readonly sharedWith: readonly string[];
  /** Names of the parameters that its scripts read on the host. @default none */
  readonly secrets?: readonly string[];
}

export interface PublishedPackageArgs {
  readonly prefix: string;
  /** Regions that hosts install it in; each gets the document. */
  readonly regions: readonly string[];
  /** Name of the bucket that keeps zips and manifest. */
  readonly bucket: pulumi.Input<string>;
  readonly package: Package;
  /** Zips the folders on the machine that runs the program. */
  readonly archives: archive.Provider;
}

/**
 * One package of the factory: a zip per build with its SHA-256, the manifest, both as objects under
 * `packages/<name>/<version>/`, and the SSM document of type Package in every Region, shared.
 *
 * SSM copies the zips when it creates a version, so whoever installs it never touches the bucket.
 *
 * @example
 * new PublishedPackage(`${name}-fleet-facts`, { prefix, regions, bucket, package: facts, archives }, { parent: this });
 */
export class PublishedPackage extends pulumi.ComponentResource {
  /** ARN of the document by Region. */
  readonly arns: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: PublishedPackageArgs, opts: InAccount) {
    const { package: published, bucket } = args;
    super(
      "fleet:index:PublishedPackage",
      name,
      { name: published.name, version: published.version },
      opts,
    );
    const folder = `packages/${published.name}/${published.version}`;
    const zips = published.builds.map((build) => this.zipped(name, folder, build, args));
    const files = zips.map(({ file }) => file);
    const objects = zips.map(({ object }) => object);
    const content = pulumi.jsonStringify(manifestOf(published.version, files));
    const manifest = new aws.s3.BucketObjectv2(
      `${name}-manifest`,
      { bucket, key: `${folder}/manifest.json`, contentType: "application/json", content },
      { parent: this },
    );
    const documents = args.regions.map((region) => {
      const document = new aws.ssm.Document(
        `${name}-document-${region}`,
        {
          name: packageDocumentName(args.prefix, published.name),
          documentType: "Package",
          documentFormat: "JSON",
          content,
          versionName: published.version,
          attachmentsSources: [
            { key: "SourceUrl", values: [pulumi.interpolate`s3://${bucket}/${folder}`] },
          ],
          permissions: sharing(published.sharedWith),
          region,
        },
        { parent: this, dependsOn: [...objects, manifest], deleteBeforeReplace: true },
      );
      return [region, document.arn] as const;
    });
    this.arns = pulumi.output(Object.fromEntries(documents));
    this.registerOutputs({ arns: this.arns });
  }

  /** Zips a build and puts it into the bucket. */
  private zipped(name: string, folder: string, build: Build, args: PublishedPackageArgs) {
    const { os, architecture } = build;
    const file = `${args.package.name}-${os}-${architecture}.zip`;
    const zip = archive.getFileOutput(
      {
        type: "zip",
        sourceDir: build.folder,
        outputPath: `${build.folder}.zip`,
        // The same bytes whatever the umask of the machine, and every script is executable.
        outputFileMode: "0755",
      },
      { parent: this, provider: args.archives },
    );
    const object = new aws.s3.BucketObjectv2(
      `${name}-${os}-${architecture}`,
      {
        bucket: args.bucket,
        key: `${folder}/${file}`,
        contentType: "application/zip",
        source: zip.outputPath.apply((path) => new pulumi.asset.FileAsset(path)),
      },
      { parent: this },
    );
    const entry: ManifestFile = { os, architecture, file, sha256: zip.outputSha256 };
    return { file: entry, object };
  }
}
