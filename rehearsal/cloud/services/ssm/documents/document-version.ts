import type { Kernel } from "../../../../kernel/kernel.js";
import { automationDocumentProblems } from "../../../../runbook/schema.js";
import { AwsError, NotRehearsed } from "../../../../kernel/errors.js";
import type { Deployment } from "../../../../kernel/resource.js";
import { commandProblems } from "../run-command/command-content.js";
import type { Attachment, DocumentFormat, DocumentVersion } from "./document.js";
import { sha256 } from "./document.js";
import type { Content } from "./document-content.js";
import { invalidContent, parseContent } from "./document-content.js";
import type { DocumentInputs } from "./document-resource.js";
import { manifestProblems, readAttachments } from "./package-content.js";

/** Documents have at most 64 KB. Source: API reference, CreateDocument. */
const MAXIMUM_BYTES = 64 * 1024;

/** The types of the API; of those that are not modelled the content is not looked at, and that is reported. */
const TYPES =
  "Command Policy Automation Session Package ApplicationConfiguration ApplicationConfigurationSchema DeploymentStrategy ChangeCalendar Automation.ChangeTemplate ProblemAnalysis ProblemAnalysisTemplate CloudFormation ConformancePackTemplate QuickSetup ManualApprovalPolicy AutoApprovalPolicy".split(
    " ",
  );

/** A new version of a document, checked as AWS checks it. @throws AwsError */
export async function newVersion(
  kernel: Kernel,
  inputs: DocumentInputs,
  at: Deployment,
  documentVersion: string,
): Promise<DocumentVersion> {
  const { content, versionName, documentFormat: format = "JSON" } = inputs;
  // The API takes 1 character, the provider insists on 3. Source: document.go.
  if (versionName !== undefined && !/^[a-zA-Z0-9_\-.]{3,128}$/.test(versionName)) {
    throw new AwsError(
      "ValidationException",
      `versionName: expected 3-128 letters, digits, _ - ., got "${versionName}"`,
    );
  }
  const bytes = Buffer.byteLength(content);
  if (bytes > MAXIMUM_BYTES) {
    throw new AwsError(
      "MaxDocumentSizeExceeded",
      `The size limit of a document is 64 KB, ${inputs.name} has ${bytes} bytes`,
    );
  }
  const attachments = await checkContent(kernel, inputs, at, format);
  return {
    documentVersion,
    content,
    format,
    hash: sha256(content),
    createdDate: kernel.clock.now,
    attachments,
    ...(versionName !== undefined && { versionName }),
  };
}

async function checkContent(
  kernel: Kernel,
  inputs: DocumentInputs,
  at: Deployment,
  format: DocumentFormat,
): Promise<readonly Attachment[]> {
  const { documentType, content, versionName, attachmentsSources = [] } = inputs;
  if (!TYPES.includes(documentType)) {
    throw new AwsError(
      "ValidationException",
      `Value '${documentType}' at 'documentType' failed to satisfy constraint: Member must satisfy enum value set: [${TYPES.join(", ")}]`,
    );
  }
  const data = parseContent(content, format);
  const problems = problemsOf(documentType, data, inputs, format);
  if (problems.length > 0) throw invalidContent(problems.join("; "));
  if (documentType !== "Package") {
    if (attachmentsSources.length > 0)
      throw new NotRehearsed(`attachments of a document of type ${documentType}`);
    return [];
  }
  if (versionName === undefined) throw invalidContent("a Package document needs a version name");
  return readAttachments(data, attachmentsSources, (request) =>
    kernel.call({ principal: at.principal, account: at.account, region: at.region, ...request }),
  );
}

function problemsOf(
  type: string,
  data: Content,
  { content, versionName }: DocumentInputs,
  format: DocumentFormat,
): readonly string[] {
  if (type === "Automation") return automationDocumentProblems(content, format);
  if (type === "Command") return commandProblems(data);
  if (type === "Package") return manifestProblems(data, versionName);
  if (type !== "Session") throw new NotRehearsed(`SSM document of type ${type}`);
  return data["schemaVersion"] === "1.0"
    ? []
    : [`schemaVersion: expected "1.0" of a Session document`];
}
