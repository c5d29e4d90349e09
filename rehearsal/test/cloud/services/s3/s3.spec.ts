import { expect } from "chai";
import fc from "fast-check";
import type { RoleSession } from "../../../../kernel/principal.js";
import { Objects } from "../../../../cloud/services/s3/objects.js";
import { MEMBER, TestCloud } from "../../../support/test-cloud.js";
import { refusal } from "../../refusal.js";

const BUCKET = "outputs";

interface Page {
  readonly Contents: readonly { readonly Key: string; readonly Size: number }[];
  readonly CommonPrefixes: readonly { readonly Prefix: string }[];
  readonly KeyCount: number;
  readonly IsTruncated: boolean;
  readonly NextContinuationToken?: string;
}

describe("a bucket", () => {
  let testCloud: TestCloud;

  beforeEach(async () => {
    testCloud = new TestCloud();
    await testCloud.create("aws:s3/bucket:Bucket", "outputs", { bucket: BUCKET });
  });

  const call = <Output = object>(operation: string, input: object, principal?: RoleSession) =>
    testCloud.call<Output>("s3", operation, { Bucket: BUCKET, ...input }, principal);
  const put = (Key: string, Body = Key, more: object = {}, principal?: RoleSession) =>
    call("PutObject", { Key, Body, ...more }, principal);
  const list = (input: object = {}, principal?: RoleSession) =>
    call<Page>("ListObjectsV2", input, principal);
  const keys = ({ Contents }: Page) => Contents.map(({ Key }) => Key);
  const prefixes = ({ CommonPrefixes }: Page) => CommonPrefixes.map(({ Prefix }) => Prefix);

  it("gives objects and what it knows of them", async () => {
    await put("a/b", "text", { ContentType: "text/plain" });
    const headers = {
      ContentLength: 4,
      ETag: "1cb251ec0d568de6a929b520c4aed8d1",
      LastModified: "2026-01-05T08:00:00Z",
      ContentType: "text/plain",
      ServerSideEncryption: "AES256",
    };
    expect(await call("HeadObject", { Key: "a/b" })).to.deep.equal(headers);
    const { Body, ...rest } = await call<{ Body: Uint8Array }>("GetObject", { Key: "a/b" });
    expect([Buffer.from(Body).toString(), rest]).to.deep.equal(["text", headers]);
    await call("DeleteObject", { Key: "a/b" });
    await call("DeleteObject", { Key: "never there" });
    expect(await refusal(call("GetObject", { Key: "a/b" }))).to.equal(
      "NoSuchKey: The specified key does not exist: a/b",
    );
    expect(keys(await list())).to.deep.equal([]);
  });

  it("lists keys in their order, below a prefix, as folders and in pages", async () => {
    for (const key of ["b/2/x", "a", "b/1/y", "b/1/x", "c", "b/z"]) await put(key);
    expect(keys(await list())).to.deep.equal(["a", "b/1/x", "b/1/y", "b/2/x", "b/z", "c"]);
    expect(keys(await list({ Prefix: "b/1" }))).to.deep.equal(["b/1/x", "b/1/y"]);
    expect(keys(await list({ StartAfter: "b/1/y", MaxKeys: 2 }))).to.deep.equal(["b/2/x", "b/z"]);
    const folders = await list({ Delimiter: "/" });
    expect([keys(folders), prefixes(folders)]).to.deep.equal([["a", "c"], ["b/"]]);
    const first = await list({ Prefix: "b/", Delimiter: "/", MaxKeys: 1 });
    expect(first).to.deep.include({ IsTruncated: true, KeyCount: 1, Contents: [] });
    const second = await list({
      Prefix: "b/",
      Delimiter: "/",
      ContinuationToken: first.NextContinuationToken,
    });
    expect([prefixes(first), prefixes(second), keys(second), second.IsTruncated]).to.deep.equal([
      ["b/1/"],
      ["b/2/"],
      ["b/z"],
      false,
    ]);
  });

  it("gives a thousand keys at once, even where more are asked for", async () => {
    for (let n = 0; n < 1001; n++) await put(`k${n}`);
    const page = await list({ MaxKeys: 5000 });
    expect(page).to.include({ KeyCount: 1000, IsTruncated: true });
    const rest = await list({ ContinuationToken: page.NextContinuationToken });
    expect(keys(rest)).to.deep.equal(["k999"]);
  });

  it("takes no ACL but that of the owner, and asks a permission for it", async () => {
    expect(await refusal(put("a", "", { ACL: "public-read" }))).to.equal(
      "AccessControlListNotSupported: The bucket does not allow ACLs",
    );
    const only = await testCloud.worker(["s3:PutObject"]);
    const owned = { ACL: "bucket-owner-full-control" };
    expect(await refusal(put("a", "", owned, only))).to.include(
      "is not authorized to perform: s3:PutObjectAcl",
    );
    const Condition = { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } };
    const Action = ["s3:PutObject", "s3:PutObjectAcl"];
    const statement = { Effect: "Allow", Action, Resource: "*", Condition };
    await testCloud.create("aws:iam/rolePolicy:RolePolicy", "may", {
      name: "may",
      role: "worker",
      policy: { Version: "2012-10-17", Statement: [statement] },
    });
    expect(await refusal(put("a", "", owned, only))).to.equal("it was taken");
    expect(await refusal(put("a", "", {}, only))).to.include("s3:PutObject");
  });

  it("lets list who may list below that prefix", async () => {
    const reader = await testCloud.worker(["s3:ListBucket"], {
      Condition: { StringLike: { "s3:prefix": "output/*" } },
    });
    expect(await refusal(list({ Prefix: "output/a" }, reader))).to.equal("it was taken");
    expect(await refusal(list({}, reader))).to.include("s3:ListBucket");
  });

  it("reveals only to callers that may list that there is no object", async () => {
    const blind = await testCloud.worker(["s3:GetObject"]);
    expect(await refusal(call("GetObject", { Key: "none" }, blind))).to.include(
      "is not authorized to perform: s3:ListBucket",
    );
  });

  it("encrypts with the key that a request names", async () => {
    const SSEKMSKeyId = await testCloud.key();
    await put("a", "x", { ServerSideEncryption: "aws:kms", SSEKMSKeyId });
    expect(await call("HeadObject", { Key: "a" })).to.include({
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId,
    });
    const reader = await testCloud.worker(["s3:*"]);
    expect(await refusal(call("GetObject", { Key: "a" }, reader))).to.include("kms:Decrypt");
    expect(testCloud.cloud.s3.bucket(BUCKET).account).to.equal(MEMBER);
  });

  const encryption =
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

  it("passes KMS the object or, with a bucket key, the bucket as encryption context", async () => {
    const kmsMasterKeyId = await testCloud.key();
    const rule = { applyServerSideEncryptionByDefault: { kmsMasterKeyId } };
    const StringEquals = { "kms:EncryptionContext:aws:s3:arn": `arn:aws:s3:::${BUCKET}` };
    const writer = await testCloud.worker(["s3:PutObject", "kms:GenerateDataKey"], {
      Condition: { StringEqualsIfExists: StringEquals },
    });
    await testCloud.create(encryption, "plain", { bucket: BUCKET, rules: [rule] });
    expect(await refusal(put("a", "", {}, writer))).to.include("kms:GenerateDataKey");
    const rules = [{ ...rule, bucketKeyEnabled: true }];
    await testCloud.create(encryption, "keyed", { bucket: BUCKET, rules });
    expect(await refusal(put("a", "", {}, writer))).to.equal("it was taken");
  });

  it("says what of a request it does not look at", async () => {
    await put("a", "x", { Metadata: { a: "b" } });
    expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal(["s3:PutObject with Metadata"]);
  });
});

