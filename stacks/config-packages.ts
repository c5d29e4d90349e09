import * as path from "node:path";
import * as z from "zod";
import { Account } from "../components/account";
import { documentNameProblem, packageDocumentName } from "../components/names";
import { ReadVariant, scriptNames } from "../packages/content";
import { changedSentence, compare, Lock } from "../packages/lock-file";
import { architectures, operatingSystems } from "../packages/variant";
import { shown } from "../runbooks/problem";
import { ConfigProblem } from "./config-error";
import { accountId, expected, isRecord, line, oneOf, take, text } from "./fields";
import { unknownFields } from "./unknown-fields";

/** Accounts by id, or `*` for all of the organisation. */
export type Share = "*" | readonly string[];

/** One version of a package with all its variants and the bytes of their executables. */
export interface PackageConfig {
  readonly name: string;
  readonly version: string;
  readonly share: Share;
  readonly variants: readonly ReadVariant[];
}

/** What the checks of a package's fields depend on; undefined where that itself is wrong. */
export interface PackageContext {
  readonly account?: Account;
  readonly regions?: readonly string[];
  readonly prefix?: string;
  /** Bytes of a file by its path relative to the project; undefined when there is none. */
  readonly read: (file: string) => Buffer | undefined;
  /** What published versions hold; undefined for the tool that writes the lock. */
  readonly lock?: Lock;
  /** The lock's path, for messages. */
  readonly lockFile: string;
}

const key = "fleet:packages";

/** SSM's limit of attachments of a document; each variant is one. */
const maxVariants = 20;

/** Reads `fleet:packages`: entries with the same name are the variants of one package. */
export function takePackages(
  entries: readonly unknown[],
  context: PackageContext,
  problems: ConfigProblem[],
): PackageConfig[] {
  const schema = entrySchema(context);
  const sound: Entry[] = [];
  const unsound = new Set<unknown>();
  for (const [index, entry] of entries.entries()) {
    const at = `${key}[${index}]`;
    const found = unknownFields(at, entry, Object.keys(schema.shape));
    const fields = take(at, entry, schema, found);
    found.push(...conflicts(entry, entries.slice(0, index), at));
    problems.push(...found);
    if (fields && found.length === 0) sound.push({ ...fields, at });
    else unsound.add(isRecord(entry) ? entry["name"] : undefined);
  }
  // Half a package would seem to have changed.
  const groups = [...grouped(sound)].filter(([name]) => !unsound.has(name));
  return groups.map(([, group]) => packageOf(group, context, problems));
}

type Entry = z.output<ReturnType<typeof entrySchema>> & { readonly at: string };
type Group = [Entry, ...Entry[]];

function grouped(entries: readonly Entry[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const group = groups.get(entry.name);
    if (group) group.push(entry);
    else groups.set(entry.name, [entry]);
  }
  return groups;
}

/** Puts the variants of a package together and compares them with the lock. */
function packageOf(
  group: Group,
  { lock, lockFile }: PackageContext,
  problems: ConfigProblem[],
): PackageConfig {
  const { at, name, version, share } = group[0];
  const variants = group.map(({ os, architecture, install, uninstall, executable }) => ({
    variant: { name, version, os, architecture, install, uninstall, executable: executable.path },
    executable: executable.bytes,
  }));
  const of = { name, version, share, variants };
  if (group.length > maxVariants) {
    const reason = `expected at most ${maxVariants} variants of ${name}, got ${group.length}; AWS attaches no more files to a document`;
    problems.push({ key: at, reason });
  }
  const comparison = lock ? compare(lock, of) : "same";
  if (comparison === "new") {
    const reason = `expected a version of ${name} that ${lockFile} knows, got "${version}"; run npm run packages:lock and commit the file`;
    problems.push({ key: `${at}.version`, reason });
  } else if (comparison !== "same") {
    problems.push({ key: at, reason: changedSentence(of, comparison.changed) });
  }
  return of;
}

/**
 * What contradicts an entry further up. One version of a package at a time, because one SSM document
 * has one content; AWS keeps the versions that it replaced.
 */
