import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Keys } from "../../../kernel/ports.js";
import type { Kernel } from "../../../kernel/kernel.js";
import { AwsError } from "../../../kernel/errors.js";
import { parsePolicy } from "../../iam/policy.js";
import type { Created, Deployment, Service } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import { Bucket, checkBucketName } from "./bucket.js";
import { bucketOperations } from "./bucket-operations.js";
import { objectOperations } from "./operations.js";

/** What settings of a bucket have in common: one per bucket, and its id is the bucket's. */
interface BucketSetting {
  readonly bucket: string;
}

/** What S3 uses of the rest of the cloud. */
export interface S3Cloud extends Kernel {
  readonly kms: Keys;
}

/**
 * S3: buckets with policy and encryption, and objects. Versions, lifecycle and access blocks are taken but not acted
 * out.
 */
export class S3Service implements Service {
  private readonly buckets = new Map<string, Bucket>();

  readonly operations;

  constructor(private readonly cloud: S3Cloud) {
    const find = (name: string) => this.bucket(name);
    const buckets = { find, all: () => [...this.buckets.values()] };
    this.operations = { ...objectOperations(cloud, find), ...bucketOperations(cloud, buckets) };
  }

  has(name: string): boolean {
    return this.buckets.has(name);
  }

  /** @throws AwsError NoSuchBucket */
  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined)
      throw new AwsError("NoSuchBucket", `The specified bucket does not exist: ${name}`);
    return bucket;
  }

  readonly resourceTypes = [
    resourceType<{ bucket: string; forceDestroy?: boolean }>({
      type: "aws:s3/bucket:Bucket",
      models: ["bucket", "forceDestroy", "tags"],
      replaceOnChanges: ["bucket", "objectLockEnabled"],
      autoname: "bucket",
      create: (inputs, at) => {
        const name = inputs.bucket;
        checkBucketName(name);
        if (this.buckets.has(name))
          throw new AwsError("BucketAlreadyExists", `Bucket ${name} already exists.`);
        const made = new Bucket(name, at.account, at.region, this.cloud.clock.now);
        made.forceDestroy = inputs.forceDestroy ?? false;
        this.buckets.set(name, made);
        return { id: name, outputs: this.bucketOutputs(name, at) };
      },
      update: (id, inputs, at) => {
        this.bucket(id).forceDestroy = inputs.forceDestroy ?? false;
        return this.bucketOutputs(id, at);
      },
      delete: (id) => {
        const { objects, forceDestroy } = this.bucket(id);
        if (objects.size > 0 && !forceDestroy) {
          throw new AwsError(
            "BucketNotEmpty",
            `The bucket you tried to delete is not empty: ${id}`,
          );
        }
        this.buckets.delete(id);
      },
    }),
    resourceType<BucketSetting & { policy: unknown }>({
      type: "aws:s3/bucketPolicy:BucketPolicy",
      models: ["bucket", "policy"],
      replaceOnChanges: ["bucket"],
      create: (inputs) => {
        this.bucket(inputs.bucket).policy = parsePolicy(inputs.policy, "resource");
        return { id: inputs.bucket, outputs: {} };
      },
      update: (id, inputs) => {
        this.bucket(id).policy = parsePolicy(inputs.policy, "resource");
        return {};
      },
      delete: (id) => void delete this.buckets.get(id)?.policy,
    }),
    resourceType<BucketSetting & { rules: readonly EncryptionRule[] }>({
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      models: ["bucket", "rules"],
      replaceOnChanges: ["bucket"],
      create: (inputs) => {
        this.encrypt(inputs.bucket, inputs.rules);
        return { id: inputs.bucket, outputs: {} };
      },
      update: (id, inputs) => {
        this.encrypt(id, inputs.rules);
        return {};
      },
      delete: (id) => void delete this.buckets.get(id)?.kmsKey,
    }),
    this.setting("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", [
      "blockPublicAcls",
      "blockPublicPolicy",
      "ignorePublicAcls",
      "restrictPublicBuckets",
    ]),
    this.setting("aws:s3/bucketVersioning:BucketVersioning", ["versioningConfiguration"]),
    resourceType<BucketSetting & { rule: { objectOwnership: string } }>({
      type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
      models: ["bucket", "rule"],
      replaceOnChanges: ["bucket"],
      create: (inputs) => {
        this.bucket(inputs.bucket).ownership = inputs.rule.objectOwnership;
        return { id: inputs.bucket, outputs: {} };
      },
      update: (id, inputs) => {
        this.bucket(id).ownership = inputs.rule.objectOwnership;
        return {};
      },
      delete: () => undefined,
    }),
    this.setting("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", ["rules"]),
    resourceType<ObjectResource>({
      type: "aws:s3/bucketObjectv2:BucketObjectv2",
      models: [
        "bucket",
        "key",
        "source",
        "content",
        "contentType",
        "sourceHash",
        "etag",
        "kmsKeyId",
        "bucketKeyEnabled",
        "serverSideEncryption",
        "tags",
      ],
      replaceOnChanges: ["bucket", "key"],
      create: (inputs, at) => this.putObject(inputs, at),
      update: async (_id, inputs, at) => (await this.putObject(inputs, at)).outputs,
      delete: (id) => {
        const slash = id.indexOf("/");
        this.buckets.get(id.slice(0, slash))?.objects.delete(id.slice(slash + 1));
      },
    }),
  ];

  private setting(type: string, models: readonly string[]) {
    return resourceType<BucketSetting>({
      type,
      models: ["bucket", ...models],
      replaceOnChanges: ["bucket"],
      create: (inputs) => ({ id: this.bucket(inputs.bucket).name, outputs: {} }),
      update: () => ({}),
      delete: () => undefined,
    });
  }

  private encrypt(name: string, rules: readonly EncryptionRule[]): void {
    const bucket = this.bucket(name);
    const key = rules[0]?.applyServerSideEncryptionByDefault?.kmsMasterKeyId;
    if (key === undefined) delete bucket.kmsKey;
    else bucket.kmsKey = this.cloud.kms.key(bucket.account, bucket.region, key).arn;
    bucket.hasBucketKey = rules[0]?.bucketKeyEnabled === true;
  }

  private async putObject(inputs: ObjectResource, at: Deployment): Promise<Created> {
    const Body =
      inputs.source === undefined
        ? Buffer.from(inputs.content ?? "")
        : readFileSync(resolve(at.folder, inputs.source.path));
    const { ETag } = await this.cloud.call<{ ETag: string }>({
      principal: at.principal,
      account: at.account,
      region: at.region,
      service: "s3",
      operation: "PutObject",
      input: { Bucket: inputs.bucket, Key: inputs.key, Body },
    });
    const arn = `arn:${this.cloud.partition.id}:s3:::${inputs.bucket}/${inputs.key}`;
    return {
      id: `${inputs.bucket}/${inputs.key}`,
      outputs: { arn, etag: ETag, versionId: ETag.slice(0, 32) },
    };
  }

  private bucketOutputs(name: string, at: Deployment) {
    const { dnsSuffix, id } = this.cloud.partition;
    return {
      arn: `arn:${id}:s3:::${name}`,
      bucketDomainName: `${name}.s3.${dnsSuffix}`,
      bucketRegionalDomainName: `${name}.s3.${at.region}.${dnsSuffix}`,
    };
  }
}

interface EncryptionRule {
  readonly applyServerSideEncryptionByDefault?: { readonly kmsMasterKeyId?: string };
  readonly bucketKeyEnabled?: boolean;
}

interface ObjectResource {
  readonly bucket: string;
  readonly key: string;
  /** A file asset. */
  readonly source?: { readonly path: string };
  readonly content?: string;
}
