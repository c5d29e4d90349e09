import { AwsError } from "../../../kernel/errors.js";
import type { PolicyDocument } from "../../../kernel/access.js";
import { Objects } from "./objects.js";

export class Bucket {
  policy?: PolicyDocument;
  /** The key that new objects are encrypted with, where it is not S3's own. */
  kmsKey?: string;
  /** Whether KMS is asked for a key of the bucket instead of one for each object. */
  hasBucketKey = false;
  /** `BucketOwnerEnforced`: no ACLs. S3's default since April 2023. */
  ownership = "BucketOwnerEnforced";
  /** Whether the provider empties it before it deletes it. */
  forceDestroy = false;
  readonly objects = new Objects();

  constructor(
    readonly name: string,
    readonly account: string,
    readonly region: string,
    /** Milliseconds since the epoch. */
    readonly created: number,
  ) {}

  /**
   * With ACLs off a request may still have the one that gives the owner everything, which SSM Agent always sends.
   * Source: S3 user guide, "Controlling ownership of objects and disabling ACLs".
   * @throws AwsError AccessControlListNotSupported
   */
  checkAcl(acl: string | undefined): void {
    if (acl === undefined || acl === "bucket-owner-full-control") return;
    if (this.ownership === "BucketOwnerEnforced")
      throw new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs");
  }
}

/** The names that S3 takes. Source: S3 user guide, "General purpose bucket naming rules". @throws AwsError InvalidBucketName */
export function checkBucketName(name: string): void {
  if (/^(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) return;
  throw new AwsError(
    "InvalidBucketName",
    `The specified bucket is not valid: "${name}" (3-63 of a-z, 0-9, . and -)`,
  );
}