describe("the objects of a bucket", () => {
  const object = { body: new Uint8Array(), etag: "", modified: 0 };
  const all = (
    objects: Objects,
    listing: { prefix: string; delimiter?: string; limit: number },
  ) => {
    const found: string[] = [];
    for (let after = ""; ;) {
      const { keys, commonPrefixes, next } = objects.list({ ...listing, after });
      expect(keys.length + commonPrefixes.length).to.be.at.most(listing.limit);
      found.push(...keys, ...commonPrefixes);
      if (next === undefined) return found.sort();
      after = next;
    }
  };

  it("come page by page as they would come at once, whatever was put and deleted in between", () => {
    const key = fc.string({ unit: fc.constantFrom("a", "b", "/"), minLength: 1, maxLength: 6 });
    const acts = fc.array(fc.tuple(fc.constantFrom("put", "delete", "list"), key));
    fc.assert(
      fc.property(
        acts,
        fc.constantFrom("", "a", "a/"),
        fc.integer({ min: 1, max: 4 }),
        (...example) => {
          const [done, prefix, limit] = example;
          const objects = new Objects();
          const stored = new Set<string>();
          for (const [act, name] of done) {
            if (act === "list") objects.list({ prefix: "", limit: 1000 });
            else if (act === "put") objects.set(name, object);
            else objects.delete(name);
            if (act === "put") stored.add(name);
            if (act === "delete") stored.delete(name);
          }
          const wanted = [...stored].filter((name) => name.startsWith(prefix));
          expect(all(objects, { prefix, limit })).to.deep.equal(wanted.sort());
          const folders = wanted.map((name) => {
            const end = name.indexOf("/", prefix.length);
            return end < 0 ? name : name.slice(0, end + 1);
          });
          expect(all(objects, { prefix, limit, delimiter: "/" })).to.deep.equal(
            [...new Set(folders)].sort(),
          );
        },
      ),
    );
  });
});
