import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Access } from "../authorization.js";
import { type Cloud } from "../cloud.js";
import { AwsError } from "../errors.js";
import { operation } from "../operation.js";
import { parsePolicy, type PolicyDocument } from "../policy.js";
import { type Created, type Deployment, resourceType, type Service } from "../resource.js";

interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
  readonly kmsKey?: string;
}

interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  policy?: PolicyDocument;
  /** The key that new objects are encrypted with, where it is not S3's own. */
  kmsKey?: string;
  readonly objects: Map<string, StoredObject>;
}

interface ObjectInput {
  readonly Bucket: string;
  readonly Key: string;
}

/** What settings of a bucket have in common: one per bucket, and its id is the bucket's. */
interface BucketSetting {
  readonly bucket: string;
}

/** S3: buckets with policy and encryption, and objects. Versions, lifecycle and access blocks are taken but not acted out. */
export class S3Service implements Service {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly cloud: Cloud) {}

  /** @throws AwsError NoSuchBucket */
  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined)
      throw new AwsError("NoSuchBucket", `The specified bucket does not exist: ${name}`);
    return bucket;
  }

  readonly operations = {
    GetObject: operation<ObjectInput, { Body: Uint8Array; ETag: string }>({
      access: (input) => {
        const bucket = this.bucket(input.Bucket);
        const key = bucket.objects.get(input.Key)?.kmsKey;
        return [
          this.objectAccess(bucket, "s3:GetObject", input.Key),
          ...this.keyAccess(bucket, key, "kms:Decrypt"),
        ];
      },
      run: (input) => {
        const found = this.bucket(input.Bucket).objects.get(input.Key);
        if (found === undefined) {
          throw new AwsError("NoSuchKey", `The specified key does not exist: ${input.Key}`);
        }
        return { Body: found.body, ETag: found.etag };
      },
    }),
    PutObject: operation<ObjectInput & { readonly Body: Uint8Array }, { ETag: string }>({
      access: (input) => {
        const bucket = this.bucket(input.Bucket);
        return [
          this.objectAccess(bucket, "s3:PutObject", input.Key),
          ...this.keyAccess(bucket, bucket.kmsKey, "kms:GenerateDataKey"),
        ];
      },
      run: (input) => {
        const bucket = this.bucket(input.Bucket);
        const etag = createHash("md5").update(input.Body).digest("hex");
        const kmsKey = bucket.kmsKey;
        bucket.objects.set(input.Key, {
          body: input.Body,
          etag,
          ...(kmsKey !== undefined && { kmsKey }),
        });
        return { ETag: etag };
      },
    }),
  };

  readonly resourceTypes = [
    resourceType<{ bucket: string; forceDestroy?: boolean }>({
      type: "aws:s3/bucket:Bucket",
      models: ["bucket", "forceDestroy", "tags"],
      replaceOnChanges: ["bucket", "objectLockEnabled"],
      autoname: "bucket",
      create: (inputs, at) => {
        const name = inputs.bucket;
        if (!/^(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
          throw new AwsError(
            "InvalidBucketName",
            `The specified bucket is not valid: "${name}" (3-63 of a-z, 0-9, . and -)`,
          );
        }
        if (this.buckets.has(name))
          throw new AwsError("BucketAlreadyExists", `Bucket ${name} already exists.`);
        this.buckets.set(name, {
          name,
          account: at.account,
          region: at.region,
          objects: new Map(),
        });
        return { id: name, outputs: this.bucketOutputs(name, at) };
      },
      update: (id, _inputs, at) => this.bucketOutputs(id, at),
      delete: (id) => {
        if (this.bucket(id).objects.size > 0) {
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
    this.setting("aws:s3/bucketOwnershipControls:BucketOwnershipControls", ["rule"]),
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

  private objectAccess(bucket: Bucket, action: string, key: string): Access {
    return {
      action,
      resource: `arn:${this.cloud.partition.id}:s3:::${bucket.name}/${key}`,
      resourceAccount: bucket.account,
      ...(bucket.policy !== undefined && {
        resourcePolicy: { place: `the bucket policy of ${bucket.name}`, document: bucket.policy },
      }),
    };
  }

  private keyAccess(bucket: Bucket, key: string | undefined, action: string): Access[] {
    if (key === undefined) return [];
    const context = { "kms:ViaService": `s3.${bucket.region}.${this.cloud.partition.dnsSuffix}` };
    return this.cloud.kms.access(key, bucket, [action], context);
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
}

interface ObjectResource {
  readonly bucket: string;
  readonly key: string;
  /** A file asset. */
  readonly source?: { readonly path: string };
  readonly content?: string;
}
