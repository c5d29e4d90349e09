import { createHash } from "node:crypto";
import type { S3Cloud } from "./s3.js";
import type { Access, Context } from "../../../kernel/access.js";
import { isoTime } from "../../../kernel/clock.js";
import { AwsError } from "../../../kernel/errors.js";
import { operation } from "../../../kernel/operation.js";
import type { Bucket } from "./bucket.js";
import type { StoredObject } from "./objects.js";

interface ObjectInput {
  readonly Bucket: string;
  readonly Key: string;
}

interface PutInput extends ObjectInput {
  readonly Body?: Uint8Array | string;
  readonly ACL?: string;
  readonly ContentType?: string;
  readonly ServerSideEncryption?: string;
  readonly SSEKMSKeyId?: string;
}

interface ListInput {
  readonly Bucket: string;
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly MaxKeys?: number;
  readonly StartAfter?: string;
  readonly ContinuationToken?: string;
}

/** Entries on one page. Source: S3 API reference, ListObjectsV2. */
const PAGE = 1000;

/** The inputs of PutObject that the local cloud looks at, and those that change nothing that it has. */
const PUT_INPUTS = new Set(
  "Bucket Key Body ACL ContentType ServerSideEncryption SSEKMSKeyId BucketKeyEnabled ContentLength ContentMD5 ChecksumAlgorithm ChecksumCRC32 ChecksumSHA256".split(
    " ",
  ),
);

/** S3's operations on objects. `find` throws NoSuchBucket. */
export function objectOperations(cloud: S3Cloud, find: (name: string) => Bucket) {
  const permissions = new ObjectAccess(cloud);

  const reads = (input: ObjectInput): readonly Access[] => {
    const bucket = find(input.Bucket);
    const object = bucket.objects.get(input.Key);
    const get = permissions.accessTo(bucket, "s3:GetObject", input.Key);
    // Only callers that may list learn that there is no such object. Source: S3 API reference, GetObject.
    if (object === undefined) return [get, permissions.accessTo(bucket, "s3:ListBucket")];
    return [get, ...permissions.ofKey(bucket, object.kmsKey, "kms:Decrypt", input.Key)];
  };
  const stored = ({ Bucket: name, Key }: ObjectInput): StoredObject => {
    const found = find(name).objects.get(Key);
    if (found !== undefined) return found;
    throw new AwsError("NoSuchKey", `The specified key does not exist: ${Key}`);
  };
  /** The key that an object will be encrypted with; undefined: S3's own. */
  const keyFor = (bucket: Bucket, { ServerSideEncryption, SSEKMSKeyId }: PutInput) => {
    if (ServerSideEncryption === "AES256") return undefined;
    if (SSEKMSKeyId === undefined) return bucket.kmsKey;
    return cloud.kms.key(bucket.account, bucket.region, SSEKMSKeyId).arn;
  };

  return {
    GetObject: operation<ObjectInput, object & { Body: Uint8Array; ETag: string }>({
      access: reads,
      run: (input) => ({ Body: stored(input).body, ...headersOf(stored(input)) }),
    }),
    HeadObject: operation<ObjectInput, object>({
      access: reads,
      run: (input) => headersOf(stored(input)),
    }),
    PutObject: operation<PutInput, { ETag: string }>({
      access: (input) => {
        const bucket = find(input.Bucket);
        const context = putContext(input);
        const acl =
          input.ACL === undefined
            ? []
            : [permissions.accessTo(bucket, "s3:PutObjectAcl", input.Key, context)];
        return [
          permissions.accessTo(bucket, "s3:PutObject", input.Key, context),
          ...acl,
          ...permissions.ofKey(bucket, keyFor(bucket, input), "kms:GenerateDataKey", input.Key),
        ];
      },
      run: (input) => {
        for (const name of Object.keys(input))
          if (!PUT_INPUTS.has(name)) cloud.reportNotRehearsed(`s3:PutObject with ${name}`);
        const bucket = find(input.Bucket);
        bucket.checkAcl(input.ACL);
        const body = typeof input.Body === "string" ? Buffer.from(input.Body) : input.Body;
        const etag = createHash("md5")
          .update(body ?? "")
          .digest("hex");
        const kmsKey = keyFor(bucket, input);
        bucket.objects.set(input.Key, {
          body: body ?? Buffer.alloc(0),
          etag,
          modified: cloud.clock.now,
          ...(input.ContentType !== undefined && { contentType: input.ContentType }),
          ...(kmsKey !== undefined && { kmsKey }),
        });
        return { ETag: etag };
      },
    }),
    DeleteObject: operation<ObjectInput, object>({
      access: (input) => [permissions.accessTo(find(input.Bucket), "s3:DeleteObject", input.Key)],
      // What is not there is deleted as well. Versions and their marks are not modelled.
      run: (input) => {
        find(input.Bucket).objects.delete(input.Key);
        return {};
      },
    }),
    ListObjectsV2: operation<ListInput, object>({
      access: (input) => [
        permissions.accessTo(find(input.Bucket), "s3:ListBucket", undefined, listContext(input)),
      ],
      run: (input) => describeListing(find(input.Bucket), input),
    }),
  };
}

