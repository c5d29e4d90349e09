import * as path from "node:path";
import { shown } from "../lib/problem.js";
import { scriptNames } from "./content.js";

/** What is at a path; links are not followed. */
export type Look =
  | { readonly kind: "file"; readonly size: number }
  | { readonly kind: "folder"; readonly names: readonly string[] }
  | { readonly kind: "link" | "other" };

/** The files of the project, by paths relative to it. */
export interface Files {
  /** Bytes of a file; undefined when there is none. */
  readonly read: (file: string) => Buffer | undefined;
  /** Undefined when there is nothing. */
  readonly look: (file: string) => Look | undefined;
}

/** Files to pack, by path at the root of the zip; or why they cannot be packed. */
export type ReadExecutable =
  { readonly files: ReadonlyMap<string, Buffer> } | { readonly problems: readonly string[] };

/**
 * Distributor's quotas for one zip. Those for a package, 20 zips and 20 GB, follow from them.
 * https://docs.aws.amazon.com/general/latest/gr/ssm.html
 */
const most = { files: 1000, bytes: 1024 ** 3 };

/** The generated scripts are files of the zip, too: four for Windows, three for Linux. */
const scripts = 4;

/** As many problems as a person reads; the rest is counted. */
const maxProblemsShown = 5;

/**
 * Reads what a variant installs: a file, or all files of a folder, sorted by path. What a zip cannot hold the same way on
 * every machine is refused: links, folders without files, devices.
 *
 * @param forWindows refuses names that Windows does not take
 */
export function readExecutable(
  executable: string,
  forWindows: boolean,
  { look, read }: Files,
): ReadExecutable {
  if (path.isAbsolute(executable) || path.normalize(executable).startsWith("..")) {
    return refused(`expected a path inside the project, got "${executable}"; copy it there`);
  }
  const top = look(executable);
  if (!top) return refused(`expected a file or a folder, found none at "${executable}"`);
  const found: Found = { files: [], problems: [] };
  if (top.kind === "folder") walk(executable, "", look, found);
  else take(executable, path.basename(executable), top, found);
  const names = forWindows ? windowsNames(found.files) : [];
  const problems = [...found.problems, ...names, ...excess(executable, found.files)];
  if (problems.length > 0) return refused(...problems);
  const inOrder = found.files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { files: new Map(inOrder.map(({ at, name }) => [name, read(at) ?? Buffer.alloc(0)])) };
}

interface Found {
  readonly files: { readonly at: string; readonly name: string; readonly size: number }[];
  readonly problems: string[];
}

function walk(top: string, below: string, look: Files["look"], found: Found): void {
  const folder = below === "" ? top : `${top}/${below}`;
  const entry = look(folder);
  const names = entry?.kind === "folder" ? entry.names : [];
  if (names.length === 0) {
    found.problems.push(
      `expected files, got an empty folder at "${folder}"; a zip of files has no place for it: put a file into it, or let the install line make it`,
    );
  }
  for (const child of [...names].sort()) {
    const name = below === "" ? child : `${below}/${child}`;
    const inside = look(`${top}/${name}`);
    if (inside?.kind === "folder") walk(top, name, look, found);
    else take(`${top}/${name}`, name, inside, found);
  }
}

function take(at: string, name: string, entry: Look | undefined, { files, problems }: Found): void {
  if (entry?.kind !== "file") {
    const kind = entry?.kind === "link" ? "a symbolic link" : "something else";
    problems.push(
      `expected files and folders, got ${kind} at "${at}"; put the file itself there, or let the install line link it`,
    );
  } else if (scriptNames.includes(name.toLowerCase())) {
    problems.push(`expected another file name than that of a generated script, got "${at}"`);
  } else if (/[\p{Cc}\\]/u.test(name)) {
    problems.push(
      `expected a file name without control characters and backslashes, got ${shown(at)}`,
    );
  } else {
    files.push({ at, name, size: entry.size });
  }
}

/** Names that Windows refuses, or considers equal. */
function windowsNames(files: Found["files"]): string[] {
  const seen = new Map<string, string>();
  return files.flatMap(({ at, name }) => {
    const twin = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), at);
    if (twin !== undefined) {
      return [
        `expected names that differ in more than their case, got "${at}" beside "${twin}"; to Windows they are one`,
      ];
    }
    if (!/[<>:"|?*]|[. ](\/|$)/.test(name)) return [];
    return [
      `expected a file name that Windows takes, got "${at}"; it takes none with < > : " | ? * or a dot or blank at the end`,
    ];
  });
}

function excess(executable: string, files: Found["files"]): string[] {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const problems: string[] = [];
  if (files.length > 0 && bytes === 0) {
    problems.push(`expected an executable, got an empty file at "${executable}"`);
  }
  if (files.length > most.files - scripts) {
    problems.push(
      `expected at most ${most.files - scripts} files, got ${files.length} in "${executable}"; Distributor takes ${most.files} with the generated scripts: pack them into one archive that the install line unpacks`,
    );
  }
  if (bytes > most.bytes) {
    problems.push(
      `expected at most 1 GB, got ${(bytes / most.bytes).toFixed(1)} GB in "${executable}"; that is Distributor's limit for a zip, and this counts before compression`,
    );
  }
  return problems;
}

function refused(...problems: string[]): ReadExecutable {
  const left = problems.length - maxProblemsShown;
  const more = left > 0 ? [`and ${left} more of the kind`] : [];
  return { problems: [...problems.slice(0, maxProblemsShown), ...more] };
}
