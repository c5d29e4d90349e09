import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { parseDocument } from "yaml";
import type { z } from "zod";
import type { AutomationDocument, Parameter, Variable } from "./document-schema.js";
import { commandSchema } from "./command-schema.js";
import { documentSchema } from "./document-schema.js";
import type { Path, Problem } from "../../lib/problem.js";
import { pathText, problemText, shown } from "../../lib/problem.js";
import { referenceProblems, unusedParameters } from "./reference-check.js";
import { parseReference, referencesIn } from "./reference.js";
import { orderProblems, predecessorsOf } from "./step-order.js";
import type { Step } from "./step.js";
import { UserError } from "../../lib/user-error.js";
import { readYaml as readLines } from "../../lib/yaml.js";

export type { Parameter, ParameterType, Variable } from "./document-schema.js";

/** AWS's limit for a document, in bytes. The values of its parameters count too when it runs. */
const MAX_BYTES = 64 * 1024;

/** An SSM Automation document: the very bytes that AWS gets, and what they say. */
export interface Runbook {
  readonly source: string;
  readonly description: string;
  /** The role that runs it, mostly an expression. */
  readonly assumeRole?: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly variables: Readonly<Record<string, Variable>>;
  readonly steps: readonly Step[];
  /** `step.output` */
  readonly outputs: readonly string[];
}

/** Everything that is wrong with a document, each with file, line and path. */
export class RunbookError extends UserError {
  constructor(
    readonly file: string,
    source: string,
    readonly problems: readonly Problem[],
  ) {
    super(problems.map((problem) => `${file}:${located(source, problem)}`).join("\n"));
  }
}

/** What is no YAML says itself where that is; all else is found by its path. */
function located(source: string, problem: Problem): string {
  const own = / at line (\d+), column \d+:?$/.exec(problem.reason);
  if (own !== null) return `${own[1] ?? "1"}: ${problem.reason.slice(0, own.index)}`;
  const read = readLines(Buffer.from(source));
  const line = "lineOf" in read ? read.lineOf(problem.path) : 1;
  return `${line}: ${problemText(problem)}`;
}

/** @throws RunbookError with every problem, or the file system's error. */
export function loadRunbook(path: string): Runbook {
  return parseRunbook(readFileSync(path, "utf8"), shownPath(path));
}

/** As people see it from the project's folder. */
function shownPath(path: string): string {
  const inside = relative(process.cwd(), path);
  return inside.startsWith("..") ? path : inside;
}

/**
 * Reads a runbook and holds it to what AWS takes and to this project's own rules.
 * @throws RunbookError with every problem.
 */
export function parseRunbook(source: string, file: string): Runbook {
  const { document, problems } = readAutomation(source);
  const own = document === undefined ? [] : ownProblems(source, document);
  const all = [...problems, ...own];
  if (document === undefined || all.length > 0) throw new RunbookError(file, source, all);
  return runbookOf(source, document);
}

/** What a runbook's document says, whoever checked it. */
export function runbookOf(source: string, document: AutomationDocument): Runbook {
  return {
    source,
    description: document.description ?? "",
    ...(document.assumeRole !== undefined && { assumeRole: document.assumeRole }),
    parameters: document.parameters ?? {},
    variables: document.variables ?? {},
    steps: document.mainSteps,
    outputs: document.outputs ?? [],
  };
}

/**
 * Reads a Command document of the project, whose bytes go to AWS as they are. @throws RunbookError with every problem, or the file
 * system's error.
 */
export function loadCommandDocument(path: string): string {
  const source = readFileSync(path, "utf8");
  const { value, problems } = readYaml(source, "1.2");
  const parsed = problems.length > 0 ? undefined : commandSchema.safeParse(value);
  const issues = parsed?.error?.issues.map((issue) => problemFrom(issue, value)) ?? [];
  const all = [...problems, ...issues];
  if (all.length > 0) throw new RunbookError(shownPath(path), source, all);
  return source;
}

/** Reads a document, YAML or JSON, and says what AWS would refuse. A document comes back where its shape is right. */
export function readAutomation(source: string): {
  readonly document?: AutomationDocument;
  readonly problems: readonly Problem[];
} {
  const size = Buffer.byteLength(source);
  const tooLarge: Problem[] =
    size > MAX_BYTES
      ? [{ path: [], reason: `expected at most ${MAX_BYTES} bytes, got ${size}` }]
      : [];
  const { value, problems } = readYaml(source, "1.2");
  if (problems.length > 0) return { problems: [...tooLarge, ...problems] };
  const parsed = documentSchema.safeParse(value);
  if (!parsed.success) {
    const found = parsed.error.issues.map((issue) => problemFrom(issue, value));
    return { problems: [...tooLarge, ...found] };
  }
  // The parsed copy would have its keys in the schema's order; the document keeps its own.
  const document = value as AutomationDocument;
  const order = orderedSteps(document.mainSteps, ["mainSteps"]);
  // With duplicate or missing names, the order of steps is not known.
  const references = order.length > 0 ? [] : [...referencesTo(document)];
  return { document, problems: [...tooLarge, ...order, ...references] };
}

