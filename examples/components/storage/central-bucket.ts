// The central bucket with a key of its own, as PackageFactory has it, and an object in it. What is
// written depends on the component: no object precedes the encryption.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { CentralBucket } from "../../../components/storage/central-bucket.js";
import { EncryptionKey } from "../../../components/storage/encryption-key.js";
import { keyAlias } from "../../../components/names.js";

const account = { id: "111111111111", partition: "aws" } as const;

class Storage extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, opts: InAccount) {
    super("fleet:examples:Storage", name, {}, opts);
    const key = new EncryptionKey(
      `${name}-encryption`,
      { account, alias: keyAlias("cf", "packages"), description: "The central bucket" },
      { parent: this },
    );
    const storage = new CentralBucket(`${name}-storage`, { kmsKeyArn: key.arn }, { parent: this });
    new aws.s3.BucketObjectv2(
      `${name}-readme`,
      { bucket: storage.bucket, key: "tmp/readme.txt", content: "Executables to pack go here." },
      { parent: this, dependsOn: [storage] },
    );
    this.bucket = storage.bucket;
    this.registerOutputs({ bucket: this.bucket });
  }
}

export const example = (provider: aws.Provider) => new Storage("central", { provider });
