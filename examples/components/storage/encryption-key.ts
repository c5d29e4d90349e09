// A key that IAM in the account administers and no AWS service uses by itself.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { EncryptionKey } from "../../../components/storage/encryption-key.js";
import { keyAlias } from "../../../components/names.js";

const account = { id: "111111111111", partition: "aws" } as const;

class Encrypted extends pulumi.ComponentResource {
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, opts: InAccount) {
    super("fleet:examples:Encrypted", name, {}, opts);
    const key = new EncryptionKey(
      `${name}-encryption`,
      { account, alias: keyAlias("cf", "packages"), description: "…" },
      { parent: this },
    );
    this.keyArn = key.arn;
    this.registerOutputs({ keyArn: this.keyArn });
  }
}

export const example = (provider: aws.Provider) => new Encrypted("packages", { provider });
