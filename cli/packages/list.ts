import { compare } from "../../packing/lock-file.js";
import { variantKey } from "../../packing/variant.js";
import type { PackageConfig } from "../../stacks/config.js";
import { isRecord } from "../../lib/record.js";
import type { Session } from "../session.js";
import { readStackFile } from "../stack-file.js";
import { stackOutputs } from "../stack-outputs.js";
import { table } from "../table.js";
import type { LogStack } from "./log-stack.js";
import { logStackOf } from "./log-stack.js";

export interface ListOptions {
  readonly stack: string;
  readonly published?: boolean;
  readonly json?: boolean;
}

/** A package as it is listed. */
interface Listed {
  readonly name: string;
  readonly version: string;
  readonly variants: readonly string[];
  readonly share: "*" | readonly string[];
  /** `locked`, or the remedy. */
  readonly lock: string;
  /** The version that the stack publishes; null: none. Only where it was asked for. */
  readonly published?: string | null;
}

/** Lists the packages of a log stack, with what the lock says of them, and on request what is published. */
export async function list(options: ListOptions, session: Session): Promise<void> {
  const stack = logStackOf(session.project, readStackFile(session.project, options.stack));
  const published =
    options.published === true ? await publishedBy(session, options.stack) : undefined;
  const declared = stack.config.packages.map((config) => listed(config, stack, published));
  const undeclared = Object.entries(published ?? {})
    .filter(([name]) => !declared.some((declaration) => declaration.name === name))
    .map(([name, version]) => ({
      name,
      version: "",
      variants: [],
      share: [],
      lock: "not declared",
      published: version,
    }));
  const packages: Listed[] = [...declared, ...undeclared];
  if (options.json === true) {
    session.print(`${JSON.stringify({ stack: options.stack, packages }, undefined, 2)}\n`);
  } else if (packages.length === 0) {
    session.print(`stack ${options.stack} declares no packages; fleet packages add adds one\n`);
  } else {
    const heads = ["PACKAGE", "VERSION", "VARIANTS", "SHARED WITH", "LOCK"];
    const all = published === undefined ? heads : [...heads, "PUBLISHED"];
    session.print(table(all, packages.map(rowOf), session.isTerminal));
  }
}

function listed(
  config: PackageConfig,
  { lock }: LogStack,
  published: Readonly<Record<string, string>> | undefined,
): Listed {
  const comparison = compare(lock, config);
  const says =
    comparison === "same"
      ? "locked"
      : comparison === "new"
        ? "not locked: npm run packages:lock"
        : `changed without a change of version: ${comparison.changed.join(", ")}`;
  return {
    name: config.name,
    version: config.version,
    variants: config.variants.map(({ variant }) => variantKey(variant)),
    share: config.share,
    lock: says,
    ...(published !== undefined && { published: published[config.name] ?? null }),
  };
}

function rowOf({ name, version, variants, share, lock, published }: Listed): string[] {
  const accounts = share === "*" ? "the organisation" : share.join(", ") || "nobody";
  const live =
    published === undefined
      ? []
      : [published === null ? "no" : published === version ? "yes" : published];
  return [name, version, variants.join(", "), accounts, lock, ...live];
}

/** Name to version of what the stack's last deployment published. */
async function publishedBy(
  session: Session,
  stack: string,
): Promise<Readonly<Record<string, string>>> {
  const { packages } = await stackOutputs(session, stack);
  if (!isRecord(packages)) return {};
  const versions = Object.entries(packages).map(([name, details]) => [
    name,
    isRecord(details) ? String(details["version"]) : "",
  ]);
  return Object.fromEntries(versions) as Record<string, string>;
}
