import type { ErrorObject } from "ajv";
import { Ajv } from "ajv";
import awsSchema from "aws-ssm-document-language-service/dist/schema.json";
import { parseDocument } from "yaml";
import { pathText, problemText, shown } from "../../lib/problem.js";
import { readAutomation } from "../../runbooks/loader/runbook.js";
import { extended } from "./schema-extension.js";

// The schema carries words for editors (snippets), which are none of JSON schema's, and patterns with lone braces.
const validate = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false }).compile(
  extended(awsSchema),
);

/** What AWS's schema, as extended above, says of a document's value. */
export function schemaProblems(document: unknown): string[] {
  if (validate(document)) return [];
  const errors = (validate.errors ?? []).filter(
    ({ keyword, schemaPath }) => keyword !== "if" && !schemaPath.includes("/oneOf/"),
  );
  return [...new Set(errors.map(errorText))];
}

/** The problems for which CreateDocument would refuse an Automation document; empty where it would take it. */
export function automationDocumentProblems(content: string, format: "YAML" | "JSON"): string[] {
  const { value, problem } = parse(content, format);
  if (problem !== undefined) return [problem];
  // The loader's words first: of a choice among many, the schema can only say that none fits.
  const found = readAutomation(content).problems.map(problemText);
  return found.length > 0 ? found : schemaProblems(value);
}

function parse(content: string, format: "YAML" | "JSON"): { value?: unknown; problem?: string } {
  try {
    if (format === "JSON") return { value: JSON.parse(content) as unknown };
    const document = parseDocument(content);
    const [error] = document.errors;
    return error === undefined ? { value: document.toJS() as unknown } : { problem: error.message };
  } catch (error) {
    return { problem: `${format} not well-formed. ${error instanceof Error ? error.message : ""}` };
  }
}

function errorText({ instancePath, keyword, message, params }: ErrorObject): string {
  const path = instancePath
    .split("/")
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll("~1", "/")));
  const more =
    keyword === "additionalProperties"
      ? ` (${String((params as { additionalProperty: string }).additionalProperty)})`
      : keyword === "enum"
        ? `: ${shown((params as { allowedValues: unknown }).allowedValues)}`
        : "";
  return `${path.length === 0 ? "document" : pathText(path)}: ${message ?? keyword}${more}`;
}
