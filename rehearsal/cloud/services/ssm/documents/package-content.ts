import type { CallRequest } from "../../../../kernel/call.js";
import { AwsError, NotRehearsed } from "../../../../kernel/errors.js";
import type { Attachment } from "./document.js";
import { sha256 } from "./document.js";
import type { Content } from "./document-content.js";
import { isRecord } from "../../../../../lib/record.js";
import { invalidContent, textAt } from "./document-content.js";

/** Where a document's attachments come from, as the provider and the API take it. */
export interface AttachmentsSource {
  readonly key: string;
  readonly values: readonly string[];
  readonly name?: string;
}

/** Quotas of Distributor. Source: AWS General Reference, "AWS Systems Manager endpoints and quotas". */
const MAXIMUM = { attachments: 20, attachmentBytes: 1024 ** 3, versions: 25 };

export const PACKAGE_VERSIONS = MAXIMUM.versions;

/** What AWS would refuse in a package's manifest. Source: user guide, "Create a package (advanced)". */
export function manifestProblems(
  manifest: Content,
  versionName: string | undefined,
): readonly string[] {
  const problems: string[] = [];
  if (manifest["schemaVersion"] !== "2.0") {
    problems.push(
      `schemaVersion: expected "2.0", got ${JSON.stringify(manifest["schemaVersion"])}`,
    );
  }
  const version = textAt(manifest, "version");
  if (version === undefined || !/^[a-zA-Z0-9_\-.]{1,128}$/.test(version)) {
    problems.push(
      `version: expected 1-128 letters, digits, _ - ., got ${JSON.stringify(manifest["version"])}`,
    );
  } else if (version !== versionName) {
    problems.push(
      `version: ${version} is not the document's version name ${versionName ?? "(none)"}`,
    );
  }
  const files = isRecord(manifest["files"]) ? manifest["files"] : {};
  if (Object.keys(files).length === 0) problems.push("files: expected at least one");
  if (Object.keys(files).length > MAXIMUM.attachments) {
    problems.push(`files: at most ${MAXIMUM.attachments} files, got ${Object.keys(files).length}`);
  }
  for (const [name, file] of Object.entries(files)) {
    if (!/^[0-9a-f]{64}$/i.test(checksumIn(file)))
      problems.push(`files.${name}: expected checksums.sha256`);
  }
  const packages = isRecord(manifest["packages"]) ? manifest["packages"] : {};
  if (Object.keys(packages).length === 0) problems.push("packages: expected at least one platform");
  for (const [path, file] of packageFiles(packages)) {
    if (!(file in files))
      problems.push(`${path}: the file ${file || "(none)"} is not listed in files`);
  }
  return problems;
}

function packageFiles(packages: Content): readonly (readonly [path: string, file: string])[] {
  const found: [string, string][] = [];
  for (const [platform, versions] of Object.entries(packages)) {
    for (const [version, architectures] of Object.entries(isRecord(versions) ? versions : {})) {
      for (const [architecture, entry] of Object.entries(
        isRecord(architectures) ? architectures : {},
      )) {
        const file = isRecord(entry) ? textAt(entry, "file") : undefined;
        found.push([`packages.${platform}.${version}.${architecture}`, file ?? ""]);
      }
    }
  }
  return found;
}

function checksumIn(file: unknown): string {
  const checksums = isRecord(file) ? file["checksums"] : undefined;
  return (isRecord(checksums) ? textAt(checksums, "sha256") : undefined) ?? "";
}

/** `windows` is Windows, `_any` both, everything else Linux. */
export function packagePlatforms(manifest: Content): readonly string[] {
  const keys = Object.keys(isRecord(manifest["packages"]) ? manifest["packages"] : {});
  const any = keys.includes("_any");
  const platforms = [];
  if (any || keys.includes("windows")) platforms.push("Windows");
  if (any || keys.some((key) => key !== "windows")) platforms.push("Linux");
  return platforms;
}

/** Calls S3 as the creator of the document, whose permission to read the files counts. */
export type Reader = (
  request: Pick<CallRequest, "service" | "operation" | "input">,
) => Promise<{ Body: Uint8Array }>;

/**
 * Reads the files that a manifest names and checks them against it.
 * @throws AwsError where one is missing, may not be read or is not what the manifest says.
 */
export async function readAttachments(
  manifest: Content,
  sources: readonly AttachmentsSource[],
  read: Reader,
): Promise<Attachment[]> {
  const [bucket, prefix] = sourceOf(sources);
  const attachments: Attachment[] = [];
  for (const [name, file] of Object.entries(isRecord(manifest["files"]) ? manifest["files"] : {})) {
    const Key = prefix === "" ? name : `${prefix}/${name}`;
    const { Body: bytes } = await readObject(read, bucket, Key);
    const digest = sha256(bytes);
    if (digest !== checksumIn(file).toLowerCase()) {
      throw invalidContent(
        `the SHA-256 of s3://${bucket}/${Key} is ${digest}, the manifest says ${checksumIn(file)} for ${name}`,
      );
    }
    if (bytes.length > MAXIMUM.attachmentBytes)
      throw invalidContent(`${name} has ${bytes.length} bytes, at most 1 GB`);
    attachments.push({ name, bytes, sha256: digest, size: bytes.length });
  }
  return attachments;
}

async function readObject(
  read: Reader,
  Bucket: string,
  Key: string,
): Promise<{ Body: Uint8Array }> {
  try {
    return await read({ service: "s3", operation: "GetObject", input: { Bucket, Key } });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "NoSuchKey") throw error;
    throw invalidContent(
      `the manifest names ${Key.replace(/^.*\//, "")}, and s3://${Bucket}/${Key} does not exist`,
    );
  }
}

/** Bucket and prefix of the one source. Source: API reference, AttachmentsSource. */
function sourceOf(sources: readonly AttachmentsSource[]): [bucket: string, prefix: string] {
  const [source, ...more] = sources;
  if (source === undefined)
    throw new AwsError("ValidationException", "a Package document needs attachmentsSources");
  if (source.key !== "SourceUrl" || more.length > 0) {
    throw new NotRehearsed(`document attachments by ${source.key}`, "one SourceUrl is modelled");
  }
  const [url = ""] = source.values;
  const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)\/?(.*?)\/*$/.exec(url) ?? [];
  if (source.values.length !== 1 || bucket === undefined) {
    throw new AwsError(
      "ValidationException",
      `attachmentsSources: SourceUrl takes exactly one value s3://bucket/prefix, got ${JSON.stringify(source.values)}`,
    );
  }
  return [bucket, prefix];
}