/** What the permissions for a bucket and its objects are. */
export class ObjectAccess {
  constructor(private readonly cloud: S3Cloud) {}

  /** Without a key: for the bucket. */
  accessTo(bucket: Bucket, action: string, key?: string, context?: Context): Access {
    const path = key === undefined ? bucket.name : `${bucket.name}/${key}`;
    return {
      action,
      resource: `arn:${this.cloud.partition.id}:s3:::${path}`,
      resourceAccount: bucket.account,
      ...(context !== undefined && { context }),
      ...(bucket.policy !== undefined && {
        resourcePolicy: { place: `the bucket policy of ${bucket.name}`, document: bucket.policy },
      }),
    };
  }

  /**
   * What is encrypted is the object or, where the bucket has a key of its own for many objects, the bucket.
   * Source: S3 user guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys".
   */
  ofKey(
    bucket: Bucket,
    key: string | undefined,
    action: string,
    object: string,
  ): readonly Access[] {
    if (key === undefined) return [];
    const { id, dnsSuffix } = this.cloud.partition;
    const path = bucket.hasBucketKey ? bucket.name : `${bucket.name}/${object}`;
    return this.cloud.kms.access(key, bucket, [action], {
      "kms:ViaService": `s3.${bucket.region}.${dnsSuffix}`,
      "kms:EncryptionContext:aws:s3:arn": `arn:${id}:s3:::${path}`,
    });
  }
}

function putContext({ ACL, ServerSideEncryption, SSEKMSKeyId }: PutInput): Context {
  return {
    ...(ACL !== undefined && { "s3:x-amz-acl": ACL }),
    ...(ServerSideEncryption !== undefined && {
      "s3:x-amz-server-side-encryption": ServerSideEncryption,
    }),
    ...(SSEKMSKeyId !== undefined && {
      "s3:x-amz-server-side-encryption-aws-kms-key-id": SSEKMSKeyId,
    }),
  };
}

function listContext({ Prefix, Delimiter, MaxKeys }: ListInput): Context {
  return {
    ...(Prefix !== undefined && { "s3:prefix": Prefix }),
    ...(Delimiter !== undefined && { "s3:delimiter": Delimiter }),
    ...(MaxKeys !== undefined && { "s3:max-keys": String(MaxKeys) }),
  };
}

function headersOf({ body, etag, modified, contentType, kmsKey }: StoredObject) {
  return {
    ContentLength: body.length,
    ETag: etag,
    LastModified: isoTime(modified),
    ContentType: contentType ?? "binary/octet-stream",
    ServerSideEncryption: kmsKey === undefined ? "AES256" : "aws:kms",
    ...(kmsKey !== undefined && { SSEKMSKeyId: kmsKey }),
  };
}

function describeListing(bucket: Bucket, input: ListInput): object {
  const { Prefix = "", Delimiter, MaxKeys = PAGE, ContinuationToken, StartAfter } = input;
  // A token is the last entry that was given, written so that nobody takes it for one.
  const token = ContinuationToken && Buffer.from(ContinuationToken, "base64url").toString();
  const { keys, commonPrefixes, next } = bucket.objects.list({
    prefix: Prefix,
    limit: Math.min(MaxKeys, PAGE),
    ...(Delimiter !== undefined && { delimiter: Delimiter }),
    after: token || (StartAfter ?? ""),
  });
  return {
    Name: bucket.name,
    Prefix,
    ...(Delimiter !== undefined && { Delimiter }),
    MaxKeys,
    KeyCount: keys.length + commonPrefixes.length,
    IsTruncated: next !== undefined,
    ...(next !== undefined && { NextContinuationToken: Buffer.from(next).toString("base64url") }),
    Contents: keys.map((Key) => {
      const { etag, body, modified } = bucket.objects.get(Key) ?? { body: "", etag: "" };
      return {
        Key,
        ETag: etag,
        Size: body.length,
        LastModified: isoTime(modified ?? 0),
        StorageClass: "STANDARD",
      };
    }),
    CommonPrefixes: commonPrefixes.map((common) => ({ Prefix: common })),
  };
}
