import * as archive from "@pulumi/archive";
import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { ArgumentError } from "../../../components/arguments.js";
import type { PackageFactoryArgs } from "../../../components/packages/package-factory.js";
import { PackageFactory } from "../../../components/packages/package-factory.js";
import type { Package } from "../../../components/packages/published-package.js";
import { logAccount, partitions } from "../../support/account.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

const tool = (values: Partial<Package> = {}): Package => ({
  name: "tool",
  version: "1.0.0",
  sharedWith: ["333333333333", "222222222222"],
  builds: [{ os: "windows", architecture: "x86_64", folder: ".build/tool" }],
  ...values,
});

function factory(args: Partial<PackageFactoryArgs> = {}): PackageFactory {
  const regions = args.regions ?? ["eu-central-1"];
  const provider = new aws.Provider("account", { region: regions[0] });
  const archives = new archive.Provider("archives");
  const defaults = { account: logAccount(), prefix: "cf", packages: [tool()] };
  return new PackageFactory("packages", { ...defaults, ...args, regions, archives }, { provider });
}

const zips = {
  "archive:index/getFile:getFile": () => ({ outputSha256: "ab12", outputPath: "x.zip" }),
};

describe("PackageFactory (declared under mocks; what SSM makes of a manifest is not proven here)", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await mockProgram({ invokes: zips });
  });

  it("zips each build with permissions that do not depend on the machine", async () => {
    factory();
    await program.settled();
    expect(program.called("archive:index/getFile:getFile")).to.deep.equal([
      {
        type: "zip",
        sourceDir: ".build/tool",
        outputPath: ".build/tool.zip",
        outputFileMode: "0755",
      },
    ]);
  });

  it("keeps zip and manifest under the package's version", async () => {
    factory();
    await program.settled();
    const objects = program.all("aws:s3/bucketObjectv2:BucketObjectv2");
    expect(objects.map(({ inputs }) => inputs["key"])).to.deep.equal([
      "packages/tool/1.0.0/manifest.json",
      "packages/tool/1.0.0/tool-windows-x86_64.zip",
    ]);
  });

  it("publishes one document per package and Region, made from those objects", async () => {
    factory({ regions: ["eu-central-1", "eu-west-1"] });
    await program.settled();
    const objects = program.all("aws:s3/bucketObjectv2:BucketObjectv2").map(({ urn }) => urn);
    const documents = program.all("aws:ssm/document:Document");
    expect(documents.map(({ name }) => name)).to.deep.equal([
      "packages-tool-document-eu-central-1",
      "packages-tool-document-eu-west-1",
    ]);
    const content = {
      schemaVersion: "2.0",
      version: "1.0.0",
      packages: { windows: { _any: { x86_64: { file: "tool-windows-x86_64.zip" } } } },
      files: { "tool-windows-x86_64.zip": { checksums: { sha256: "ab12" } } },
    };
    const source = "s3://packages-storage-bucket-physical/packages/tool/1.0.0";
    for (const [index, region] of ["eu-central-1", "eu-west-1"].entries()) {
      expect(documents[index]?.inputs).to.deep.equal({
        name: "cf-package-tool",
        documentType: "Package",
        documentFormat: "JSON",
        content: JSON.stringify(content),
        versionName: "1.0.0",
        attachmentsSources: [{ key: "SourceUrl", values: [source] }],
        permissions: { type: "Share", account_ids: "222222222222,333333333333" },
        region,
      });
      expect(documents[index]?.dependsOn).to.include.members(objects);
      expect(documents[index]?.deleteBeforeReplace).to.equal(true);
    }
  });

  it("puts nothing into the bucket before the bucket is closed and encrypted", async () => {
    factory();
    await program.settled();
    const order = program.resources.map(({ type }) => type);
    const firstObject = order.indexOf("aws:s3/bucketObjectv2:BucketObjectv2");
    const settings = order.filter((type) => /^aws:s3\/bucket[A-Z]/.test(type));
    expect(settings.slice(0, 6).sort()).to.deep.equal([
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "aws:s3/bucketVersioning:BucketVersioning",
    ]);
    expect(firstObject).to.be.greaterThan(order.lastIndexOf("aws:s3/bucketPolicy:BucketPolicy"));
  });

  it("shares with nobody when nobody is named", async () => {
    factory({ packages: [tool({ sharedWith: [] })] });
    await program.settled();
    expect(program.only("aws:ssm/document:Document").inputs).not.to.have.property("permissions");
  });

  it("encrypts with a given key and then makes none", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-central-1:999999999999:key/1";
    factory({ kmsKeyArn });
    await program.settled();
    const type =
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    expect(program.all("aws:kms/key:Key")).to.deep.equal([]);
    expect(program.only(type).inputs["rules"]).to.deep.equal([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        bucketKeyEnabled: true,
      },
    ]);
  });

  it("refuses what it cannot be built from, all at once, before anything is declared", () => {
    const packages = [
      tool({ name: "a".repeat(80), builds: [] }),
      tool({ sharedWith: Array.from({ length: 1001 }, (_, id) => String(id + 100000000000)) }),
      tool(),
    ];
    expect(() => factory({ packages })).to.throw(
      ArgumentError,
      [
        'PackageFactory "packages": invalid arguments',
        `  packages[0].name: expected an ARN of at most 128 characters for document "cf-package-${"a".repeat(80)}", got 138 (arn:aws:ssm:eu-central-1:111111111111:document/cf-package-${"a".repeat(80)}); shorten the name by 10`,
        "  packages[0].builds: expected at least one, got none",
        "  packages[1].sharedWith: expected at most 1000 accounts, got 1001; list those that have hosts, or publish it a second time from another account",
        '  packages[2].name: expected one entry per package, got "tool" again',
      ].join("\n"),
    );
    expect(() => factory({ tmpDays: 0.5 })).to.throw(
      ArgumentError,
      "  tmpDays: expected a whole number of days from 1 to 365, got 0.5",
    );
    expect(() => factory({ regions: [] })).to.throw(ArgumentError, /regions: expected at least/);
    expect(program.all("fleet:index:PackageFactory")).to.deep.equal([]);
  });

  for (const { partition, region } of partitions) {
    it(`lets IAM of its account decide about the key in ${partition}`, async () => {
      factory({ account: logAccount(partition), regions: [region] });
      await program.settled();
      const { policy, ...key } = program.only("aws:kms/key:Key").inputs;
      expect(key).to.deep.equal({
        description: "Encrypts the central bucket of cf",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
      });
      expect(JSON.parse(String(policy))).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "IamOfThisAccountDecides",
            Effect: "Allow",
            Principal: { AWS: `arn:${partition}:iam::111111111111:root` },
            Action: "kms:*",
            Resource: "*",
          },
        ],
      });
      expect(program.only("aws:kms/alias:Alias").inputs["name"]).to.equal("alias/cf-packages");
    });
  }
});

