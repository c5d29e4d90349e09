import { mkdirSync, mkdtempSync, renameSync, rmSync, existsSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { UserError } from "../../lib/user-error.js";

/** Objects of one bucket. */
export interface Bucket {
  /** Keys below a prefix. */
  list(prefix: string): Promise<readonly string[]>;
  /** Undefined: there is no such object. */
  get(key: string): Promise<Uint8Array | undefined>;
}

export interface HandedIn {
  readonly bucket: string;
  /** Ends with `/`: everything below it. */
  readonly key: string;
}

/** Reads `s3://bucket/key`; undefined: it is no such address. */
export function addressOf(file: string): HandedIn | undefined {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(file) ?? [];
  if (bucket === "" && file.startsWith("s3:"))
    throw new UserError(`FILE: expected s3://bucket/tmp/…, got ${file}`);
  return bucket === "" ? undefined : { bucket, key };
}

/** A download that replaced earlier files. */
export interface Download {
  /** Where it is, relative to the project. */
  readonly path: string;
  /** Restores the earlier files. */
  undo(): void;
  /** Deletes the earlier files. */
  keep(): void;
}

/**
 * Downloads what was uploaded to the central bucket into the project: `packages/<name>/<its name>`.
 * @throws UserError where nothing is at the address
 */
export async function download(
  bucket: Bucket,
  { bucket: called, key }: HandedIn,
  project: string,
  name: string,
): Promise<Download> {
  const keys = key.endsWith("/") ? await bucket.list(key) : [key];
  const files = new Map<string, Uint8Array>();
  for (const object of keys.filter((name) => !name.endsWith("/"))) {
    const bytes = await bucket.get(object);
    if (bytes !== undefined) files.set(object.slice(key.length), bytes);
  }
  if (files.size === 0) throw new UserError(`s3://${called}/${key}: there is nothing of that name`);
  const path = join("packages", name, basename(key));
  return replace(join(project, path), path, files);
}

/** Writes one file (its name is empty) or several below a folder. */
function replace(target: string, path: string, files: ReadonlyMap<string, Uint8Array>): Download {
  const madeFolder = mkdirSync(dirname(target), { recursive: true });
  const aside = mkdtempSync(join(dirname(target), ".before-"));
  const [old, was] = [join(aside, "old"), existsSync(target)];
  if (was) renameSync(target, old);
  for (const [name, bytes] of files) {
    const file = name === "" ? target : join(target, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes, { mode: 0o755 });
  }
  return {
    path,
    undo: () => {
      rmSync(target, { recursive: true, force: true });
      if (was) renameSync(old, target);
      rmSync(madeFolder ?? aside, { recursive: true, force: true });
    },
    keep: () => rmSync(aside, { recursive: true, force: true }),
  };
}

/** A bucket of AWS, which must belong to that account: anybody can own a name that was given up. */
export function s3Bucket(
  Bucket: string,
  region: string,
  owner: string,
  client = new S3Client({ region }),
): Bucket {
  const common = { Bucket, ExpectedBucketOwner: owner };
  return {
    async list(Prefix) {
      const keys: string[] = [];
      for (let token: string | undefined, more = true; more;) {
        const page = await client.send(
          new ListObjectsV2Command({ ...common, Prefix, ContinuationToken: token }),
        );
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
        token = page.NextContinuationToken;
        more = token !== undefined;
      }
      return keys;
    },
    async get(Key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ ...common, Key }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof Error && error.name === "NoSuchKey") return undefined;
        throw error;
      }
    },
  };
}
