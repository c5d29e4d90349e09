import type { Kernel } from "../../../../kernel/kernel.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Deployment, Properties } from "../../../../kernel/resource.js";
import { resourceType } from "../../../../kernel/resource.js";
import type { DocumentFormat, SsmDocument } from "./document.js";
import { latestVersion, sha256, versionOf } from "./document.js";
import { parseContent } from "./document-content.js";
import { describe } from "./document-description.js";
import type { Permissions } from "./document-sharing.js";
import { accountsOf, share } from "./document-sharing.js";
import type { DocumentStore } from "./document-store.js";
import { RESERVED_NAME } from "./document-store.js";
import type { AttachmentsSource } from "./package-content.js";
import { PACKAGE_VERSIONS } from "./package-content.js";
import { newVersion } from "./document-version.js";

/** The inputs of `aws.ssm.Document` that the local cloud looks at. */
export interface DocumentInputs {
  readonly name: string;
  readonly content: string;
  readonly documentType: string;
  /** @default JSON */
  readonly documentFormat?: DocumentFormat;
  readonly versionName?: string;
  readonly targetType?: string;
  readonly attachmentsSources?: readonly AttachmentsSource[];
  readonly permissions?: Permissions;
}

/** Source: "AWS Systems Manager endpoints and quotas". */
const MAXIMUM_VERSIONS = 1000;

/**
 * The Pulumi resource `aws.ssm.Document`: what AWS refuses, and what the provider makes of AWS's API (its source:
 * terraform-provider-aws, internal/service/ssm/document.go).
 */
export function documentResource(kernel: Kernel, store: DocumentStore) {
  /** The shares that the program declares, and the provider so knows of. */
  const declared = new WeakMap<SsmDocument, readonly string[]>();
  return resourceType<DocumentInputs>({
    type: "aws:ssm/document:Document",
    models: [
      "name",
      "content",
      "documentType",
      "documentFormat",
      "versionName",
      "targetType",
      "attachmentsSources",
      "permissions",
      "tags",
    ],
    replaceOnChanges: ["name"],
    autoname: "name",
    create: async (inputs, at) => {
      const accounts = accountsOf(inputs.permissions);
      const document = await createDocument(kernel, store, inputs, at);
      const { name } = document;
      await share(name, at, accounts, []);
      declared.set(document, accounts);
      return { id: name, outputs: outputs(document) };
    },
    update: async (id, inputs, at, olds) => {
      const document = store.owned(at.account, at.region, id);
      const [accounts, before] = [accountsOf(inputs.permissions), accountsOf(olds.permissions)];
      // The provider adds and removes the difference to its state; what others shared stays.
      await share(
        id,
        at,
        accounts.filter((account) => !before.includes(account)),
        before.filter((account) => !accounts.includes(account)),
      );
      if (changesVersion(inputs, olds)) await addVersion(kernel, document, inputs, at);
      declared.set(document, accounts);
      return outputs(document);
    },
    delete: async (id, at) => {
      const document = store.in(at.account, at.region).get(id);
      // A document that does not exist any more counts as deleted.
      if (document === undefined) return;
      await share(id, at, [], declared.get(document) ?? []);
      // The provider has removed its own shares.
      deleteDocument(store, document);
    },
  });
}

/** CreateDocument. @throws AwsError */
export async function createDocument(
  kernel: Kernel,
  store: DocumentStore,
  inputs: DocumentInputs,
  at: Deployment,
): Promise<SsmDocument> {
  const { name, documentType, targetType } = inputs;
  checkName(name);
  if (store.in(at.account, at.region).has(name)) {
    throw new AwsError("DocumentAlreadyExists", `Document with same name ${name} already exists`);
  }
  const version = await newVersion(kernel, inputs, at, "1");
  const document: SsmDocument = {
    name,
    arn: kernel.arn("ssm", at.region, at.account, `document/${name}`),
    owner: at.account,
    region: at.region,
    documentType,
    ...(targetType !== undefined && { targetType }),
    defaultVersion: "1",
    sharedWith: [],
    versions: [version],
  };
  store.in(at.account, at.region).set(name, document);
  return document;
}