describe("PackageFactory with a key that was given later", () => {
  const given = "arn:aws:kms:eu-central-1:333333333333:key/2";

  it("goes on with its own key beside it, which members use no more", async () => {
    const program = await mockProgram({ invokes: zips });
    const runs = { partition: "aws", accounts: { ids: ["222222222222"] }, outputDays: 9 } as const;
    const made = factory({ kmsKeyArn: given, keepsOwnKey: true, runs });
    expect(await program.valueOf(made.kmsKeyArn)).to.equal(given);
    expect(String(program.only("aws:kms/key:Key").inputs["policy"])).to.not.include("Members");
  });

  it("has no key of its own where none was made before", async () => {
    const program = await mockProgram({ invokes: zips });
    const made = factory({ kmsKeyArn: given });
    await program.settled();
    expect([made.ownKeyArn, program.all("aws:kms/key:Key")]).to.deep.equal([undefined, []]);
  });
});

describe("CentralBucket", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await mockProgram({ invokes: zips });
    factory({ packages: [] });
    await program.settled();
  });

  const inputs = (type: string) => {
    const { bucket, ...rest } = program.only(type).inputs;
    expect(bucket).to.equal("packages-storage-bucket-physical");
    return rest;
  };

  const keyOfObject = "s3:x-amz-server-side-encryption-aws-kms-key-id";
  const refused = (Sid: string, Condition: object) => ({
    Sid,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: "arn:of:packages-storage-bucket/*",
    Condition,
  });

  it("refuses what is not over TLS or not encrypted with its key, and allows nothing itself", () => {
    expect(inputs("aws:s3/bucketPolicy:BucketPolicy")).to.deep.equal({
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "OnlyOverTls",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: ["arn:of:packages-storage-bucket", "arn:of:packages-storage-bucket/*"],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          refused("OnlyEncryptedByKms", {
            Null: { "s3:x-amz-server-side-encryption": "false" },
            StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
          }),
          refused("OnlyEncryptedWithTheKey", {
            Null: { [keyOfObject]: "false" },
            StringNotEquals: { [keyOfObject]: "arn:of:packages-encryption-key" },
          }),
          refused("NoKeysOfClients", {
            Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" },
          }),
        ],
      },
    });
  });

  it("is closed to the public, versioned, and owned by its account alone", () => {
    expect(inputs("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).to.deep.equal({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputs("aws:s3/bucketVersioning:BucketVersioning")).to.deep.equal({
      versioningConfiguration: { status: "Enabled" },
    });
    expect(inputs("aws:s3/bucketOwnershipControls:BucketOwnershipControls")).to.deep.equal({
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  });

  it("changes its access one step at a time, as S3 demands", () => {
    const closed = program.only("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    expect(program.only("aws:s3/bucketPolicy:BucketPolicy").dependsOn).to.include(closed.urn);
  });

  it("encrypts with the factory's key", () => {
    const type =
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    const kmsMasterKeyId = "arn:of:packages-encryption-key";
    expect(inputs(type)).to.deep.equal({
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId },
          bucketKeyEnabled: true,
        },
      ],
    });
  });

  it("cleans up uploads that are old, replaced or never finished, and no package", () => {
    const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    expect(inputs(type)).to.deep.equal({
      rules: [
        {
          id: "expire-handed-in-executables",
          status: "Enabled",
          filter: { prefix: "tmp/" },
          expiration: { days: 7 },
          noncurrentVersionExpiration: { noncurrentDays: 1 },
        },
        {
          id: "expire-replaced-versions",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 90 },
        },
        {
          id: "remove-markers-of-what-is-gone",
          status: "Enabled",
          filter: { prefix: "" },
          expiration: { expiredObjectDeleteMarker: true },
        },
        {
          id: "abort-unfinished-uploads",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    });
  });
});
