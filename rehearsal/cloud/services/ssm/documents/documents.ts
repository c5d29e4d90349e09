import type { Kernel } from "../../../../kernel/kernel.js";
import type { Access } from "../../../../kernel/access.js";
import { isoTime } from "../../../../kernel/clock.js";
import { AwsError, NotRehearsed } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import { operation } from "../../../../kernel/operation.js";
import type { Deployment, Properties, ResourceType } from "../../../../kernel/resource.js";
import type { DocumentFormat, DocumentVersion, SsmDocument, VersionWanted } from "./document.js";
import { versionOf } from "./document.js";
import { contentAs } from "./document-content.js";
import { describe, nameFor } from "./document-description.js";
import type { ModifyInput } from "./document-sharing.js";
import { changeShares, modifyPermission } from "./document-sharing.js";
import { documentChanges } from "./document-changes.js";
import { documentResource } from "./document-resource.js";
import { checkDocumentReference, DocumentStore } from "./document-store.js";

export type { Attachment, DocumentFormat, DocumentVersion, SsmDocument } from "./document.js";

interface NamedInput extends VersionWanted {
  readonly Name: string;
}

interface GetInput extends NamedInput {
  /** @default JSON */
  readonly DocumentFormat?: DocumentFormat;
}

interface DocumentArgs {
  readonly name: string;
  readonly documentFormat?: DocumentFormat;
  readonly documentVersion?: string;
}

interface ListInput {
  readonly Filters?: readonly { readonly Key: string; readonly Values: readonly string[] }[];
}

/** SSM documents: their content, owners and shares. */
export class SsmDocuments {
  private readonly store: DocumentStore;
  readonly resourceTypes: readonly ResourceType[];
  readonly operations;

  constructor(private readonly kernel: Kernel) {
    this.store = new DocumentStore(kernel);
    this.resourceTypes = [documentResource(kernel, this.store)];
    this.operations = { ...this.reads, ...documentChanges(kernel, this.store) };
  }

  /** A document that is assumed to exist, whose content is not known here. */
  addUnseen(account: string, region: string, name: string): void {
    this.store.addUnseen(account, region, name);
  }

  /**
   * The document that a name or an ARN means to an account.
   * @throws AwsError InvalidDocument: it does not exist, or is not shared with the account.
   */
  find(account: string, region: string, nameOrArn: string): SsmDocument {
    try {
      return this.store.find(account, region, nameOrArn);
    } catch (error) {
      // AWS has the same message for both; the rehearsal says which it is.
      if (this.store.isKept(account, region, nameOrArn)) {
        const text = `${nameOrArn} exists, but is not shared with account ${account}`;
        this.kernel.report({ account, region, source: "Systems Manager", kind: "warning", text });
      }
      throw error;
    }
  }

  /** The ARN that policies are checked against: that of the document, or of what the name would be. */
  arnOf(account: string, region: string, nameOrArn: string): string {
    try {
      return this.store.find(account, region, nameOrArn).arn;
    } catch {
      // AWS checks the permission before it says that there is no such document.
      return nameOrArn.startsWith("arn:")
        ? nameOrArn
        : this.kernel.arn("ssm", region, account, `document/${nameOrArn}`);
    }
  }

  /** The bytes at an attachment's URL; undefined where the URL leads nowhere. No IAM: the URL is signed. */
  download(url: string): Uint8Array | undefined {
    return this.store.attachment(url)?.bytes;
  }

  /** Takes a share away behind the program's back: a fault that a scenario gives. */
  unshare(account: string, region: string, name: string, accountId: string): void {
    changeShares(this.store.owned(account, region, name), [], [accountId]);
  }

  /** Changes a byte of every attachment of the default version: a fault that a scenario gives. */
  tamper(account: string, region: string, name: string): void {
    for (const attachment of versionOf(this.store.owned(account, region, name)).attachments) {
      const bytes = Uint8Array.from(attachment.bytes);
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
      attachment.bytes = bytes;
    }
  }

  /** What programs look up. A document that nobody here has seen answers with a content that says nothing. */
  readonly invokes = {
    "aws:ssm/getDocument:getDocument": (args: DocumentArgs, at: Deployment): Properties => {
      const { name, documentFormat = "JSON", documentVersion } = args;
      const unknown = {
        id: name,
        name,
        arn: name,
        content: "{}",
        documentType: "",
        documentFormat,
      };
      try {
        const found = this.find(at.account, at.region, name);
        const { arn, documentType } = found;
        const version = versionOf(found, {
          ...(documentVersion !== undefined && { DocumentVersion: documentVersion }),
        });
        const content = contentAs(version.content, version.format, documentFormat);
        return { ...unknown, arn, content, documentType };
      } catch (error) {
        if (!(error instanceof NotRehearsed)) throw error;
        this.kernel.reportNotRehearsed(error.subject);
        return unknown;
      }
    },
  };

