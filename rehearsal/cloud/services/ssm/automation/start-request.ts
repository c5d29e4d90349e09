import type { Runbook } from "../../../../../runbooks/loader/runbook.js";
import { readAutomation, runbookOf } from "../../../../../runbooks/loader/runbook.js";
import { problemText } from "../../../../../lib/problem.js";
import type { Json } from "../../../../../runbooks/loader/step.js";
import type { Arn } from "../../../../kernel/arn.js";
import { parseArn } from "../../../../kernel/arn.js";
import type { Access } from "../../../../kernel/access.js";
import { AwsError, NotRehearsed } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import type { SsmDocument } from "../documents/document.js";
import { wholeReference } from "../../../../../runbooks/loader/reference.js";
import type { StartInput, GivenParameters } from "../../../../runbook/start-input.js";
import type { MultiTargetInput } from "../../../../runbook/multi-target.js";
import { checkMultiTarget, isMultiTarget } from "./multi-target-run.js";
import type { AutomationCloud } from "./automations.js";
import { parametersOf } from "./start-parameters.js";
import { checkTargets, targetParameters } from "./targets.js";
import { Values } from "../../../../runbook/values.js";

/** Source: API reference, StartAutomationExecution, Tags. */
const MAX_TAGS = 5;

/** What of the input is modelled. */
const MODELLED = [
  "DocumentName",
  "DocumentVersion",
  "Parameters",
  "Tags",
  "Mode",
  "ClientToken",
  "TargetParameterName",
  "Targets",
  "TargetMaps",
  "MaxConcurrency",
  "MaxErrors",
  "TargetLocations",
];

/** A start request, resolved and checked. */
export interface StartRequest {
  readonly documentName: string;
  readonly documentArn: Arn;
  readonly version: string;
  /** The version that was asked for; none: the default one. */
  readonly versionGiven?: string;
  readonly runbook: Runbook;
  /** The runbook's parameters, given or default, each of its type. */
  readonly values: Readonly<Record<string, Json>>;
  /** Absent: the automation acts as its caller. */
  readonly roleArn?: Arn;
  /** The parameter that names this role, where one does. */
  readonly roleParameter?: string;
  /** As the caller wrote them. */
  readonly given: GivenParameters;
  readonly tags: Readonly<Record<string, string>>;
  /** What the document says that its targets are, e.g. `/AWS::EC2::Instance`. */
  readonly targetType?: string;
  /** Present: the automation is one over targets or locations. */
  readonly multiTarget?: MultiTargetInput;
}

/** Runbooks by their content: a thousand hosts run the same. */
const READ = new Map<string, Runbook>();

/** @throws AwsError with AWS's code for what is asked for and is not there or not allowed */
export function startRequestOf(
  { ssm }: AutomationCloud,
  input: StartInput,
  { account, region }: Caller,
): StartRequest {
  checkInput(input);
  const document = findDocument(input.DocumentName, () =>
    ssm.documents.find(account, region, input.DocumentName),
  );
  const version = versionFor(document, input.DocumentVersion);
  const found = document.versions.find(({ documentVersion }) => documentVersion === version);
  if (found === undefined) {
    throw new AwsError(
      "AutomationDefinitionVersionNotFoundException",
      `An Automation runbook with the specified name and version ${input.DocumentVersion ?? ""} couldn't be found.`,
    );
  }
  const runbook = read(document.name, found.content);
  checkTargets(runbook, input);
  const given = input.Parameters ?? {};
  const values = parametersOf(withoutTargets(runbook, input), given);
  const roleArn = roleOf(runbook, values);
  const role = runbook.assumeRole === undefined ? undefined : wholeReference(runbook.assumeRole);
  const { targetType } = document;
  return {
    documentName: document.name,
    documentArn: document.arn,
    version: found.documentVersion,
    ...(input.DocumentVersion !== undefined && { versionGiven: input.DocumentVersion }),
    runbook,
    values,
    given,
    tags: Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    ...(roleArn !== undefined && { roleArn }),
    ...(role?.kind === "parameter" && { roleParameter: role.name }),
    ...(targetType !== undefined && { targetType }),
    ...(isMultiTarget(input) && { multiTarget: multiTargetOf(input) }),
  };
}

