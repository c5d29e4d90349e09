import { gunzipSync } from "node:zlib";
import { AccessDenied, AwsError } from "../../../kernel/errors.js";
import type { Caller } from "../../../kernel/operation.js";
import { QueryCancelled, QueryFailed } from "./sql/failure.js";

/** One object of a table. */
export interface ScannedFile {
  /** As `"$path"` gives it. */
  readonly path: string;
  readonly text: string;
  /** When the object was written, as S3 lists it. */
  readonly modified: Date;
}

interface Listed {
  readonly Key: string;
  readonly LastModified: string | Date;
}

interface Listing {
  readonly Contents?: readonly Listed[];
  readonly NextContinuationToken?: string;
}

/** Reads objects with the caller's permissions, as Athena does, and counts the bytes that it reads. */
export class Scan {
  bytes = 0;
  files = 0;

  constructor(
    private readonly caller: Caller,
    /** Bytes; undefined: no limit. */
    private readonly limit: number | undefined,
  ) {}

  /**
   * Every object under a location, folders in it included.
   * @throws QueryFailed; QueryCancelled
   */
  async read(location: string): Promise<ScannedFile[]> {
    const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(location) ?? [];
    // A location is a folder: `run` does not take in `run-2`.
    const folder = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
    const files: ScannedFile[] = [];
    for (const { Key: key, LastModified } of await this.list(bucket, folder, location)) {
      const path = `s3://${bucket}/${key}`;
      const { Body } = await this.call<{ Body: Uint8Array }>(path, "GetObject", {
        Bucket: bucket,
        Key: key,
      });
      this.count(Body.length);
      const body = key.endsWith(".gz") ? gunzipSync(Body) : Body;
      files.push({
        path,
        text: Buffer.from(body).toString("utf8"),
        modified: new Date(LastModified),
      });
    }
    return files;
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.files += 1;
    if (this.limit !== undefined && this.bytes > this.limit)
      throw new QueryCancelled("Bytes scanned limit was exceeded");
  }

  private async list(bucket: string, folder: string, location: string): Promise<Listed[]> {
    const found: Listed[] = [];
    for (let token: string | undefined; ;) {
      const page = await this.call<Listing>(location, "ListObjectsV2", {
        Bucket: bucket,
        Prefix: folder,
        ...(token !== undefined && { ContinuationToken: token }),
      });
      found.push(...(page.Contents ?? []));
      token = page.NextContinuationToken;
      if (token === undefined) break;
    }
    // Hive passes over what begins with _ or a point, and over folders.
    return found.filter(
      ({ Key }) => !Key.endsWith("/") && !/(^|\/)[_.]/.test(Key.slice(folder.length)),
    );
  }

  private async call<Output>(path: string, operation: string, input: object): Promise<Output> {
    const { kernel, principal, account, region } = this.caller;
    try {
      const request = { principal, account, region, service: "s3", operation, input };
      return await kernel.callAtOnce<Output>(request);
    } catch (error) {
      if (error instanceof AccessDenied)
        throw new QueryFailed(`Permission denied on S3 path: ${path}`);
      if (error instanceof AwsError && error.code === "NoSuchBucket") {
        const service = "Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket";
        throw new QueryFailed(`The specified bucket does not exist (${service}): ${path}`);
      }
      throw error;
    }
  }
}
