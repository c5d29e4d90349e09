import type { Path } from "../../lib/problem.js";

/** What stands between double braces. Source: User Guide, "Automation system variables". */
export type Reference =
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "output"; readonly step: string; readonly output: string }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "global"; readonly name: string }
  | { readonly kind: "automation"; readonly name: string }
  /** A parameter of Parameter Store: allowed as a default only. */
  | { readonly kind: "ssm"; readonly name: string };

/** `{{ global:… }}` */
export const GLOBALS = ["ACCOUNT_ID", "AWS_PARTITION", "DATE", "DATE_TIME", "REGION"] as const;

const REFERENCE = /\{\{\s*([\w:./-]+)\s*\}\}/g;

/** The reference that a text between the braces is, or undefined where it is none. */
export function parseReference(text: string): Reference | undefined {
  const [, prefix, rest = ""] = /^(?:(variable|global|automation|ssm):)?(.+)$/.exec(text) ?? [];
  if (prefix !== undefined) {
    return { kind: prefix as "variable" | "global" | "automation" | "ssm", name: rest };
  }
  const [, step, output] = /^(\w+)\.(\w+)$/.exec(text) ?? [];
  if (step !== undefined && output !== undefined) return { kind: "output", step, output };
  return /^\w+$/.test(text) ? { kind: "parameter", name: text } : undefined;
}

/** As it stands in the document, for messages. */
export function referenceText(reference: Reference): string {
  if (reference.kind === "parameter") return `{{ ${reference.name} }}`;
  if (reference.kind === "output") return `{{ ${reference.step}.${reference.output} }}`;
  return `{{ ${reference.kind}:${reference.name} }}`;
}

/** The reference that a text is as a whole, so that the value keeps its type. */
export function wholeReference(text: string): Reference | undefined {
  const [, inner] = /^\s*\{\{\s*([\w:./-]+)\s*\}\}\s*$/.exec(text) ?? [];
  return inner === undefined ? undefined : parseReference(inner);
}

/** Replaces the references in a text. */
export function replaceReferences(
  text: string,
  replacement: (reference: Reference, raw: string) => string,
): string {
  return text.replace(REFERENCE, (raw: string, inner: string) => {
    const reference = parseReference(inner);
    return reference === undefined ? raw : replacement(reference, raw);
  });
}

export interface FoundReference {
  readonly reference: Reference;
  readonly path: Path;
}

/** Every reference in a value, however deep. */
export function referencesIn(value: unknown, path: Path = []): FoundReference[] {
  if (typeof value === "string") {
    const found: FoundReference[] = [];
    replaceReferences(value, (reference, raw) => {
      found.push({ reference, path });
      return raw;
    });
    return found;
  }
  if (Array.isArray(value)) return value.flatMap((item, i) => referencesIn(item, [...path, i]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => referencesIn(item, [...path, key]));
}
