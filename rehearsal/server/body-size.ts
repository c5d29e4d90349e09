import { AwsError, NotRehearsed } from "../kernel/errors.js";

const MEBIBYTE = 2 ** 20;

/**
 * How long a request may be, in bytes, to every service but S3. No valid one is longer: the largest payload that any of the
 * services takes is 1 MiB (SQS, CloudWatch Logs and EventBridge, quotas), and JSON writes a byte as six at most ("\u0001").
 */
export const MAX_REQUEST_BYTES = 8 * MEBIBYTE;

/** How long an object may be, in bytes: it is kept in memory. */
export const MAX_OBJECT_BYTES = 64 * MEBIBYTE;

/** Source: S3 user guide, "Uploading objects": in a single operation. */
const MAX_UPLOAD_BYTES = 5 * 1024 * MEBIBYTE;

/** Checks what a request declares as its length, and what has come of its body so far. @throws AwsError */
export function checkSize(service: string, bytes: number): void {
  if (service !== "s3") {
    if (bytes <= MAX_REQUEST_BYTES) return;
    throw new AwsError(
      "RequestEntityTooLargeException",
      `Request must be smaller than ${MAX_REQUEST_BYTES} bytes`,
    );
  }
  if (bytes > MAX_UPLOAD_BYTES) {
    throw new AwsError(
      "EntityTooLarge",
      "Your proposed upload exceeds the maximum allowed object size.",
    );
  }
  if (bytes > MAX_OBJECT_BYTES)
    throw new NotRehearsed(`s3 uploads of more than ${MAX_OBJECT_BYTES / MEBIBYTE} MiB`);
}
