import * as z from "zod";
import type { Account } from "../../components/account.js";
import { documentNameProblem, packageDocumentName } from "../../components/names.js";
import type { Files } from "../../packing/executable.js";
import { readExecutable } from "../../packing/executable.js";
import type { ReadVariant } from "../../packing/variant.js";
import { architectures, operatingSystems } from "../../packing/variant.js";
import { shown } from "../../lib/problem.js";
import type { ConfigProblem } from "./error.js";
import { isRecord } from "../../lib/record.js";
import { accountId, expected, line, oneOf, take, text } from "./fields.js";
import { unknownFields } from "./unknown-fields.js";

/** Accounts by id, or `*` for all of the organisation. */
export type Share = "*" | readonly string[];

/** An entry of `fleet:packages` that is right: one variant, and whom its package is shared with. */
export interface PackageEntry {
  /** Where it is in the config: `fleet:packages[0]`. */
  readonly at: string;
  readonly read: ReadVariant;
  readonly share: Share;
}

/** What the checks of a package's fields depend on; undefined where that itself is wrong. */
export interface EntryContext {
  readonly account?: Account;
  readonly regions?: readonly string[];
  readonly prefix?: string;
  readonly files: Files;
}

/**
 * Checks one entry of `fleet:packages` and reads its files.
 *
 * @param at where it is, for the problems
 * @returns undefined when something is wrong, which is then among the problems
 */
export function takePackageEntry(
  at: string,
  entry: unknown,
  context: EntryContext,
  problems: ConfigProblem[],
): PackageEntry | undefined {
  const schema = entrySchema(context, isRecord(entry) && entry["os"] === "windows");
  const found = unknownFields(at, entry, Object.keys(schema.shape));
  const fields = take(at, entry, schema, found);
  problems.push(...found);
  if (!fields || found.length > 0) return undefined;
  const { share, executable, ...rest } = fields;
  const variant = { ...rest, executable: executable.path };
  return { at, share, read: { variant, files: executable.files } };
}

const versionText = text(
  /^[A-Za-z0-9_.-]{3,128}$/,
  "3-128 letters, digits, _, - or .",
  "write it in quotes, so that 1.10 does not become 1.1",
);
const oneLine = (what: string) => line(`one line that ${what}`);

const entrySchema = (context: EntryContext, forWindows: boolean) =>
  z.object(
    {
      name: nameText(context),
      version: versionText,
      executable: executableText(context, forWindows),
      os: oneOf(operatingSystems),
      architecture: oneOf(architectures),
      install: oneLine("installs the executable"),
      uninstall: oneLine("removes what install put there"),
      validate: oneLine("succeeds where the package works").optional(),
      secrets: secretNames.optional(),
      share: share(context),
    },
    expected("an object"),
  );

const nameText = (context: EntryContext) =>
  text(
    /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
    "letters, digits, _, - or ., the first a letter or digit",
  ).superRefine((name, issues) => {
    const message = nameProblem(name, context);
    if (message) issues.addIssue({ code: "custom", message });
  });

/** Where account, Regions or prefix are wrong themselves, a name can still be too long for the shortest of them. */
function nameProblem(name: string, context: EntryContext): string | undefined {
  const { account, regions, prefix } = context;
  if (account && regions && prefix) {
    return documentNameProblem(packageDocumentName(prefix, name), account, regions);
  }
  const least: Account = account ?? { id: "000000000000", partition: "aws" };
  const document = packageDocumentName(prefix ?? "p", name);
  if (!documentNameProblem(document, least, regions ?? ["us-east-1"])) return undefined;
  return `expected a shorter name, got one of ${name.length} characters; the ARN of its document, with account, Region and prefix, has at most 128`;
}

const executableText = ({ files }: EntryContext, forWindows: boolean) =>
  line("the path of a file or a folder, relative to the project").transform((path, issues) => {
    const read = readExecutable(path, forWindows, files);
    if ("files" in read) return { path, files: read.files };
    for (const message of read.problems) issues.addIssue({ code: "custom", message });
    return z.NEVER;
  });

/** What a script needs for itself, or gets from the agent and from AWS. */
const reserved =
  /^(SSM_|BWS_|AWS_|LD_)|^(PATH|HOME|SHELL|IFS|ENV|USER|TEMP|TMP|COMSPEC|PATHEXT|PSMODULEPATH|SYSTEMROOT|WINDIR|PROGRAMDATA)$/;

const secretNames = z
  .record(z.string(), z.unknown(), expected("an object of variables and names of parameters"))
  .transform((written, issues): Record<string, string> => {
    for (const [variable, parameter] of Object.entries(written)) {
      const message = secretProblem(variable, parameter);
      if (message) issues.addIssue({ code: "custom", path: [variable], message });
    }
    return Object.fromEntries(Object.entries(written).map(([key, value]) => [key, String(value)]));
  });

function secretProblem(variable: string, parameter: unknown): string | undefined {
  if (!/^[A-Z][A-Z0-9_]*$/.test(variable)) {
    return `expected a variable of letters A-Z, digits and _, got "${variable}"`;
  }
  if (reserved.test(variable)) {
    return `expected a variable of the package's own, got "${variable}"; the system, the agent or AWS give it a meaning`;
  }
  const name = typeof parameter === "string" ? parameter : "";
  if (!/^(\/[A-Za-z0-9_.-]+){1,15}$/.test(name) || name.length > 1000) {
    return `expected the name of an SSM parameter, beginning with / and of at most 15 levels, got ${shown(parameter)}`;
  }
  if (/^\/(aws|ssm)(\/|$)/i.test(name)) {
    return `expected a parameter of your own, got ${shown(parameter)}; AWS reserves /aws and /ssm`;
  }
  return undefined;
}

/** The accounts of `"1…, 2…"` or `["1…", "2…"]`, sorted and each once. */
export const listed = (share: unknown): unknown[] => [...new Set(asWritten(share))].sort();

function asWritten(share: unknown): unknown[] {
  const written: unknown = typeof share === "string" ? share.split(",") : (share ?? []);
  const list: unknown[] = Array.isArray(written) ? written : [written];
  const trimmed = list.map((id) => (typeof id === "string" ? id.trim() : id));
  return trimmed.filter((id) => id !== "");
}

const share = ({ account }: EntryContext) =>
  z
    .unknown()
    .prefault([])
    .transform((value, issues): Share => {
      if (value === "*") return "*";
      const written = asWritten(value);
      const twice = written.find((id, index) => written.indexOf(id) < index);
      if (twice !== undefined) {
        const message = `expected each account once, got ${shown(twice)} again; remove it`;
        issues.addIssue({ code: "custom", message });
      }
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
  if (isRecord(id) || !accountId.safeParse(id).success) {
    return `expected account ids of 12 digits or *, got ${found}; write them in quotes`;
  }
  if (id === own) return `expected other accounts, got ${found}, which owns the package; remove it`;
  return undefined;
}
