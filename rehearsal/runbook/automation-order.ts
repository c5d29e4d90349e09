import { readAutomation, type Runbook, runbookOf } from "../../runbooks/runbook.js";
import { problemText } from "../../runbooks/problem.js";
import { type Json } from "../../runbooks/step.js";
import { type Arn, parseArn } from "../cloud/arn.js";
import { type Access } from "../cloud/authorization.js";
import { AwsError, NotRehearsed } from "../cloud/errors.js";
import { type Caller } from "../cloud/operation.js";
import { type GivenParameters, parametersOf } from "./start-parameters.js";
import { Values } from "./values.js";

/** The input of StartAutomationExecution, as far as it is modelled. */
export interface StartInput {
  readonly DocumentName: string;
  readonly DocumentVersion?: string;
  readonly Parameters?: GivenParameters;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly Mode?: string;
}

/** What a start asks for, found and checked. */
export interface Order {
  readonly documentName: string;
  readonly documentArn: Arn;
  readonly version: string;
  readonly runbook: Runbook;
  /** The runbook's parameters, given or default, each of its type. */
  readonly values: Readonly<Record<string, Json>>;
  /** Absent: the automation acts as whoever started it. */
  readonly roleArn?: Arn;
}

/** Runbooks by their content: a thousand hosts run the same. */
const READ = new Map<string, Runbook>();

/** @throws AwsError with AWS's code for what is asked for and is not there or not allowed */
export function orderOf(input: StartInput, { cloud, account, region }: Caller): Order {
  for (const key of Object.keys(input)) {
    const modelled = [
      "DocumentName",
      "DocumentVersion",
      "Parameters",
      "Tags",
      "Mode",
      "ClientToken",
    ];
    if (!modelled.includes(key)) throw new NotRehearsed(`ssm:StartAutomationExecution ${key}`);
  }
  if (input.Mode === "Interactive")
    throw new NotRehearsed("ssm:StartAutomationExecution Interactive");
  const document = findDocument(input.DocumentName, () =>
    cloud.ssm.documents.find(account, region, input.DocumentName),
  );
  const { DocumentVersion = "$DEFAULT" } = input;
  const newest = document.versions.at(-1)?.documentVersion;
  const version =
    DocumentVersion === "$DEFAULT"
      ? document.defaultVersion
      : DocumentVersion === "$LATEST"
        ? newest
        : DocumentVersion;
  const found = document.versions.find(({ documentVersion }) => documentVersion === version);
  if (found === undefined) {
    throw new AwsError(
      "AutomationDefinitionVersionNotFoundException",
      `An Automation runbook with the specified name and version ${DocumentVersion} couldn't be found.`,
    );
  }
  const runbook = read(document.name, found.content);
  const values = parametersOf(runbook, input.Parameters ?? {});
  const roleArn = roleOf(runbook, values);
  return {
    documentName: document.name,
    documentArn: document.arn,
    version: found.documentVersion,
    runbook,
    values,
    ...(roleArn !== undefined && { roleArn }),
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
  const known = READ.get(content);
  if (known !== undefined) return known;
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
export function startAccess(order: Order, input: StartInput, caller: Caller): Access[] {
  const { cloud, account, region } = caller;
  const tags = input.Tags ?? [];
  const start = {
    action: "ssm:StartAutomationExecution",
    context: {
      "ssm:DocumentVersion": order.version,
      ...(tags.length > 0 && { "aws:TagKeys": tags.map(({ Key }) => Key) }),
      ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    },
  };
  const executions = cloud.arn("ssm", region, account, "automation-execution/*");
  return [
    // Of a shared document too: sharing is no resource policy, and the account's own policies decide.
    { ...start, resource: order.documentArn, resourceAccount: account },
    { ...start, resource: executions, resourceAccount: account },
    ...(order.roleArn === undefined ? [] : [passRole(order.roleArn)]),
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