/** DeleteDocument: AWS deletes nothing that is still shared. @throws AwsError InvalidDocumentOperation */
export function deleteDocument(store: DocumentStore, document: SsmDocument): void {
  if (document.sharedWith.length > 0) {
    throw new AwsError(
      "InvalidDocumentOperation",
      `You attempted to delete a document while it is still shared (with ${document.sharedWith.join(", ")}). You must stop sharing the document before you can delete it.`,
    );
  }
  store.in(document.owner, document.region).delete(document.name);
}

function checkName(name: string): void {
  if (!/^[a-zA-Z0-9_\-.]{3,128}$/.test(name)) {
    throw new AwsError(
      "ValidationException",
      `Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.]{3,128}$`,
    );
  }
  if (RESERVED_NAME.test(name)) {
    throw new AwsError(
      "ValidationException",
      `Document name ${name} starts with a prefix that is reserved for AWS (aws, amazon, amzn)`,
    );
  }
}

/** The provider updates the document when anything but the shares and the tags changed. */
function changesVersion(inputs: DocumentInputs, olds: DocumentInputs): boolean {
  const relevant = ({
    content,
    versionName,
    documentFormat,
    targetType,
    attachmentsSources,
  }: DocumentInputs) =>
    JSON.stringify([content, versionName, documentFormat, targetType, attachmentsSources]);
  return relevant(inputs) !== relevant(olds);
}

async function addVersion(
  kernel: Kernel,
  document: SsmDocument,
  inputs: DocumentInputs,
  at: Deployment,
): Promise<void> {
  const latest = latestVersion(document);
  // AWS answers DuplicateDocumentContent; the provider takes that for done, whatever else was to change.
  if (sha256(inputs.content) === latest.hash) {
    document.defaultVersion = latest.documentVersion;
    return;
  }
  const { versionName } = inputs;
  if (
    versionName !== undefined &&
    document.versions.some((version) => version.versionName === versionName)
  ) {
    throw new AwsError(
      "DuplicateDocumentVersionName",
      `The specified version name ${versionName} already exists in document ${document.name}: a new content needs a new version name`,
    );
  }
  if (parseContent(latest.content, latest.format)["schemaVersion"] === "1.2") {
    throw new AwsError(
      "InvalidDocumentSchemaVersion",
      "Documents of schema version 1.2 cannot be updated",
    );
  }
  const limit = document.documentType === "Package" ? PACKAGE_VERSIONS : MAXIMUM_VERSIONS;
  if (document.versions.length >= limit) {
    throw new AwsError(
      "DocumentVersionLimitExceeded",
      `Document ${document.name} has ${limit} versions, the most there can be`,
    );
  }
  const number = String(Number(latest.documentVersion) + 1);
  const version = await newVersion(
    kernel,
    { ...inputs, documentType: document.documentType },
    at,
    number,
  );
  document.versions.push(version);
  document.defaultVersion = number;
}

/** What the provider reads back: the default version's description. */
function outputs(document: SsmDocument): Properties {
  const described = describe(document, versionOf(document), document.owner);
  return {
    arn: document.arn,
    createdDate: described.CreatedDate,
    defaultVersion: described.DefaultVersion,
    description: described.Description ?? "",
    documentVersion: described.DocumentVersion,
    hash: described.Hash,
    hashType: described.HashType,
    latestVersion: described.LatestVersion,
    owner: described.Owner,
    parameters: described.Parameters.map(({ Name, Type, Description, DefaultValue }) => ({
      name: Name,
      type: Type,
      ...(Description !== undefined && { description: Description }),
      ...(DefaultValue !== undefined && { defaultValue: DefaultValue }),
    })),
    platformTypes: described.PlatformTypes,
    schemaVersion: described.SchemaVersion,
    status: described.Status,
  };
}
