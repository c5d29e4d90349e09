import { AwsError, NotRehearsed } from "../kernel/errors.js";

const MEBIBYTE = 2 ** 20;

/**
 * How long a request may be, in bytes, to every service but S3. No valid one is longer: the largest payload that any of the
 * services takes is 1 MiB (SQS, CloudWatch Logs and EventBridge, quotas), and JSON writes a byte as six at most ("\u0001").
 */
export const LONGEST_REQUEST = 8 * MEBIBYTE;

/** How long an object may be, in bytes: it is kept in memory. */
export const LONGEST_OBJECT = 64 * MEBIBYTE;

/** Source: S3 user guide, "Uploading objects": in a single operation. */
const LONGEST_UPLOAD = 5 * 1024 * MEBIBYTE;

/** Checks what a request declares as its length, and what has come of its body so far. @throws AwsError */
export function checkSize(service: string, bytes: number): void {
  if (service !== "s3") {
    if (bytes <= LONGEST_REQUEST) return;
    throw new AwsError(
      "RequestEntityTooLargeException",
      `Request must be smaller than ${LONGEST_REQUEST} bytes`,
    );
  }
  if (bytes > LONGEST_UPLOAD) {
    throw new AwsError(
      "EntityTooLarge",
      "Your proposed upload exceeds the maximum allowed object size.",
    );
  }
  if (bytes > LONGEST_OBJECT)
    throw new NotRehearsed(`s3 uploads of more than ${LONGEST_OBJECT / MEBIBYTE} MiB`);
}
