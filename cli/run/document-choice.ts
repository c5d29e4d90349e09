import type { DocumentDescription } from "@aws-sdk/client-ssm";
import { DescribeDocumentCommand, GetDocumentCommand } from "@aws-sdk/client-ssm";
import { adHocDocumentPrefix, scriptDocumentName } from "../../components/names.js";
import { didYouMean } from "../../lib/did-you-mean.js";
import { timeoutParameter } from "../../scripts/loader/header.js";
import type { DeclaredParameter, ParameterMistake } from "../../scripts/loader/parameters.js";
import { documentParameters, parameterMistakes } from "../../scripts/loader/parameters.js";
import type { ScriptPlatform } from "../../scripts/loader/script.js";
import type { Identity } from "./aws.js";
import { isCode, wordsOf } from "./aws.js";
import type { LogStack } from "./log-stack.js";
import type { Problems } from "./problems.js";
import type { Choice } from "./script-choice.js";
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
  const parameters = await parametersOf(document, log.home, operator).catch(unread);
  if (parameters === "unread") return undefined;
  return {
    title: name,
    document,
    owner: log.account,
    platforms: platformsOf(found),
    parameters,
  };
}

/** Only the content says what values are to be; a description of the document does not. */
async function parametersOf(
  Name: string,
  region: string,
  operator: Identity,
): Promise<readonly DeclaredParameter[]> {
  const command = new GetDocumentCommand({ Name, DocumentFormat: "JSON" });
  const { Content = "" } = await operator.ssm(region).send(command);
  return documentParameters(Content) ?? [];
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
    ...(timeout !== undefined && { [timeoutParameter]: String(timeout) }),
  };
  for (const mistake of parameterMistakes(parameters, values)) {
    const { kind, name } = mistake;
    const option = name === timeoutParameter && kind !== "missing" ? "--timeout" : "--parameter";
    problems.add(option, reasonOf(title, mistake));
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

function reasonOf(title: string, mistake: ParameterMistake): string {
  const { kind, name } = mistake;
  if (kind === "missing") return `expected ${name}=VALUE, as ${title} has no default for it`;
  if (kind === "value")
    return `expected ${name} as ${mistake.pattern ?? mistake.expected}, got "${mistake.value}"`;
  const known = mistake.known.join(", ") || "it has none";
  return `expected parameters of ${title} (${known}), got ${name}${didYouMean(name, mistake.known)}`;
}

const MAX_PARAMETER_LENGTH = 512;
