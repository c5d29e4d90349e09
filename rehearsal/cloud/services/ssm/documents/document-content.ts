import { parse, stringify } from "yaml";
import { AwsError, messageOf } from "../../../../kernel/errors.js";
import type { DocumentFormat } from "./document.js";
import { own } from "../../../../own.js";
import { isRecord } from "../../../../../lib/record.js";

/** A document's content as data. */
export type Content = Readonly<Record<string, unknown>>;

/** @throws AwsError InvalidDocumentContent */
export function parseContent(content: string, format: DocumentFormat): Content {
  let data: unknown;
  try {
    data = format === "YAML" ? parse(content) : JSON.parse(content);
  } catch (error) {
    throw invalidContent(`${format} not well-formed. ${messageOf(error)}`);
  }
  if (!isRecord(data))
    throw invalidContent(`${format} not well-formed: an object is expected at the top`);
  return data;
}

/** The content in the format that is asked for. @throws AwsError InvalidDocumentContent */
export function contentAs(content: string, format: DocumentFormat, wanted: DocumentFormat): string {
  if (format === wanted) return content;
  const data = parseContent(content, format);
  return wanted === "JSON" ? JSON.stringify(data, undefined, 2) : stringify(data);
}

export function invalidContent(text: string): AwsError {
  return new AwsError("InvalidDocumentContent", text);
}

/** A text inside a document, or its replacement where there is none. */
export function textAt(content: Content, key: string): string | undefined {
  const value = own(content, key);
  return typeof value === "string" ? value : undefined;
}
