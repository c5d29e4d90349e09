import type { DocumentDescription } from "@aws-sdk/client-ssm";
import { DescribeDocumentCommand, GetDocumentCommand } from "@aws-sdk/client-ssm";
import { adHocDocumentPrefix, scriptDocumentName } from "../../components/names.js";
import type { ScriptPlatform } from "../../scripts/loader/script.js";
import type { Identity } from "./aws.js";
import { isCode, wordsOf } from "./aws.js";
import type { LogStack } from "./log-stack.js";
import type { Problems } from "./problems.js";
import type { Choice, ChoiceParameter } from "./script-choice.js";
import { TIMEOUT } from "./script-choice.js";
import type { Request } from "./request.js";

/** Looks up a document that exists: one of the library by its short name, or one that an earlier run made. */
export async function existing(
  name: string,
  log: LogStack,
  operator: Identity,
  problems: Problems,
): Promise<Choice | undefined> {
  const document = documentOf(name, log);
  if (document === undefined) {
    const known = Object.keys(log.scripts).sort().join(", ") || "none";
    const expected = `expected a script of the library (${known}) or a document ${adHocDocumentPrefix(log.prefix)}… of the log account`;
    problems.add("--document", `${expected}, which are what members may run; got "${name}"`);
    return undefined;
  }
  const unread = (error: unknown) => {
    problems.add("--document", `${document} cannot be read in ${log.home}: ${wordsOf(error)}`);
    return "unread" as const;
  };
  const found = await describe(document, log.home, operator).catch(unread);
  if (found === "unread") return undefined;
  if (found === undefined) {
    problems.add("--document", `expected a document in ${log.home}, found no ${document}`);
    return undefined;
  }
  const patterns = await patternsOf(document, log.home, operator).catch(unread);
  if (patterns === "unread") return undefined;
  return {
    title: name,
    document,
    owner: log.account,
    platforms: platformsOf(found),
    parameters: (found.Parameters ?? []).map((parameter) => parameterOf(parameter, patterns)),
  };
}

/** The allowed values by the parameter's name, which only the content has, and not the document's description. */
async function patternsOf(
  Name: string,
  region: string,
  operator: Identity,
): Promise<ReadonlyMap<string, string>> {
  const command = new GetDocumentCommand({ Name, DocumentFormat: "JSON" });
  const { Content = "{}" } = await operator.ssm(region).send(command);
  const { parameters = {} } = JSON.parse(Content) as {
    readonly parameters?: Readonly<Record<string, { readonly allowedPattern?: string }>>;
  };
  return new Map(
    Object.entries(parameters).flatMap(([name, { allowedPattern }]) =>
      // Without the anchors that are put around the pattern of a script's header.
      allowedPattern === undefined
        ? []
        : [[name, allowedPattern.replace(/^\^\(\?:(.*)\)\$$/, "$1")]],
    ),
  );
}

/** Undefined where the document is in no Region that is asked. */
export async function describe(
  Name: string,
  region: string,
  operator: Identity,
): Promise<DocumentDescription | undefined> {
  try {
    const { Document } = await operator.ssm(region).send(new DescribeDocumentCommand({ Name }));
    return Document;
  } catch (error) {
    if (isCode(error, "InvalidDocument")) return undefined;
    throw error;
  }
}

/** The members' execution roles may send only the library's documents and those that runs created. */
function documentOf(name: string, { prefix, scripts }: LogStack): string | undefined {
  if (name in scripts) return scriptDocumentName(prefix, name);
  const isOurs =
    Object.keys(scripts).some((script) => scriptDocumentName(prefix, script) === name) ||
    (name.startsWith(adHocDocumentPrefix(prefix)) && /^[0-9a-f]{12}$/.test(name.slice(-12)));
  return isOurs ? name : undefined;
}

const platformsOf = ({ PlatformTypes = [] }: DocumentDescription): ReadonlySet<ScriptPlatform> =>
  new Set(
    PlatformTypes.flatMap((type): ScriptPlatform[] =>
      type === "Linux" ? ["linux"] : type === "Windows" ? ["windows"] : [],
    ),
  );

function parameterOf(
  { Name = "", DefaultValue }: NonNullable<DocumentDescription["Parameters"]>[number],
  patterns: ReadonlyMap<string, string>,
): ChoiceParameter {
  const pattern = patterns.get(Name);
  const isRequired = DefaultValue === undefined;
  return { name: Name, isRequired, ...(pattern !== undefined && { pattern }) };
}

/**
 * The document's parameters in the runbook's form: a JSON object with a list of one text for each name.
 * Source of the bound: API reference, AutomationParameterValue.
 */
export function parametersText(
  { parameters, title }: Choice,
  { parameters: given, timeout }: Request,
  problems: Problems,
): string {
  const values: Readonly<Record<string, string>> = {
    ...given,
    ...(timeout !== undefined && { [TIMEOUT]: String(timeout) }),
  };
  const known = parameters.map(({ name }) => name);
  for (const name of Object.keys(values).filter((parameter) => !known.includes(parameter))) {
    const expected = `expected parameters of ${title} (${known.join(", ") || "it has none"})`;
    problems.add(name === TIMEOUT ? "--timeout" : "--parameter", `${expected}, got ${name}`);
  }
  for (const { name, isRequired, pattern } of parameters) {
    const value = values[name];
    if (value === undefined && isRequired) {
      problems.add("--parameter", `expected ${name}=VALUE, as ${title} has no default for it`);
    } else if (
      value !== undefined &&
      pattern !== undefined &&
      !new RegExp(`^(?:${pattern})$`).test(value)
    ) {
      problems.add("--parameter", `expected ${name} as ${pattern}, got "${value}"`);
    }
  }
  const text = JSON.stringify(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]])),
  );
  if (text.length > MAX_PARAMETER_LENGTH) {
    const remedy = "Automation takes no more; put it into the script";
    problems.add(
      "--parameter",
      `expected at most ${MAX_PARAMETER_LENGTH} characters, got ${text}; ${remedy}`,
    );
  }
  return text;
}

const MAX_PARAMETER_LENGTH = 512;
