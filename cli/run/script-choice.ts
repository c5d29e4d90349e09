import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { adHocDocumentName } from "../../components/names.js";
import type { DeclaredParameter } from "../../scripts/loader/parameters.js";
import { scriptParameters } from "../../scripts/loader/parameters.js";
import { scriptDocument } from "../../scripts/loader/script-document.js";
import type { Script, ScriptPlatform } from "../../scripts/loader/script.js";
import { platformOf, readScript, ScriptError } from "../../scripts/loader/script.js";
import { syntaxMistake } from "../../scripts/loader/syntax.js";
import type { Session } from "../session.js";
import type { LogStack } from "./log-stack.js";
import type { Problems } from "./problems.js";
import type { Request } from "./request.js";

/** What runs on the hosts: a Command document. */
export interface Choice {
  /** Its name for people: `scripts/ports.sh`. */
  readonly title: string;
  /** The document's name. */
  readonly document: string;
  /** The document's owner. */
  readonly owner: string;
  readonly platforms: ReadonlySet<ScriptPlatform>;
  readonly parameters: readonly DeclaredParameter[];
  /** Of a document that is made for this run. */
  readonly content?: string;
}

/** Makes the document of scripts that a person hands over; it is named after its content, so the same is made once. */
export async function handedOver(
  request: Request,
  { account, prefix }: LogStack,
  session: Session,
  problems: Problems,
): Promise<Choice | undefined> {
  const scripts = await scriptsOf(request, session, problems);
  const [first] = scripts;
  if (first === undefined || problems.any) return undefined;
  const scriptFor = (platform: ScriptPlatform) =>
    scripts.find((script) => script.platform === platform);
  const [linux, windows] = [scriptFor("linux"), scriptFor("windows")];
  if (linux && windows) checkSame(linux, windows, problems);
  try {
    const content = scriptDocument({
      description: first.description || "A script of fleet run.",
      parameters: first.parameters,
      ...(linux && { linux }),
      ...(windows && { windows }),
    });
    return {
      title: titleOf(request, scripts),
      document: adHocDocumentName(prefix, createHash("sha256").update(content).digest("hex")),
      owner: account,
      platforms: new Set(scripts.map(({ platform }) => platform)),
      parameters: scriptParameters(first.parameters),
      content,
    };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    problems.add("--script", error.message);
    return undefined;
  }
}

const MAX_TITLE_LENGTH = 60;

function titleOf({ subject }: Request, scripts: readonly Script[]): string {
  if (subject.kind !== "command") return scripts.map(({ file }) => file).join(" and ");
  const { text } = subject;
  return `"${text.length > MAX_TITLE_LENGTH ? `${text.slice(0, MAX_TITLE_LENGTH)} …` : text}"`;
}

async function scriptsOf(
  { subject, platform }: Request,
  session: Session,
  problems: Problems,
): Promise<readonly Script[]> {
  if (subject.kind === "command") {
    const platforms: readonly ScriptPlatform[] =
      platform === "all" ? ["linux", "windows"] : [platform ?? "linux"];
    const read = platforms.map((on) => script("--command", () => subject.text, on, problems));
    return (await Promise.all(read)).flatMap((script) => script ?? []);
  }
  if (subject.kind !== "scripts") return [];
  const found: Script[] = [];
  for (const file of subject.files) {
    const on = platformOf(file) ?? (platform === "all" ? undefined : platform);
    if (on === undefined) {
      const expected = "expected a file ending in .sh or .ps1, or --platform linux or windows";
      problems.add("--script", `${expected}, got ${file}`);
    } else if (found.some((script) => script.platform === on)) {
      problems.add("--script", `expected one script for ${on}, got ${file} beside another`);
    } else {
      const content = () => readFileSync(resolve(session.folder, file));
      const read = await script(file, content, on, problems);
      if (read !== undefined) found.push(read);
    }
  }
  return found;
}

async function script(
  file: string,
  content: () => string | Uint8Array,
  platform: ScriptPlatform,
  problems: Problems,
): Promise<Script | undefined> {
  let read: Script;
  try {
    read = readScript(file, content(), platform);
  } catch (error) {
    if (error instanceof ScriptError) {
      for (const { line, reason } of error.problems) problems.add(`${file}:${line}`, reason);
    } else {
      const why = error instanceof Error ? error.message : String(error);
      problems.add("--script", `expected a file that can be read, got ${file}: ${why}`);
    }
    return undefined;
  }
  const mistake = await syntaxMistake(platform, read.text);
  if (mistake === undefined) return read;
  const shell = platform === "linux" ? "a shell script" : "a PowerShell script";
  problems.add(`${file}:${mistake.line}`, `expected ${shell} that parses: ${mistake.message}`);
  return undefined;
}

/** Both are one document, which gets the same parameters on every host. */
function checkSame(linux: Script, windows: Script, problems: Problems): void {
  if (JSON.stringify(linux.parameters) === JSON.stringify(windows.parameters)) return;
  const reason = `expected the parameters of ${linux.file}, as both are one document; make them the same`;
  problems.add(windows.file, reason);
}
