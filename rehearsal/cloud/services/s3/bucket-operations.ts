import type { S3Cloud } from "./s3.js";
import { isoTime } from "../../../kernel/clock.js";
import { AccessDenied, AwsError } from "../../../kernel/errors.js";
import { operation } from "../../../kernel/operation.js";
import type { Bucket } from "./bucket.js";
import { ObjectAccess } from "./operations.js";

interface ByBucket {
  readonly Bucket: string;
}

interface DeleteInput extends ByBucket {
  readonly Delete: {
    readonly Objects?: readonly { readonly Key: string; readonly VersionId?: string }[];
    readonly Quiet?: boolean;
  };
}

/** Source: S3 API reference, DeleteObjects. */
const MAX_KEYS = 1000;

interface Buckets {
  /** @throws AwsError NoSuchBucket */
  readonly find: (name: string) => Bucket;
  readonly all: () => readonly Bucket[];
}

/** S3's operations on buckets, and on many objects at once. */
export function bucketOperations(cloud: S3Cloud, { find, all }: Buckets) {
  const permissions = new ObjectAccess(cloud);
  const about = (action: string) => (input: ByBucket) => [
    permissions.accessTo(find(input.Bucket), action),
  ];
  return {
    ListBuckets: operation<object, object>({
      access: (_input, { account }) => [
        { action: "s3:ListAllMyBuckets", resource: "*", resourceAccount: account },
      ],
      run: (_input, { account }) => ({
        Buckets: all()
          .filter((bucket) => bucket.account === account)
          .map(({ name, created }) => ({ Name: name, CreationDate: isoTime(created) })),
        Owner: { ID: account },
      }),
    }),
    HeadBucket: operation<ByBucket, object>({
      access: about("s3:ListBucket"),
      run: (input) => ({ BucketRegion: find(input.Bucket).region }),
    }),
    GetBucketLocation: operation<ByBucket, object>({
      access: about("s3:GetBucketLocation"),
      // The oldest Region has no name here. Source: S3 API reference, GetBucketLocation.
      run: (input) => {
        const { region } = find(input.Bucket);
        return { LocationConstraint: region === "us-east-1" ? "" : region };
      },
    }),
    DeleteObjects: operation<DeleteInput, object>({
      // Each object is authorised separately, below.
      access: () => [],
      run: async ({ Bucket, Delete: { Objects = [], Quiet } }, { principal, account, region }) => {
        if (Objects.length === 0 || Objects.length > MAX_KEYS)
          throw new AwsError(
            "MalformedXML",
            `expected 1-${MAX_KEYS} objects, got ${Objects.length}`,
          );
        const Deleted: object[] = [];
        const Errors: object[] = [];
        for (const { Key, ...version } of Objects) {
          const input = { Bucket, Key, ...version };
          const request = { principal, account, region, service: "s3", operation: "DeleteObject" };
          try {
            await cloud.call({ ...request, input });
            if (Quiet !== true) Deleted.push({ Key });
          } catch (error) {
            if (!(error instanceof AwsError)) throw error;
            const Code = error instanceof AccessDenied ? "AccessDenied" : error.code;
            Errors.push({ Key, Code, Message: error.message });
          }
        }
        return { Deleted, Errors };
      },
    }),
  };
}
