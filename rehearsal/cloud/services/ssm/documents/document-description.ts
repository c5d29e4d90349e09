import { isoTime } from "../../../../kernel/clock.js";
import { commandPlatforms } from "../run-command/command-content.js";
import type { DocumentVersion, SsmDocument } from "./document.js";
import { latestVersion } from "./document.js";
import type { Content } from "./document-content.js";
import { isRecord } from "../../../../../lib/record.js";
import { parseContent, textAt } from "./document-content.js";
import { packagePlatforms } from "./package-content.js";

export interface DescribedParameter {
  readonly Name: string;
  readonly Type: string;
  readonly Description?: string;
  readonly DefaultValue?: string;
}

/** A version of a document as DescribeDocument returns it to an account. */
export function describe(document: SsmDocument, version: DocumentVersion, account: string) {
  const content = parseContent(version.content, version.format);
  const description = textAt(content, "description");
  return {
    Hash: version.hash,
    HashType: "Sha256",
    Name: nameFor(document, account),
    ...(version.versionName !== undefined && { VersionName: version.versionName }),
    Owner: document.owner,
    CreatedDate: isoTime(version.createdDate),
    Status: "Active",
    DocumentVersion: version.documentVersion,
    ...(description !== undefined && { Description: description }),
    Parameters: parametersOf(content),
    PlatformTypes: platformsOf(document, content),
    DocumentType: document.documentType,
    SchemaVersion: textAt(content, "schemaVersion") ?? "",
    LatestVersion: latestVersion(document).documentVersion,
    DefaultVersion: document.defaultVersion,
    DocumentFormat: version.format,
    ...(document.targetType !== undefined && { TargetType: document.targetType }),
    AttachmentsInformation: version.attachments.map(({ name }) => ({ Name: name })),
  };
}

/** A document that is shared with the asking account goes by its ARN. Source: agent's documentarchive.go. */
export function nameFor(document: SsmDocument, account: string): string {
  return document.owner === account || document.owner === "Amazon" ? document.name : document.arn;
}

function platformsOf(document: SsmDocument, content: Content): readonly string[] {
  if (document.documentType === "Command") return commandPlatforms(content);
  return document.documentType === "Package"
    ? packagePlatforms(content)
    : ["Windows", "Linux", "MacOS"];
}

function parametersOf(content: Content): readonly DescribedParameter[] {
  const declared = content["parameters"];
  return Object.entries(isRecord(declared) ? declared : {}).map(([Name, value]) => {
    const parameter = isRecord(value) ? value : {};
    const [description, initial] = [textAt(parameter, "description"), parameter["default"]];
    return {
      Name,
      Type: textAt(parameter, "type") ?? "String",
      ...(description !== undefined && { Description: description }),
      ...(initial !== undefined && {
        DefaultValue: typeof initial === "string" ? initial : JSON.stringify(initial),
      }),
    };
  });
}
