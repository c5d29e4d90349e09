import type { Kernel } from "../../../../kernel/kernel.js";
import { parseArn } from "../../../../kernel/arn.js";
import { AwsError, NotRehearsed } from "../../../../kernel/errors.js";
import { Regional } from "../../../../kernel/regional.js";
import { AMAZON_DOCUMENTS } from "./amazon-documents.js";
import type { Attachment, SsmDocument } from "./document.js";
import { noSuchDocument, sha256 } from "./document.js";
import { isSharedWith } from "./document-sharing.js";

/** The documents of every account and Region, AWS's own among them, and their visibility. */
export class DocumentStore {
  private readonly own = new Regional<SsmDocument>();
  private readonly amazon = new Map<string, SsmDocument>();
  /** By name: documents that existed before, whose content is not known here. */
  private readonly unseen = new Regional<string>();

  constructor(private readonly kernel: Kernel) {}

  /** The documents that an account owns in a Region, by name. */
  in(account: string, region: string): Map<string, SsmDocument> {
    return this.own.in(account, region);
  }

  /** A document that is assumed to exist, whose content is not known here. */
  addUnseen(account: string, region: string, name: string): void {
    this.unseen.in(account, region).set(name, name);
  }

  /** AWS's own documents of a Region. */
  amazonIn(region: string): readonly SsmDocument[] {
    return AMAZON_DOCUMENTS.map(({ name }) => this.amazonDocument(name, region)).filter(
      (found) => found !== undefined,
    );
  }

  /**
   * The document that a name or an ARN means to an account: its own and AWS's by name or ARN, another's by its full
   * ARN where it is shared with the account. Source: user guide, "Sharing SSM documents".
   * @throws AwsError InvalidDocument; NotRehearsed where its content is not known here
   */
  find(account: string, region: string, nameOrArn: string): SsmDocument {
    const arn = parseArn(nameOrArn);
    if (arn === undefined) {
      const found =
        this.in(account, region).get(nameOrArn) ?? this.amazonDocument(nameOrArn, region);
      if (found !== undefined) return found;
      if (this.unseen.in(account, region).has(nameOrArn))
        throw new NotRehearsed(`document ${nameOrArn}`, "its content is not known here");
      throw noSuchDocument(nameOrArn);
    }
    const name = arn.resource.replace(/^document\//, "");
    const isHere =
      arn.service === "ssm" && arn.region === region && arn.partition === this.kernel.partition.id;
    if (!isHere || name === arn.resource) throw noSuchDocument(nameOrArn);
    const found =
      arn.account === ""
        ? this.amazonDocument(name, region)
        : this.in(arn.account, region).get(name);
    if (found === undefined) throw noSuchDocument(nameOrArn);
    if (arn.account !== "" && arn.account !== account && !isSharedWith(found, account))
      throw noSuchDocument(nameOrArn);
    return found;
  }

  /** Whether an ARN names a document that exists and that the account may not use. */
  isKept(account: string, region: string, nameOrArn: string): boolean {
    const { account: owner = "", resource = "" } = parseArn(nameOrArn) ?? {};
    const found = this.in(owner, region).get(resource.replace(/^document\//, ""));
    return found?.arn === nameOrArn && owner !== account && !isSharedWith(found, account);
  }

  /** The document with this name that the account itself owns. @throws AwsError InvalidDocument */
  owned(account: string, region: string, name: string): SsmDocument {
    const found = this.in(account, region).get(name);
    if (found === undefined) throw noSuchDocument(name);
    return found;
  }

  /** The bytes at an attachment's URL; undefined where the URL leads nowhere. */
  attachment(url: string): Attachment | undefined {
    const [account = "", name = "", version = "", file = ""] = url
      .split("/")
      .slice(4)
      .map(decodeURIComponent);
    const region = /^https:\/\/s3\.([a-z0-9-]+)\./.exec(url)?.[1] ?? "";
    const document = this.in(account, region).get(name);
    const found = document?.versions.find(({ documentVersion }) => documentVersion === version);
    return found?.attachments.find((attachment) => attachment.name === file);
  }

  /** Where an agent downloads an attachment: SSM's own bucket, not the owner's. Source: agent's documentarchive.go. */
  attachmentUrl(document: SsmDocument, version: string, file: string): string {
    const { region, owner, name } = document;
    const path = [owner, name, version, file].map(encodeURIComponent).join("/");
    return `https://s3.${region}.${this.kernel.partition.dnsSuffix}/aws-ssm-document-attachments-${region}/${path}`;
  }

  private amazonDocument(name: string, region: string): SsmDocument | undefined {
    const key = `${region} ${name}`;
    const existing = this.amazon.get(key);
    if (existing !== undefined) return existing;
    const source = AMAZON_DOCUMENTS.find((document) => document.name === name);
    if (source === undefined) {
      // It may well exist at AWS; nobody else can have such a name.
      if (RESERVED_NAME.test(name)) throw new NotRehearsed(`document ${name}`);
      return undefined;
    }
    const content = JSON.stringify(source.content, undefined, 2);
    const document: SsmDocument = {
      name,
      arn: this.kernel.arn("ssm", region, "", `document/${name}`),
      owner: "Amazon",
      region,
      documentType: source.documentType,
      defaultVersion: "1",
      sharedWith: ["all"],
      versions: [
        {
          documentVersion: "1",
          content,
          format: "JSON",
          hash: sha256(content),
          createdDate: AMAZON_CREATED,
          attachments: [],
        },
      ],
    };
    this.amazon.set(key, document);
    return document;
  }
}

/** Names that are AWS's. Source: API reference, CreateDocument. */
export const RESERVED_NAME = /^(aws|amazon|amzn)/i;

/** AWS's documents are older than every rehearsal. */
const AMAZON_CREATED = Date.UTC(2015, 11, 15);

/** @throws AwsError ValidationException where no document can be called so: an ARN may have 128 characters. */
export function checkDocumentReference(nameOrArn: unknown): asserts nameOrArn is string {
  // Source: API reference, DocumentARN.
  if (typeof nameOrArn === "string" && /^[a-zA-Z0-9_\-.:/]{3,128}$/.test(nameOrArn)) return;
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${String(nameOrArn)}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.:/]{3,128}$`,
  );
}