/** @throws AwsError for the API's own limits; NotRehearsed */
function checkInput(input: StartInput): void {
  for (const key of Object.keys(input)) {
    if (!MODELLED.includes(key)) throw new NotRehearsed(`ssm:StartAutomationExecution ${key}`);
  }
  if (input.Mode === "Interactive")
    throw new NotRehearsed("ssm:StartAutomationExecution Interactive");
  const tags = input.Tags?.length ?? 0;
  if (tags > MAX_TAGS) {
    const text = `An automation has at most ${MAX_TAGS} tags when it is started, got ${tags}.`;
    throw new AwsError("ValidationException", text);
  }
  checkMultiTarget(input);
}

function versionFor(
  document: Pick<SsmDocument, "defaultVersion" | "versions">,
  wanted = "$DEFAULT",
): string | undefined {
  if (wanted === "$DEFAULT") return document.defaultVersion;
  return wanted === "$LATEST" ? document.versions.at(-1)?.documentVersion : wanted;
}

/** The runbook as its parent sees it: the parameters that come from the targets are not given yet. */
function withoutTargets(runbook: Runbook, input: StartInput): Runbook {
  const fromTargets = targetParameters(input);
  if (fromTargets.length === 0) return runbook;
  const parameters = Object.entries(runbook.parameters).filter(
    ([name]) => !fromTargets.includes(name),
  );
  return { ...runbook, parameters: Object.fromEntries(parameters) };
}

function multiTargetOf(input: StartInput): MultiTargetInput {
  const { MaxConcurrency, MaxErrors, TargetLocations, TargetMaps, TargetParameterName, Targets } =
    input;
  return {
    ...(TargetParameterName !== undefined && { TargetParameterName }),
    ...(Targets !== undefined && { Targets }),
    ...(TargetMaps !== undefined && { TargetMaps }),
    ...(MaxConcurrency !== undefined && { MaxConcurrency }),
    ...(MaxErrors !== undefined && { MaxErrors }),
    ...(TargetLocations !== undefined && { TargetLocations }),
  };
}

/** AWS has an error of its own here for documents that are not there or not runbooks. */
function findDocument<T extends { readonly documentType: string }>(name: string, find: () => T): T {
  const missing = new AwsError(
    "AutomationDefinitionNotFoundException",
    `An Automation runbook with the specified name couldn't be found: ${name}.`,
  );
  try {
    const document = find();
    if (document.documentType === "Automation") return document;
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "InvalidDocument") throw error;
  }
  throw missing;
}

function read(name: string, content: string): Runbook {
  const cached = READ.get(content);
  if (cached !== undefined) return cached;
  const { document, problems } = readAutomation(content);
  if (document === undefined) {
    throw new NotRehearsed(`document ${name}`, problems.map(problemText).join("; "));
  }
  const runbook = runbookOf(content, document);
  READ.set(content, runbook);
  return runbook;
}

function roleOf(
  { assumeRole }: Runbook,
  parameters: Readonly<Record<string, Json>>,
): Arn | undefined {
  const values = new Values(parameters, new Map(), () => undefined);
  const role = assumeRole === undefined ? "" : values.resolveIfKnown(assumeRole);
  if (role === undefined || role === "") return undefined;
  if (typeof role === "string" && /^arn:[^:]+:iam::\d{12}:role\/.+/.test(role)) return role;
  throw new AwsError(
    "InvalidAutomationExecutionParametersException",
    "The format of the supplied assume role ARN is invalid.",
  );
}

/**
 * What AWS checks for a start: the document, and the execution that comes of it. Source: Service Authorization
 * Reference, where the older resource `automation-definition` has become optional; User Guide, "Setting up
 * identity based policies examples". And that the caller may hand over the role.
 */
export function startAccess(request: StartRequest, input: StartInput, caller: Caller): Access[] {
  const { kernel, account, region } = caller;
  const tags = input.Tags ?? [];
  const start = {
    action: "ssm:StartAutomationExecution",
    context: {
      "ssm:DocumentVersion": request.version,
      ...(tags.length > 0 && { "aws:TagKeys": tags.map(({ Key }) => Key) }),
      ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    },
  };
  const executions = kernel.arn("ssm", region, account, "automation-execution/*");
  return [
    // Of a shared document too: sharing is no resource policy, and the account's own policies decide.
    { ...start, resource: request.documentArn, resourceAccount: account },
    { ...start, resource: executions, resourceAccount: account },
    ...(request.roleArn === undefined ? [] : [passRole(request.roleArn)]),
  ];
}

function passRole(roleArn: Arn): Access {
  return {
    action: "iam:PassRole",
    resource: roleArn,
    resourceAccount: parseArn(roleArn)?.account ?? "",
    context: { "iam:PassedToService": "ssm.amazonaws.com" },
  };
}
