import { createHash } from "node:crypto";
import type { Arn } from "../../../../kernel/arn.js";
import { AwsError } from "../../../../kernel/errors.js";

export type DocumentFormat = "JSON" | "YAML";

/** A file that belongs to a version of a document; SSM keeps its own copy. */
export interface Attachment {
  readonly name: string;
  bytes: Uint8Array;
  /** As SSM took it: hexadecimal digits. */
  readonly sha256: string;
  readonly size: number;
}

export interface DocumentVersion {
  /** `1`, `2`, … */
  readonly documentVersion: string;
  /** The owner's own name for it. */
  readonly versionName?: string;
  readonly content: string;
  readonly format: DocumentFormat;
  /** SHA-256 of the content, hexadecimal digits. */
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly createdDate: number;
  readonly attachments: readonly Attachment[];
}

export interface SsmDocument {
  readonly name: string;
  /** `…:document/<name>`; of AWS's own documents without an account. */
  readonly arn: Arn;
  /** The account that owns it; `Amazon` of AWS's own. */
  readonly owner: string;
  readonly region: string;
  readonly documentType: string;
  targetType?: string;
  /** The `documentVersion` that is used where none is asked for. */
  defaultVersion: string;
  /** Account ids, or `all` for a public document; in the order in which they were added. */
  readonly sharedWith: string[];
  readonly versions: DocumentVersion[];
}

/** Which version of a document is asked for. */
export interface VersionWanted {
  /** A number, `$DEFAULT` or `$LATEST`. */
  readonly DocumentVersion?: string | undefined;
  readonly VersionName?: string | undefined;
}

export function latestVersion(document: SsmDocument): DocumentVersion {
  const latest = document.versions.at(-1);
  if (latest === undefined) throw new Error(`document ${document.name} has no version`);
  return latest;
}

/** @throws AwsError InvalidDocumentVersion */
export function versionOf(document: SsmDocument, wanted: VersionWanted = {}): DocumentVersion {
  const { VersionName: name, DocumentVersion: number = "$DEFAULT" } = wanted;
  if (number === "$LATEST") return latestVersion(document);
  const found =
    name === undefined || name === ""
      ? document.versions.find(
          ({ documentVersion }) =>
            documentVersion === (number === "$DEFAULT" ? document.defaultVersion : number),
        )
      : document.versions.find(({ versionName }) => versionName === name);
  if (found !== undefined) return found;
  const version = name === undefined || name === "" ? `version ${number}` : `version name ${name}`;
  throw new AwsError("InvalidDocumentVersion", `Document ${document.name} has no ${version}`);
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** AWS's refusal of a document that does not exist or is not shared with the caller: the same message for both. */
export function noSuchDocument(name: string): AwsError {
  return new AwsError("InvalidDocument", `Document with name ${name} does not exist.`);
}
