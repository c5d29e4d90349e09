import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { Readable } from "node:stream";
import { sdkConfig } from "../../server/request-handler.js";
import type { ServedCloud } from "../../server/server.js";
import { serve } from "../../server/server.js";
import { BUCKET, LOG, REGION, TestCloud } from "../support/test-cloud.js";
import { broken, refused } from "./support.js";

describe("S3 over the wire", () => {
  let testCloud: TestCloud;
  let served: ServedCloud;
  let s3: S3Client;
  const before = { ...process.env };
  beforeEach(async () => {
    testCloud = new TestCloud();
    await testCloud.bucket();
    served = await serve(testCloud.cloud, { clockSpeed: { perRequest: 1000 }, broken });
    Object.assign(process.env, served.environment(LOG, REGION));
    s3 = new S3Client();
  });
  afterEach(async () => {
    process.env = { ...before };
    await served.close();
  });

  const put = (Key: string, Body = Key) =>
    s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

  it("keeps objects byte for byte under whatever name", async () => {
    const Key = "a b/ü+%2F&<x>'\"/z";
    const Body = Buffer.from([0, 1, 2, 255, 13, 10]);
    const ContentType = "application/x-test";
    const written = await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ContentType }));
    expect(written.ETag).to.match(/^"[0-9a-f]{32}"$/);
    const read = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(Buffer.from(await bytesOf(read.Body)).equals(Body)).to.equal(true);
    const { ContentLength, ETag, LastModified } = read;
    expect({ ContentLength, ETag, ContentType: read.ContentType }).to.deep.equal({
      ContentLength: 6,
      ETag: written.ETag,
      ContentType,
    });
    expect(LastModified).to.deep.equal(new Date("2026-01-05T08:00:01Z"));
    const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
    expect([head.ContentLength, head.ETag]).to.deep.equal([6, ETag]);
  });

  it("takes a stream, and gives a part", async () => {
    const parts = ["one, ", "two, ", "three"];
    await s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: "stream",
        Body: Readable.from(parts.map((part) => Buffer.from(part))),
        ContentLength: parts.join("").length,
      }),
    );
    const part = async (Range: string) => {
      const { Body, ContentRange } = await s3.send(
        new GetObjectCommand({ Bucket: BUCKET, Key: "stream", Range }),
      );
      return [await Body?.transformToString(), ContentRange];
    };
    expect(await part("bytes=0-")).to.deep.equal(["one, two, three", "bytes 0-14/15"]);
    expect(await part("bytes=5-7")).to.deep.equal(["two", "bytes 5-7/15"]);
    expect(await part("bytes=-5")).to.deep.equal(["three", "bytes 10-14/15"]);
    expect((await refused(part("bytes=15-"))).name).to.equal("InvalidRange");
  });

  it("lists by prefix, by folder and by page, and encodes names where it is asked to", async () => {
    for (const key of ["a/1", "a/2 +", "b", "c"]) await put(key);
    const list = async (more: object) => {
      const { Contents, CommonPrefixes, IsTruncated, NextContinuationToken, KeyCount } =
        await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, ...more }));
      const names = [...(CommonPrefixes ?? []).map(({ Prefix }) => Prefix)];
      names.push(...(Contents ?? []).map(({ Key }) => Key));
      return { names, IsTruncated, NextContinuationToken, KeyCount };
    };
    expect(await list({ Prefix: "a/" })).to.deep.include({ names: ["a/1", "a/2 +"], KeyCount: 2 });
    expect((await list({ Delimiter: "/" })).names).to.deep.equal(["a/", "b", "c"]);
    const first = await list({ MaxKeys: 3 });
    expect(first).to.deep.include({ names: ["a/1", "a/2 +", "b"], IsTruncated: true });
    const { NextContinuationToken: ContinuationToken } = first;
    expect(await list({ ContinuationToken })).to.deep.include({ names: ["c"], IsTruncated: false });
    expect((await list({ Prefix: "a/2", EncodingType: "url" })).names).to.deep.equal(["a/2%20%2B"]);
    expect((await list({ Prefix: "none" })).names).to.deep.equal([]);
  });

  it("deletes one, and many", async () => {
    for (const key of ["a", "b", "c<&>"]) await put(key);
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "a" }));
    const Objects = [{ Key: "b" }, { Key: "c<&>" }, { Key: "none" }];
    const { Deleted } = await s3.send(
      new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }),
    );
    expect(Deleted).to.deep.equal(Objects);
    const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(KeyCount).to.equal(0);
  });

  it("reports buckets, and refuses in S3's words", async () => {
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets).to.deep.equal([
      { Name: BUCKET, CreationDate: new Date("2026-01-05T08:00:00Z") },
    ]);
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket: BUCKET }));
    expect(LocationConstraint).to.equal(REGION);
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: BUCKET }));
    expect(BucketRegion).to.equal(REGION);
    const errors = [
      await refused(s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: "none" }))),
      await refused(s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "none" }))),
      await refused(s3.send(new GetObjectCommand({ Bucket: "no-such-bucket", Key: "x" }))),
      await refused(s3.send(new HeadBucketCommand({ Bucket: "no-such-bucket" }))),
      await refused(s3.send(new GetBucketPolicyCommand({ Bucket: BUCKET }))),
    ];
    expect(errors.map(({ name }) => name)).to.deep.equal([
      "NoSuchKey",
      "NotFound",
      "NoSuchBucket",
      "NotFound",
      "NotImplemented",
    ]);
  });

  it("finds the bucket in the host's name, too", async () => {
    await put("here");
    const virtual = new S3Client(sdkConfig(testCloud.cloud, LOG, REGION));
    const { KeyCount } = await virtual.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(KeyCount).to.equal(1);
  });
});

async function bytesOf(body: { transformToByteArray(): Promise<Uint8Array> } | undefined) {
  return (await body?.transformToByteArray()) ?? new Uint8Array();
}