function conflicts(entry: unknown, earlier: readonly unknown[], at: string): ConfigProblem[] {
  if (!isRecord(entry) || typeof entry["name"] !== "string") return [];
  const index = earlier.findIndex((other) => isRecord(other) && other["name"] === entry["name"]);
  const first = earlier[index];
  if (!isRecord(first)) return [];
  const problems: ConfigProblem[] = [];
  const name = entry["name"];
  const where = `packages[${index}]`;
  if (entry["version"] !== first["version"]) {
    const found = `expected ${shown(first["version"])} as in ${where}, got ${shown(entry["version"])}`;
    const remedy = `a stack publishes one version of a package at a time, and AWS keeps the ones before: leave the newest`;
    problems.push({ key: `${at}.version`, reason: `${found}; ${remedy}` });
  }
  if (String(listed(entry["share"])) !== String(listed(first["share"]))) {
    const reason = `expected the same accounts as in ${where}; the variants of ${name} are one document, shared as one`;
    problems.push({ key: `${at}.share`, reason });
  }
  const identity = ["name", "version", "os", "architecture"];
  const same = (other: unknown) =>
    isRecord(other) && identity.every((field) => other[field] === entry[field]);
  const twin = earlier.findIndex(same);
  if (twin >= 0) {
    const variant = `${name} ${String(entry["version"])} for ${String(entry["os"])}/${String(entry["architecture"])}`;
    const reason = `expected each variant once, got ${variant} again, after packages[${twin}]; remove one of them`;
    problems.push({ key: at, reason });
  }
  return problems;
}

const versionText = text(
  /^[A-Za-z0-9_.-]{3,128}$/,
  "3-128 letters, digits, _, - or .",
  "write it in quotes, so that 1.10 does not become 1.1",
);
const oneLine = (what: string) => line(`one line that ${what}`);

const entrySchema = (context: PackageContext) =>
  z.object(
    {
      name: nameText(context),
      version: versionText,
      executable: executableOf(context),
      os: oneOf(operatingSystems),
      architecture: oneOf(architectures),
      install: oneLine("installs the executable"),
      uninstall: oneLine("removes what install put there"),
      share: share(context),
    },
    expected("an object"),
  );

const nameText = ({ account, regions, prefix }: PackageContext) =>
  text(
    /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
    "letters, digits, _, - or ., the first a letter or digit",
  ).superRefine((name, issues) => {
    if (!account || !regions || !prefix) return;
    const message = documentNameProblem(packageDocumentName(prefix, name), account, regions);
    if (message) issues.addIssue({ code: "custom", message });
  });

const executableOf = ({ read }: PackageContext) =>
  line("the path of a file, relative to the project").transform((file, issues) => {
    const fail = (reason: string) => {
      issues.addIssue({ code: "custom", message: reason });
      return z.NEVER;
    };
    if (path.isAbsolute(file) || path.normalize(file).startsWith("..")) {
      return fail(`expected a path inside the project, got "${file}"; copy the file into it`);
    }
    if (scriptNames.includes(path.basename(file))) {
      return fail(`expected another file name than that of a generated script, got "${file}"`);
    }
    const bytes = read(file);
    if (!bytes) return fail(`expected a file, found none at "${file}"`);
    if (bytes.length === 0) return fail(`expected an executable, got an empty file at "${file}"`);
    return { path: file, bytes };
  });

/** The accounts of `"1…, 2…"` or `["1…", "2…"]`, sorted and each once. */
function listed(share: unknown): unknown[] {
  const written: unknown = typeof share === "string" ? share.split(",") : (share ?? []);
  const list: unknown[] = Array.isArray(written) ? written : [written];
  const trimmed = list.map((id) => (typeof id === "string" ? id.trim() : id));
  return [...new Set(trimmed.filter((id) => id !== ""))].sort();
}

const share = ({ account }: PackageContext) =>
  z.unknown().transform((value, issues): Share => {
    if (value === "*") return "*";
    return listed(value).map((id) => {
      const message = shareProblem(id, account?.id);
      if (message) issues.addIssue({ code: "custom", message });
      return String(id);
    });
  });

function shareProblem(id: unknown, own: string | undefined): string | undefined {
  const found = shown(id);
  if (typeof id === "string" && id.toLowerCase() === "all") {
    return `expected account ids, got ${found}, which would publish the package to everyone; * shares it with the organisation`;
  }
  if (!accountId.safeParse(id).success) {
    return `expected account ids of 12 digits or *, got ${found}; write them in quotes`;
  }
  if (id === own)
    return `expected other accounts, got ${found}, which owns the package; take it away`;
  return undefined;
}
