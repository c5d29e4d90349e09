// A stack's file as Pulumi reads it, for the tools that read it without Pulumi.
import type { Scalar } from "yaml";
import { isMap, visit } from "yaml";
import { didYouMean } from "./did-you-mean.js";
import { isRecord } from "./record.js";
import type { LineProblem, YamlContent } from "./yaml.js";
import { readYaml } from "./yaml.js";

/** Settings by their full keys (`fleet:role`). */
export interface StackContent {
  readonly config: Readonly<Record<string, unknown>>;
  readonly problems: readonly LineProblem[];
  /** What is valid, but perhaps not what was meant. */
  readonly warnings: readonly LineProblem[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What a stack's file may hold beside its settings. Source: Pulumi's documentation, "Pulumi stack settings file". */
const besides = ["secretsprovider", "encryptedkey", "encryptionsalt", "environment"];

/**
 * @param bytes of `Pulumi.<stack>.yaml`
 * @param project its name is the namespace of the program's own settings
 */
export function readStackContent(bytes: Buffer, project: string): StackContent {
  const read = readYaml(bytes);
  if ("problems" in read) return { config: {}, warnings: [], problems: read.problems };
  const content = read.value ?? {};
  if (!isRecord(content)) {
    const reason = "expected config: with settings below it";
    return { config: {}, warnings: [], problems: [{ line: 1, reason }] };
  }
  const problems = strangeKeys(read, content, project);
  const warnings = environmentWarning(read, content);
  const config = content["config"] ?? {};
  if (!isRecord(config)) {
    const reason = `config: expected settings by key, such as ${project}:role: log`;
    const line = read.lineOf(["config"]);
    return { config: {}, warnings, problems: [...problems, { line, reason }] };
  }
  warnings.push(...emptyWarnings(read, config));
  problems.push(...settingProblems(read, config, project), ...otherwiseRead(read));
  return { config: asPulumiHasIt(config), problems, warnings };
}

/** Keys beside `config:`, which Pulumi ignores. */
function strangeKeys({ lineOf }: YamlContent, content: Fields, project: string): LineProblem[] {
  const known = ["config", ...besides];
  const strange = Object.keys(content).filter((key) => !known.includes(key));
  return strange.map((key) => {
    const remedy = key.startsWith(`${project}:`)
      ? "; indent it below config:"
      : didYouMean(key, known) || "; remove it";
    const reason = `${key}: expected config: and settings below it, found a key beside it, which nobody reads${remedy}`;
    return { line: lineOf([key]), reason };
  });
}

function environmentWarning({ lineOf }: YamlContent, content: Fields): LineProblem[] {
  if (content["environment"] === undefined) return [];
  const reason =
    "environment: what it imports from Pulumi ESC is not read; only the settings of this file are";
  return [{ line: lineOf(["environment"]), reason }];
}

/** Pulumi warns of them as well. */
const emptyWarnings = ({ lineOf }: YamlContent, config: Fields): LineProblem[] =>
  Object.entries(config).flatMap(([key, value]) => {
    const reason = `${key}: expected a value, found none, which Pulumi takes for ""; write one, or remove the key`;
    return value === null ? [{ line: lineOf(["config", key]), reason }] : [];
  });

function settingProblems({ lineOf }: YamlContent, config: Fields, project: string): LineProblem[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const reason = settingProblem(key, value, project);
    return reason === undefined ? [] : [{ line: lineOf(["config", key]), reason }];
  });
}

function settingProblem(key: string, value: unknown, project: string): string | undefined {
  // Pulumi takes it for one of the project's, and drops the other where both are there.
  if (!key.includes(":"))
    return `${key}: expected a namespace, found none; write ${project}:${key}`;
  if (!holdsSecret(value)) return undefined;
  return `${key}: expected a plain value, found one that is encrypted and only Pulumi reads; no setting here is secret`;
}

const holdsSecret = (value: unknown): boolean =>
  isRecord(value) &&
  (typeof value["secure"] === "string" || Object.values(value).some(holdsSecret));

/** Plain values that Pulumi, which reads YAML 1.1, reads as something else than they seem. */
function otherwiseRead({ document, lineAt }: YamlContent): LineProblem[] {
  const problems: LineProblem[] = [];
  const config = document.get("config", true);
  if (!isMap(config)) return problems;
  visit(config, {
    Scalar: (place, node) => {
      const other = place === "key" || node.type !== "PLAIN" ? undefined : otherwise(node);
      if (other === undefined) return;
      const written = node.source ?? "";
      const reason = `expected quotes around ${written}, which Pulumi reads as ${other}; write "${written}"`;
      problems.push({ line: lineAt(node.range?.[0] ?? 0), reason });
    },
  });
  return problems;
}

function otherwise({ source = "" }: Scalar): string | undefined {
  if (/^[-+]?0[0-7_]+$/.test(source)) return "a number of base 8";
  if (/^[-+]?0[\d_]+$/.test(source)) return "a number, without its first 0";
  if (/^[-+]?\d+_[\d_]*$/.test(source)) return "a number, without its _";
  if (/^0b[01_]+$/.test(source)) return "a number of base 2";
  return /^\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?$/.test(source) ? "a moment in time" : undefined;
}

/** A program gets numbers, booleans and null at the top level as text. */
const asPulumiHasIt = (config: Fields): Fields =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, asText(value)]));

function asText(value: unknown): unknown {
  if (value === null) return "";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}
