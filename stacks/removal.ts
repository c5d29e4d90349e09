// What becomes of data in AWS when a stack no longer declares it, and on `pulumi destroy`. docs/removal.md is the table for people.
import type * as pulumi from "@pulumi/pulumi";

/** `keep`: data stays in the account and only leaves Pulumi's state. `delete`: it is deleted for good. */
export const removals = ["keep", "delete"] as const;
export type Removal = (typeof removals)[number];

/**
 * Types that hold what nobody can make again: objects, logs, messages, keys. A bucket stays with all its
 * settings: without them it would be open to plain HTTP, or keep its objects for ever.
 */
const withData: ReadonlySet<string> = new Set([
  "aws:kms/key:Key",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ssm/parameter:Parameter",
  "aws:sqs/queue:Queue",
  // Has the history of queries, and those that people saved.
  "aws:athena/workgroup:Workgroup",
]);

/** Whether a resource holds data. Of documents only packages do: runbooks and scripts are files of the project. */
export const holdsData = (type: string, documentType?: unknown): boolean =>
  withData.has(type) || (type === "aws:ssm/document:Document" && documentType === "Package");

/**
 * Gives every resource with data, at any depth below a component, what the stack's config says of its removal. The option
 * lies in Pulumi's state, so a change of it counts from the next `up` on.
 */
export const onRemoval =
  (removal: Removal): pulumi.ResourceTransformation =>
  ({ type, props, opts }) => {
    if (!holdsData(type, (props as { documentType?: unknown }).documentType)) return undefined;
    if (removal === "keep") return { props, opts: { ...opts, retainOnDelete: true } };
    // Else S3 refuses to delete a bucket that has objects, in the middle of everything.
    const emptied = type === "aws:s3/bucket:Bucket" ? { forceDestroy: true } : {};
    return { props: { ...(props as object), ...emptied }, opts };
  };