function readYaml(source: string, version: "1.1" | "1.2") {
  const document = parseDocument(source, { version });
  const problems = document.errors.map(({ message }): Problem => ({
    path: [],
    reason: message.split("\n")[0] ?? message,
  }));
  return { value: problems.length > 0 ? undefined : (document.toJS() as unknown), problems };
}

function orderedSteps(steps: readonly Step[], path: Path): Problem[] {
  const inner = steps.flatMap((step, i) =>
    step.action === "aws:loop"
      ? orderedSteps(step.inputs.Steps, [...path, i, "inputs", "Steps"])
      : [],
  );
  return [...orderProblems(steps, path), ...inner];
}

function* referencesTo(document: AutomationDocument): Iterable<Problem> {
  const declared = {
    parameters: Object.keys(document.parameters ?? {}),
    variables: Object.keys(document.variables ?? {}),
  };
  yield* referenceProblems(document.mainSteps, declared, ["mainSteps"]);
  for (const { reference, path } of referencesIn(document.assumeRole, ["assumeRole"])) {
    if (reference.kind !== "parameter" || declared.parameters.includes(reference.name)) continue;
    yield { path, reason: `{{ ${reference.name} }} refers to no parameter` };
  }
  const names = new Set(document.mainSteps.map(({ name }) => name));
  for (const [i, text] of (document.outputs ?? []).entries()) {
    const inner = text.replace(/^\{\{\s*(.*?)\s*\}\}$/, "$1");
    const reference = parseReference(inner);
    if (reference?.kind === "output" && names.has(reference.step)) continue;
    if (reference?.kind === "variable" && declared.variables.includes(reference.name)) continue;
    yield {
      path: ["outputs", i],
      reason: `expected <step>.<output> of a step, got ${shown(text)}`,
    };
  }
}

/** What AWS lets pass and this project does not: it would be a mistake in a file of its own. */
function ownProblems(source: string, document: AutomationDocument): Problem[] {
  const problems = unusedParameters({ ...document, parameters: document.parameters ?? {} });
  const before = predecessorsOf(document.mainSteps);
  document.mainSteps.forEach(({ name }, i) => {
    if (i === 0 || before.get(name)?.size !== 0) return;
    problems.push({ path: ["mainSteps", i], reason: `no step leads to ${name}` });
  });
  const other = firstDifference(document, readYaml(source, "1.1").value, []);
  if (other !== undefined) {
    // Which YAML AWS's parser reads is not documented; quoted, a text is the same in both.
    const reason = "reads differently in YAML 1.1 and 1.2: quote it";
    problems.push({ path: other, reason });
  }
  return problems;
}

function firstDifference(a: unknown, b: unknown, path: Path): Path | undefined {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return Object.is(a, b) ? undefined : path;
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const part = Array.isArray(a) ? Number(key) : key;
    const found = firstDifference(left[key], right[key], [...path, part]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function problemFrom(issue: z.core.$ZodIssue, value: unknown): Problem {
  const path = issue.path as (string | number)[];
  const got = path.reduce<unknown>(
    (inner, part) => (inner as Record<string | number, unknown> | undefined)?.[part],
    value,
  );
  return { path, reason: reasonOf(issue, got) };
}

function reasonOf(issue: z.core.$ZodIssue, got: unknown): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return `there is no property ${issue.keys.join(", ")} here`;
    case "invalid_value":
      return `expected ${issue.values.map((one) => String(one)).join(", ")}; got ${shown(got)}`;
    case "invalid_type":
      return `expected ${issue.expected}, got ${shown(got)}`;
    case "custom":
      if (issue.params?.complete === true) return issue.message;
      return `${issue.message}, got ${shown(got)}`;
    case "invalid_key":
      return `expected a name of 1-50 letters, digits and _, got ${pathText(issue.path.slice(-1) as Path)}`;
    case "invalid_union":
      return `${issue.message}, got ${shown(got)}`;
    default:
      return `${issue.message}, got ${shown(got)}`;
  }
}