  private readonly reads = {
    GetDocument: operation<GetInput, object>({
      access: (input, caller) => this.access("ssm:GetDocument", input, caller),
      run: (input, { account, region }) => {
        const document = this.find(account, region, input.Name);
        const version = this.visible(document, account, input);
        const wanted = input.DocumentFormat ?? "JSON";
        return {
          Name: nameFor(document, account),
          CreatedDate: isoTime(version.createdDate),
          ...(version.versionName !== undefined && { VersionName: version.versionName }),
          DocumentVersion: version.documentVersion,
          Status: "Active",
          Content: contentAs(version.content, version.format, wanted),
          DocumentType: document.documentType,
          DocumentFormat: wanted,
          AttachmentsContent: version.attachments.map(({ name, size, sha256: Hash }) => ({
            Name: name,
            Size: size,
            Hash,
            HashType: "Sha256",
            Url: this.store.attachmentUrl(document, version.documentVersion, name),
          })),
        };
      },
    }),
    DescribeDocument: operation<NamedInput, object>({
      access: (input, caller) => this.access("ssm:DescribeDocument", input, caller),
      run: (input, { account, region }) => {
        const document = this.find(account, region, input.Name);
        return { Document: describe(document, this.visible(document, account, input), account) };
      },
    }),
    DescribeDocumentPermission: operation<NamedInput, object>({
      access: (input, caller) => this.access("ssm:DescribeDocumentPermission", input, caller),
      run: (input, { account, region }) => {
        const { sharedWith } = this.store.owned(
          account,
          region,
          input.Name.replace(/^arn:.*:document\//, ""),
        );
        return {
          AccountIds: [...sharedWith],
          AccountSharingInfoList: sharedWith.map((AccountId) => ({
            AccountId,
            SharedDocumentVersion: "$DEFAULT",
          })),
        };
      },
    }),
    ModifyDocumentPermission: operation<ModifyInput, object>({
      access: (input, caller) => this.access("ssm:ModifyDocumentPermission", input, caller),
      run: (input, { account, region }) => {
        modifyPermission(this.store.owned(account, region, input.Name), input);
        return {};
      },
    }),
    ListDocuments: operation<ListInput, object>({
      access: (_input, { account }) => [
        { action: "ssm:ListDocuments", resource: "*", resourceAccount: account },
      ],
      run: (input, { account, region }) => {
        const all = [...this.store.in(account, region).values(), ...this.store.amazonIn(region)];
        const found = all.filter((document) =>
          (input.Filters ?? []).every((filter) => matches(document, filter, account)),
        );
        return { DocumentIdentifiers: found.map((document) => identifier(document, account)) };
      },
    }),
  };

  /**
   * Sharing is no resource policy of IAM: what counts is a permission of the caller's own account, and the share list.
   */
  private access(action: string, { Name }: NamedInput, { account, region }: Caller): Access[] {
    checkDocumentReference(Name);
    return [{ action, resource: this.arnOf(account, region, Name), resourceAccount: account }];
  }

  /**
   * The version that is asked for, where the account sees it: a share covers the default version, unless the owner
   * says otherwise (API reference, ModifyDocumentPermission, SharedDocumentVersion), which the provider cannot.
   */
  private visible(document: SsmDocument, account: string, wanted: VersionWanted): DocumentVersion {
    const version = versionOf(document, wanted);
    const foreign = document.owner !== account && document.owner !== "Amazon";
    if (!foreign || version.documentVersion === document.defaultVersion) return version;
    throw new AwsError(
      "InvalidDocumentVersion",
      `Only the default version of ${document.arn} is shared with account ${account}`,
    );
  }
}

function matches(
  document: SsmDocument,
  filter: { readonly Key: string; readonly Values: readonly string[] },
  account: string,
): boolean {
  const { Key, Values } = filter;
  if (Key === "Owner") {
    const owner = document.owner === account ? ["Self", "Private"] : ["Amazon", "Public"];
    return Values.some((value) => value === "All" || owner.includes(value));
  }
  if (Key === "Name") return Values.some((prefix) => document.name.startsWith(prefix));
  if (Key === "DocumentType") return Values.includes(document.documentType);
  throw new AwsError("InvalidFilterKey", `The specified key isn't valid: ${Key}`);
}

function identifier(document: SsmDocument, account: string) {
  const version = versionOf(document);
  const { Name, Owner, PlatformTypes, SchemaVersion } = describe(document, version, account);
  return {
    Name,
    Owner,
    CreatedDate: isoTime(version.createdDate),
    PlatformTypes,
    SchemaVersion,
    DocumentVersion: version.documentVersion,
    DocumentType: document.documentType,
    DocumentFormat: version.format,
    ...(document.targetType !== undefined && { TargetType: document.targetType }),
  };
}
